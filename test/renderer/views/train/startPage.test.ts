import { describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { UnrollError } from '../../../../app/errors';
import { sampleConfig } from '../../../../app/starterConfig';
import { openWindow } from '../../support/openWindow';
import { runShelf, statusOf } from '../../support/runShelf';
import { FRONT_END, MODEL } from '../../support/scriptedEngine';

const layersOf = (body: { config: { network: { layers: unknown } } } | undefined): unknown =>
  body?.config.network.layers;
const begin = () => page.getByRole('button', { name: 'Begin to learn' });

test('where there is no run yet, the sample set is opened with one click and can be learned', async () => {
  const { bridge } = runShelf([]);
  await openWindow(bridge, 'train');
  await expect.element(begin()).toHaveAttribute('aria-disabled', 'true');
  await page.getByRole('button', { name: 'Use the sample set' }).click();
  await expect.element(page.getByText('120 recordings')).toBeVisible();
  await begin().click();
  await expect.poll(() => bridge.bodiesOf('runs.start')).toHaveLength(1);
  const [body] = bridge.bodiesOf('runs.start');
  expect(body).toMatchObject({ name: 'Sample set, LSTM 1 × 128', setId: 'sample', fromModelId: null });
  const { vocabulary, training } = sampleConfig();
  expect(body!.config).toMatchObject({ vocabulary, training });
  await expect.element(page.getByTestId('run-state')).toHaveTextContent('Waiting');
});

test('before it begins the person sees the time, the symbols, and that there is too little', async () => {
  await openWindow(runShelf().bridge, 'train/new');
  const expected = page.getByRole('region', { name: 'What to expect' });
  await expect.element(expected).toHaveTextContent('2 min');
  await expect.element(expected).toHaveTextContent('12, advised 30');
  await expect.element(expected).toHaveTextContent('␣enortwz');
  await expect.element(expected).toHaveTextContent('With fewer than 30 recordings of each word');
});

test('advice is there at once, its time when it has been tried', async () => {
  const { bridge } = runShelf();
  const tried: ((reply: { seconds: number }) => void)[] = [];
  bridge.answer('runs.expectedTime', () => new Promise((answer) => tried.push(answer)));
  await openWindow(bridge, 'train/new');
  const expected = page.getByRole('region', { name: 'What to expect' });
  await expect.element(expected).toHaveTextContent('being tried out');
  await expect.element(expected).toHaveTextContent('12, advised 30');
  await expect.poll(() => tried).toHaveLength(1);
  tried[0]!({ seconds: 240 });
  await expect.element(expected).toHaveTextContent('4 min');
});

test('layers are added, changed, moved and removed, and their weights are counted', async () => {
  const { bridge } = runShelf();
  await openWindow(bridge, 'train/new');
  const size = page.getByRole('complementary').getByRole('region', { name: 'The network' });
  await page.getByRole('button', { name: 'Add a layer' }).click();
  await expect.poll(() => bridge.bodiesOf('network.describe').at(-1)?.layers).toHaveLength(3);
  await page.getByLabelText('Layer 3: Cell').selectOptions('gru');
  await page.getByLabelText('Layer 3: units').fill('64');
  await userEvent.keyboard('{Tab}');
  await page.getByRole('button', { name: 'Move Layer 3 up' }).click();
  await page.getByRole('button', { name: 'Remove Layer 1' }).click();
  await expect.element(size).toHaveTextContent('GRU, 64 units');
  await begin().click();
  await expect
    .poll(() => layersOf(bridge.bodiesOf('runs.start')[0]))
    .toEqual([
      { cell: 'gru', units: 64, direction: 'forward' },
      { cell: 'lstm', units: 128, direction: 'forward' },
    ]);
  expect(bridge.bodiesOf('network.describe').at(-1)?.symbols).toEqual([...' enortwz']);
});

test('the options of a layer are part of what is learned', async () => {
  const { bridge } = runShelf();
  await openWindow(bridge, 'train/new');
  await page.getByLabelText('Layer 1: Reads').selectOptions('bidirectional');
  await page.getByRole('button', { name: 'Options of Layer 1' }).click();
  await page.getByLabelText('Layer 1: Both readings are').selectOptions('sum');
  await page.getByRole('switch', { name: 'Layer 1: First memory is learned' }).click();
  await page.getByRole('switch', { name: 'Layer 1: Layer normalisation' }).click();
  await begin().click();
  await expect
    .poll(() => layersOf(bridge.bodiesOf('runs.start')[0]))
    .toEqual([
      {
        cell: 'lstm',
        units: 128,
        direction: 'bidirectional',
        merge: 'sum',
        initialState: 'learned',
        layerNormalisation: true,
      },
      { cell: 'lstm', units: 128, direction: 'forward' },
    ]);
});

test('there is a network to begin with of every cell', async () => {
  const { bridge } = runShelf();
  await openWindow(bridge, 'train/new');
  for (const cell of ['feedForward', 'elman', 'jordan', 'lstmPeepholes', 'gru', 'clockwork', 'scrn'] as const) {
    await page.getByLabelText('Begin with', { exact: true }).selectOptions(cell);
    const wanted = cell === 'lstmPeepholes' ? 'lstm' : cell;
    await expect.poll(() => bridge.bodiesOf('network.describe').at(-1)?.layers[0]?.cell).toBe(wanted);
  }
});

test('a number outside its bounds is marked and not taken', async () => {
  const { bridge } = runShelf();
  await openWindow(bridge, 'train/new');
  const epochs = page.getByRole('spinbutton', { name: 'Epochs', exact: true });
  await epochs.fill('0');
  await expect.element(epochs).toHaveAttribute('aria-invalid', 'true');
  await epochs.fill('12');
  await expect.element(epochs).toHaveAttribute('aria-invalid', 'false');
  await begin().click();
  await expect.poll(() => bridge.bodiesOf('runs.start')[0]?.config.training.epochs).toBe(12);
});

test('a changed number goes back to what is usual', async () => {
  await openWindow(runShelf().bridge, 'train/new');
  const epochs = page.getByRole('spinbutton', { name: 'Epochs', exact: true });
  await epochs.fill('12');
  await page.getByRole('button', { name: 'Epochs: back to 60' }).click();
  await expect.element(epochs).toHaveValue(60);
});

test('a learning rate is looked for and taken', async () => {
  const { bridge } = runShelf();
  await openWindow(bridge, 'train/new');
  await page.getByRole('button', { name: 'Find a learning rate' }).click();
  await page.getByRole('button', { name: /^Use 4\.2/ }).click();
  await expect.element(page.getByRole('spinbutton', { name: 'Learning rate', exact: true })).toHaveValue(0.0042);
  expect(bridge.bodiesOf('runs.findRate')).toMatchObject([{ setId: 'sample' }]);
});

test('the last epoch may be kept instead of the best', async () => {
  const { bridge } = runShelf();
  await openWindow(bridge, 'train/new');
  await page.getByText('All settings').click();
  await page.getByLabelText('Weights of the model').selectOptions('of the last epoch');
  await begin().click();
  await expect.poll(() => bridge.bodiesOf('runs.start')[0]?.config.training.keeps).toBe('last');
});

test('a disturbance is switched off', async () => {
  const { bridge } = runShelf();
  await openWindow(bridge, 'train/new');
  await page.getByRole('switch', { name: 'Noise', exact: true }).click();
  await begin().click();
  await expect.poll(() => bridge.bodiesOf('runs.start')[0]?.config.augmentation.noiseChance).toBe(0);
});

describe('a run that begins with a model', () => {
  const openWith = async () => {
    const { bridge } = runShelf();
    await openWindow(bridge, 'train/new');
    await page.getByRole('button', { name: 'Make “Digits, streaming” hear my voice' }).click();
    await expect.element(page.getByLabelText('Its weights begin from')).toHaveValue('digits');
    return bridge;
  };

  test('takes over its front end, words and network with one click, and learns in smaller steps', async () => {
    const bridge = await openWith();
    await begin().click();
    await expect.poll(() => bridge.bodiesOf('runs.start')).toHaveLength(1);
    const { fromModelId, config, name } = bridge.bodiesOf('runs.start')[0]!;
    expect({ fromModelId, name }).toEqual({ fromModelId: 'digits', name: 'Sample set, Digits, streaming' });
    expect(config.frontEnd).toEqual(FRONT_END);
    expect(config.network).toMatchObject({ dropout: 0.4, layers: [{ cell: 'lstm', units: 128 }] });
    expect(config.vocabulary).toEqual(MODEL.card.words);
    expect(config.licence).toEqual(MODEL.card.licence);
    expect(config.training.learningRate).toBe(0.001);
  });

  test('says before it begins what is kept and what is new', async () => {
    const bridge = await openWith();
    const kept = page.getByRole('region', { name: 'What stays of “Digits, streaming”' });
    await expect.element(kept).toHaveTextContent('its one layer is kept');
    await expect.element(kept).toHaveTextContent('kept for all symbols');
    await expect.element(kept).toHaveTextContent('no longer write f g h i s u v x:');
    expect(bridge.bodiesOf('runs.advise').at(-1)).toMatchObject({ fromModelId: 'digits' });
    await expect.element(page.getByText(/With fewer than 30 recordings/)).not.toBeInTheDocument();
  });

  test('keeps its first layer locked; others may be put on it', async () => {
    await openWith();
    const layers = page.getByRole('list', { name: 'The network' }).getByRole('listitem');
    await expect.element(layers.first()).toHaveTextContent('LSTM, 128 units kept');
    expect(layers.first().element().querySelectorAll('button, input, select')).toHaveLength(0);
    await page.getByRole('button', { name: 'Add a layer' }).click();
    await expect
      .element(page.getByRole('button', { name: 'Move Layer 2 up' }))
      .toHaveAttribute('aria-disabled', 'true');
    await page.getByRole('button', { name: 'As in the model' }).click();
    await expect.poll(() => layers.elements().length).toBe(1);
  });

  test('can leave layers as the model has them', async () => {
    const bridge = await openWith();
    const layers = page.getByRole('list', { name: 'The network' }).getByRole('listitem');
    await expect.element(layers.first()).toHaveTextContent('LSTM, 128 units kept');
    await page.getByLabelText('Frozen layers').selectOptions('all: only the output learns');
    await expect.element(layers.first()).toHaveTextContent('LSTM, 128 units frozen');
    await begin().click();
    await expect.poll(() => bridge.bodiesOf('runs.start')[0]?.config.training.frozenLayers).toBe(1);
  });

  test('can learn the words of the data instead of its own', async () => {
    const bridge = await openWith();
    await page.getByLabelText('It learns', { exact: true }).selectOptions('data');
    await begin().click();
    await expect.poll(() => bridge.bodiesOf('runs.start')[0]?.config.vocabulary).toBe(null);
  });

  test('is given up for chance, and the form is as it was', async () => {
    const { bridge } = runShelf();
    await openWindow(bridge, 'train/new');
    await page.getByRole('spinbutton', { name: 'Epochs', exact: true }).fill('12');
    await page.getByLabelText('Its weights begin from').selectOptions('digits');
    await expect.element(page.getByRole('spinbutton', { name: 'Learning rate', exact: true })).toHaveValue(0.001);
    await page.getByLabelText('Its weights begin from').selectOptions('');
    await begin().click();
    await expect
      .poll(() => bridge.bodiesOf('runs.start')[0])
      .toMatchObject({ fromModelId: null, config: { training: { epochs: 12, learningRate: 0.003 } } });
  });
});

test('what the engine refuses is said, and the page stays', async () => {
  const { bridge } = runShelf();
  bridge.answer('runs.start', () => {
    throw new UnrollError('run.tooMany', { most: 100 });
  });
  await openWindow(bridge, 'train/new');
  await begin().click();
  await expect.element(page.getByText(/100 runs are kept already/)).toBeVisible();
});

test('runs that wait change places by keys', async () => {
  const waiting = (id: string, place: number) => statusOf({ id, name: id, state: 'queued', place, progress: null });
  const { bridge } = runShelf([statusOf(), waiting('first', 0), waiting('second', 1)]);
  await openWindow(bridge, 'train/digits');
  await page.getByRole('button', { name: 'second: learn earlier' }).click();
  await expect.poll(() => bridge.bodiesOf('runs.move')).toEqual([{ runId: 'second', beforeRunId: 'first' }]);
  const queue = page.getByRole('region', { name: 'Waiting' });
  await expect.element(queue.getByRole('listitem').first()).toHaveTextContent('second');
});

test('behind every figure is its table', async () => {
  await openWindow(runShelf().bridge, 'train');
  const cursor = page.getByRole('slider', { name: 'Step in view of the cursor' });
  await expect.element(cursor).toHaveAttribute('aria-valuemax', '4185');
  cursor.element().focus();
  await userEvent.keyboard('t');
  const sheet = page.getByRole('dialog', { name: 'Figures as a table' });
  await expect.element(sheet).toHaveTextContent('One in 21 steps in view.');
  await sheet.getByRole('radio', { name: 'Gradient norm' }).click();
  await expect.element(sheet.getByRole('row').nth(1)).toHaveTextContent('2,91241.78.3');
  await sheet.getByRole('radio', { name: 'Errors' }).click();
  await expect.element(sheet.getByRole('row').nth(1)).toHaveTextContent('✓');
});

test('the loss is heard as a tone, and the cursor goes with it', async () => {
  await openWindow(runShelf().bridge, 'train');
  const cursor = page.getByRole('slider', { name: 'Step in view of the cursor' });
  await expect.element(cursor).toHaveAttribute('aria-valuemax', '4185');
  cursor.element().focus();
  await userEvent.keyboard('s');
  await expect.poll(() => Number(cursor.element().getAttribute('aria-valuenow'))).toBeLessThan(2_000);
  await expect.poll(() => Number(cursor.element().getAttribute('aria-valuenow'))).toBeGreaterThan(100);
  await userEvent.keyboard('s');
});
