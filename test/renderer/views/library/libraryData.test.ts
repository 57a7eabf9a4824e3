import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { UnrollError } from '../../../../app/errors';
import type { MockBridge } from '../../../../renderer/bridge/mockBridge';
import { dataRow, dataShelf } from '../../support/dataShelf';
import { openWindow } from '../../support/openWindow';
import { spoken } from '../../support/shelf';

const door = { id: 'door', title: 'Door code', words: spoken('seven three nine') };
const digits = { id: 'digits', title: 'My digits', rows: [dataRow(0, 'four')] };

function shelfWith(sets: Parameters<typeof dataShelf>[0]): MockBridge {
  const bridge = dataShelf(sets, [door]);
  bridge.answer('data.addRecording', () => ({ row: dataRow(0, 'seven three nine', { speaker: null }) }));
  return bridge;
}
const add = () => page.getByRole('button', { name: 'To data' });

test('a recording becomes training data by one click, and another takes it out again', async () => {
  const bridge = shelfWith([digits]);
  await openWindow(bridge, 'library/door');
  await expect.element(page.getByTestId('data-row')).not.toBeInTheDocument();
  await add().click();
  await expect.element(page.getByText('Added to “My digits”.')).toBeVisible();
  expect(bridge.bodiesOf('data.addRecording')).toEqual([{ setId: 'digits', recordingId: 'door', modelId: 'digits' }]);
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect.poll(() => bridge.bodiesOf('data.edit')).toHaveLength(1);
  expect(bridge.bodiesOf('data.edit')[0]).toMatchObject({ setId: 'digits', rowId: 0, isLeftOut: true });
});

test('without a set, a first one is made for it', async () => {
  const bridge = shelfWith([]);
  await openWindow(bridge, 'library/door');
  await add().click();
  await expect.element(page.getByText('Added to “My recordings”.')).toBeVisible();
  expect(bridge.bodiesOf('data.create')).toEqual([{ title: 'My recordings' }]);
});

test('what could not be added says why', async () => {
  const bridge = shelfWith([digits]);
  bridge.answer('data.addRecording', () => {
    throw new UnrollError('engine.restarting');
  });
  await openWindow(bridge, 'library/door');
  await add().click();
  await expect.element(page.getByText('The engine is starting again.')).toBeVisible();
});

test('it works by key, too', async () => {
  const bridge = shelfWith([digits]);
  await openWindow(bridge, 'library/door');
  await expect.element(add()).toBeEnabled();
  await userEvent.keyboard('d');
  await expect.poll(() => bridge.bodiesOf('data.addRecording')).toHaveLength(1);
});
