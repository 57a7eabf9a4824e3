import { expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { DataRow } from '../../../../app/contract/dataSets';
import { dataRow, dataShelf } from '../../support/dataShelf';
import type { MockBridge } from '../../../../renderer/bridge/mockBridge';
import { openWindow } from '../../support/openWindow';

const rows = () => page.getByTestId('data-row');
const grid = () => page.getByRole('grid', { name: 'Recordings of the set' });
async function open(...all: DataRow[]): Promise<MockBridge> {
  const bridge = dataShelf([{ id: 'digits', title: 'My digits', rows: all }]);
  await openWindow(bridge, 'data');
  await expect.element(rows().first()).toBeVisible();
  return bridge;
}
const short = {
  notes: [{ code: 'too-short', params: { symbols: 14, needed: 0.3, seconds: 0.2 } } as const],
  speaker: 'B',
};

test('a row tells text, speaker, part and length, and in words what is wrong with it', async () => {
  await open(dataRow(0, 'six one'), dataRow(1, 'zero five five', short));
  await expect.element(rows().nth(0)).toHaveTextContent('zero five five');
  await expect.element(rows().nth(0)).toHaveTextContent('Too short: 14 symbols need 0.3 s, there are 0.2 s.');
  await expect.element(rows().nth(1)).toHaveTextContent(/six one.*A.*Training.*2.40 s.*0.120/);
});

test('the chips show what is to be checked and what is left out', async () => {
  await open(dataRow(0, 'six'), dataRow(1, 'zero', short), dataRow(2, 'nine', { isLeftOut: true }));
  await page.getByRole('button', { name: 'To check 1' }).click();
  expect(rows().elements()).toHaveLength(1);
  await page.getByRole('button', { name: 'Left out 1' }).click();
  await expect.element(rows()).toHaveTextContent('nine');
});

test('searching narrows the table, tells how many, and marks the hit', async () => {
  await open(dataRow(0, 'six one'), dataRow(1, 'six nine'), dataRow(2, 'four'));
  await userEvent.keyboard('/');
  await userEvent.keyboard('six');
  await expect.element(page.getByText('2 found')).toBeVisible();
  expect(rows().nth(0).element().querySelector('mark')?.textContent).toBe('six');
  await userEvent.keyboard('{Escape}');
  await vi.waitFor(() => expect(rows().elements()).toHaveLength(3));
});

test('a text is put right where it stands, by keyboard, and Ctrl Z takes it back', async () => {
  const bridge = await open(dataRow(0, 'nine for two'), dataRow(1, 'four'));
  grid().element().focus();
  await userEvent.keyboard('{Home}{Enter}');
  await page.getByRole('textbox', { name: 'Text' }).fill('nine four two');
  await userEvent.keyboard('{Tab}');
  await userEvent.keyboard('Bo{Enter}');
  await expect.element(rows().nth(0)).toHaveTextContent(/nine four two.*Bo/);
  expect(bridge.bodiesOf('data.edit')).toEqual([
    { setId: 'digits', rowId: 0, text: 'nine four two', speaker: 'Bo', isLeftOut: false },
  ]);
  await expect.element(grid()).toHaveFocus();
  await userEvent.keyboard('{Control>}z{/Control}');
  await expect.element(rows().nth(0)).toHaveTextContent(/nine for two.*A/);
});

test('Escape leaves a text as it was, and nothing is asked of the engine where nothing changed', async () => {
  const bridge = await open(dataRow(0, 'four'));
  await rows().nth(0).dblClick();
  await page.getByRole('textbox', { name: 'Text' }).fill('fore');
  await userEvent.keyboard('{Escape}');
  await expect.element(rows().nth(0)).toHaveTextContent('four');
  await rows().nth(0).dblClick();
  await userEvent.keyboard('{Enter}');
  expect(bridge.bodiesOf('data.edit')).toEqual([]);
});

test('a row is left out by a key and taken in again by the notice', async () => {
  const bridge = await open(dataRow(0, 'four'), dataRow(1, 'five'));
  await rows().nth(1).click();
  await userEvent.keyboard('x');
  await expect.element(rows().nth(1)).toHaveTextContent('left out');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.element(rows().nth(1)).toHaveTextContent('Training');
  expect(bridge.bodiesOf('data.edit').map(({ isLeftOut }) => isLeftOut)).toEqual([true, false]);
});

test('Space plays the chosen row and Space silences it', async () => {
  const bridge = await open(dataRow(7, 'four'));
  bridge.answer('data.audio', () => ({ pcm: new Int16Array(16_000 * 30) }));
  await rows().nth(0).click();
  await userEvent.keyboard(' ');
  await expect.element(page.getByRole('button', { name: 'Stop “four”' })).toBeVisible();
  await userEvent.keyboard(' ');
  await expect.element(page.getByRole('button', { name: 'Play “four”' })).toBeVisible();
  expect(bridge.bodiesOf('data.audio')).toEqual([{ setId: 'digits', rowId: 7 }]);
});

test('a column sorts by a click and the other way by another', async () => {
  await open(dataRow(0, 'b', { seconds: 3 }), dataRow(1, 'a', { seconds: 9 }), dataRow(2, 'c', { seconds: 1 }));
  const header = page.getByRole('columnheader', { name: 'Length' });
  await header.getByRole('button').click();
  await expect.element(header).toHaveAttribute('aria-sort', 'ascending');
  await expect.element(rows().nth(0)).toHaveTextContent('c');
  await header.getByRole('button').click();
  await expect.element(rows().nth(0)).toHaveTextContent('a');
});

test('of twenty thousand rows a few dozen are on the page, and End reaches the last', async () => {
  await open(...Array.from({ length: 20_000 }, (_, index) => dataRow(index, `take ${index}`)));
  await expect.element(page.getByText('20,000 of 20,000 shown')).toBeVisible();
  expect(rows().elements().length).toBeLessThan(40);
  grid().element().focus();
  await userEvent.keyboard('{End}');
  await expect.element(page.getByText('take 19999', { exact: true })).toBeVisible();
  expect(rows().elements().length).toBeLessThan(40);
});
