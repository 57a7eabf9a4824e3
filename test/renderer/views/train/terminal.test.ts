import { expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { UnrollError } from '../../../../app/errors';
import { shelf } from '../../support/shelf';
import { openWindow } from '../../support/openWindow';

test('the page says what the listening model knows', async () => {
  await openWindow(shelf([]), 'train/terminal');
  await expect.element(page.getByRole('main')).toHaveTextContent('English digits, one by one or in strings');
});

test('the training command names recipe, data and run folder', async () => {
  await openWindow(shelf([]), 'train/terminal');
  await expect
    .element(page.getByText('unroll -- train --config my-words.json --data my-words.tsv --out runs/my-words'))
    .toBeVisible();
});

/** What the button saves now. */
async function savedConfig(): Promise<{ name: string; config: unknown }> {
  const saved: { name: string; url: string }[] = [];
  const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    saved.push({ name: this.download, url: this.href });
  });
  await page.getByRole('button', { name: 'Save my-words.json' }).click();
  click.mockRestore();
  const [{ name, url }] = saved as [{ name: string; url: string }];
  return { name, config: await (await fetch(url)).json() };
}
const layersOfSaved = async (): Promise<unknown> =>
  ((await savedConfig()).config as { network: { layers: unknown } }).network.layers;

test('the words that are typed are saved as a training configuration', async () => {
  await openWindow(shelf([]), 'train/terminal');
  await page.getByRole('textbox', { name: 'Your words' }).fill('Left, right');
  const { name, config } = await savedConfig();
  expect(name).toBe('my-words.json');
  expect(config).toMatchObject({ id: 'my-words', vocabulary: ['left', 'right'] });
});

test('a network to begin with is saved with its layers', async () => {
  await openWindow(shelf([]), 'train/terminal');
  await page.getByRole('textbox', { name: 'Your words' }).fill('left right');
  const lstm = (direction: string) => ({ cell: 'lstm', units: 128, direction });
  expect(await layersOfSaved()).toEqual([lstm('forward'), lstm('forward')]);
  await expect.element(page.getByText('It can write while you speak.')).toBeVisible();
  await page.getByRole('radio', { name: 'Accurate, reads both ways' }).click();
  expect(await layersOfSaved()).toEqual([lstm('bidirectional'), lstm('bidirectional')]);
  await expect.element(page.getByText('It hears a recording to its end')).toBeVisible();
});

test.each([
  ['Elman', { cell: 'elman', direction: 'bidirectional' }, 'Elman 1990'],
  ['Jordan', { cell: 'jordan', direction: 'bidirectional', outputs: 16 }, 'Jordan 1986'],
  ['LSTM', { cell: 'lstm', direction: 'bidirectional' }, 'Hochreiter & Schmidhuber 1997'],
  ['LSTM with peepholes', { cell: 'lstm', direction: 'bidirectional', peepholes: true }, 'Gers & Schmidhuber 2000'],
  ['GRU', { cell: 'gru', direction: 'bidirectional' }, 'Cho et al. 2014'],
  ['Clockwork', { cell: 'clockwork', direction: 'bidirectional', periods: [1, 2, 4, 8] }, 'Koutník'],
  ['SCRN', { cell: 'scrn', direction: 'bidirectional', contextUnits: 16 }, 'Mikolov et al. 2014'],
])(
  '%s is saved in as many layers of as many units as were chosen, with its paper beside it',
  async (cell, layer, paper) => {
    await openWindow(shelf([]), 'train/terminal');
    await page.getByRole('textbox', { name: 'Your words' }).fill('left right');
    await page
      .getByLabelText('Cell', { exact: true })
      .selectOptions(page.getByRole('option', { name: cell, exact: true }));
    await page.getByLabelText('Layers').selectOptions('3');
    await page.getByLabelText('Units in a layer').selectOptions('64');
    await page.getByRole('radio', { name: 'Both ways', exact: true }).click();
    expect(await layersOfSaved()).toEqual(Array.from({ length: 3 }, () => ({ units: 64, ...layer })));
    await expect.element(page.getByRole('radio', { name: 'Your own' })).toBeChecked();
    await expect.element(page.getByText(paper)).toBeVisible();
  },
);

test('a feed-forward network is asked for no direction', async () => {
  await openWindow(shelf([]), 'train/terminal');
  await page.getByRole('textbox', { name: 'Your words' }).fill('left right');
  await page.getByRole('radio', { name: 'Accurate, reads both ways' }).click();
  await page.getByLabelText('Cell', { exact: true }).selectOptions('feedForward');
  await expect.element(page.getByRole('radiogroup', { name: 'Reads' })).not.toBeInTheDocument();
  const layer = { cell: 'feedForward', units: 128, activation: 'tanh' };
  expect(await layersOfSaved()).toEqual([layer, layer]);
});

test('the network is chosen by keyboard', async () => {
  await openWindow(shelf([]), 'train/terminal');
  await expect.element(page.getByRole('radio', { name: 'Small and live' })).toBeChecked();
  page.getByRole('radio', { name: 'Small and live' }).element().focus();
  await userEvent.keyboard('{ArrowRight}');
  await expect.element(page.getByRole('radio', { name: 'Accurate, reads both ways' })).toBeChecked();
  await expect.element(page.getByRole('radio', { name: 'Both ways', exact: true })).toBeChecked();
});

test('the size of the network follows words and layers as the engine counts them', async () => {
  await openWindow(shelf([]), 'train/terminal');
  const network = page.getByRole('region', { name: 'The network' });
  await expect.element(network).toHaveTextContent('2,000 weights');
  await page.getByRole('textbox', { name: 'Your words' }).fill('left right hold');
  await expect.element(network).toHaveTextContent('5,000 weights');
  await page.getByLabelText('Layers').selectOptions('4');
  await expect.element(network).toHaveTextContent('7,000 weights');
  expect(network.getByText('LSTM, 128 units').elements()).toHaveLength(4);
});

test('where the engine cannot count, the page says why and asks again', async () => {
  const bridge = shelf([]);
  bridge.answer('network.describe', () => {
    throw new UnrollError('engine.restarting');
  });
  await openWindow(bridge, 'train/terminal');
  const retry = page.getByRole('button', { name: 'Try again' });
  await expect.element(retry).toBeVisible();
  bridge.answer('network.describe', () => ({ parameters: 42, parts: [20, 20, 2] }));
  await retry.click();
  await expect.element(page.getByRole('region', { name: 'The network' })).toHaveTextContent('42 weights');
});

test('the example of a list is made of those words', async () => {
  await openWindow(shelf([]), 'train/terminal');
  await page.getByRole('textbox', { name: 'Your words' }).fill('north south');
  await expect.element(page.getByLabelText('Example of a list')).toHaveTextContent('take-002.wav south');
});
