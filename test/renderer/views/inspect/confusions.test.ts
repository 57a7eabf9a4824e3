import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { openInspect } from '../../support/inspectPage';

const panel = page.getByTestId('confusions');
const cells = panel.getByRole('gridcell');
const read = async () => {
  const bridge = await openInspect({}, 'inspect/statistics');
  await panel.getByRole('button', { name: 'Read them' }).click();
  await expect.element(panel.getByRole('status')).toHaveTextContent('3 sounds read. 1 sound has no text');
  return bridge;
};

test('sounds whose text is known are read, and every pair of what was said and read has its cell', async () => {
  const bridge = await read();
  expect(bridge.bodiesOf('inspection.survey').map(({ task }) => task)).toEqual([{ kind: 'confusions' }]);
  expect(cells.elements().length).toBe(16);
  await expect
    .element(panel.getByRole('gridcell', { name: 'Said: no. Read: yes. 1 times, 50' }))
    .toHaveAttribute('tabindex', '0');
});

test('arrow keys go from cell to cell, and Enter lists the sounds of one', async () => {
  await read();
  const worst = panel.getByRole('gridcell', { name: 'Said: no. Read: yes.' });
  (worst.element() as SVGElement).focus();
  await userEvent.keyboard('{ArrowDown}{ArrowRight}');
  await expect.element(panel.getByRole('gridcell', { name: 'Said: yes. Read: left out. 1 times, 33' })).toHaveFocus();
  await userEvent.keyboard('{Enter}');
  const places = page.getByTestId('confused-places');
  await expect.element(places.getByRole('listitem')).toHaveTextContent('yes no no clip-1.wav, 0:00.00');
  await userEvent.keyboard('{End}{Home}');
  await expect.element(panel.getByRole('gridcell', { name: 'Said: yes. Read: go.' })).toHaveFocus();
});

test('a sound of a cell is opened where the pair is', async () => {
  await read();
  await userEvent.click(panel.getByRole('gridcell', { name: 'Said: no. Read: yes.' }));
  await page.getByTitle('Look inside clip-0.wav, 0:00.90').click();
  await expect.poll(() => location.hash).toBe('#inspect/row:small:0@900-1200');
});

test('the numbers behind the matrix are the pairs, the most frequent first', async () => {
  await read();
  await panel.getByRole('button', { name: 'Numbers behind “What it takes for what”' }).click();
  await expect.element(page.getByRole('dialog')).toHaveTextContent('yesyes20.667');
});

test('a threshold tells what is found and what is wrongly taken, by keys', async () => {
  await read();
  const roc = page.getByTestId('roc');
  // "no" scores 0 and 0.75 where it is, 0.25 where it is not: one of two pairs is in order.
  await expect.element(roc.getByText('Area under the curve: 0.500')).toBeVisible();
  const slider = roc.getByRole('slider', { name: 'Threshold' });
  (slider.element() as HTMLElement).focus();
  await userEvent.keyboard('{Home}{ArrowRight}');
  await expect
    .element(roc.getByTestId('roc-told'))
    .toHaveTextContent('From 0.750 on 1 of 2 sounds with “no” are found');
  await userEvent.keyboard('{ArrowRight}');
  await expect.element(roc.getByTestId('roc-told')).toHaveTextContent('and 1 of 1 without it are taken for it');
});
