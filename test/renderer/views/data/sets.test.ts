import { expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { UnrollError } from '../../../../app/errors';
import { dataRow, dataShelf } from '../../support/dataShelf';
import { openWindow } from '../../support/openWindow';

const digits = { id: 'digits', title: 'My digits', rows: [dataRow(0, 'three nine'), dataRow(1, 'four')] };
const travel = {
  id: 'travel',
  title: 'Travel',
  rows: [dataRow(0, 'to taipei')],
  createdAt: '2026-05-02T10:00:00.000Z',
};
const more = () => page.getByRole('button', { name: 'More about data sets' });
const choice = () => page.getByRole('combobox', { name: 'Data set' });

test('the newest set is open, its amounts beside its name, and another is chosen from the list', async () => {
  await openWindow(dataShelf([digits, travel]), 'data');
  await expect.element(choice()).toHaveDisplayValue('Travel');
  await choice().selectOptions('My digits');
  await expect.element(page.getByText('2 takes, 4.8 s, 1 speaker')).toBeVisible();
  expect(location.hash).toBe('#data/digits');
});

test('a new set is made under the name that is typed, and opens', async () => {
  const bridge = dataShelf([digits]);
  await openWindow(bridge, 'data');
  await more().click();
  await page.getByRole('menuitem', { name: 'New data set' }).click();
  await userEvent.keyboard('Kitchen{Enter}');
  await expect.element(choice()).toHaveDisplayValue('Kitchen');
  expect(bridge.bodiesOf('data.create')).toEqual([{ title: 'Kitchen' }]);
  await expect.element(page.getByText('Nothing in this set yet')).toBeVisible();
});

test('a set is renamed by keyboard, and one click takes it back', async () => {
  const bridge = dataShelf([digits]);
  await openWindow(bridge, 'data');
  more().element().focus();
  await userEvent.keyboard('{Enter}{ArrowDown}{ArrowDown}{ArrowDown}{ArrowDown}{Enter}');
  await userEvent.keyboard('Numbers{Enter}');
  await expect.element(choice()).toHaveDisplayValue('Numbers');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.element(choice()).toHaveDisplayValue('My digits');
});

test('Escape while renaming changes nothing', async () => {
  const bridge = dataShelf([digits]);
  await openWindow(bridge, 'data');
  await more().click();
  await page.getByRole('menuitem', { name: 'Rename the set' }).click();
  await userEvent.keyboard('Numbers{Escape}');
  await expect.element(choice()).toHaveDisplayValue('My digits');
  expect(bridge.bodiesOf('data.rename')).toEqual([]);
});

test('a deleted set leaves the list and comes back by one click', async () => {
  await openWindow(dataShelf([digits, travel]), 'data/travel');
  await more().click();
  await page.getByRole('menuitem', { name: 'Delete the set' }).click();
  await expect.element(page.getByText('“Travel” was deleted.')).toBeVisible();
  await expect.element(choice()).toHaveDisplayValue('My digits');
  await page.getByRole('button', { name: 'Bring back' }).click();
  await expect.element(choice()).toHaveDisplayValue('Travel');
});

test('without a set the view says what belongs there, and one click opens the sample', async () => {
  await openWindow(dataShelf([]), 'data');
  await expect.element(page.getByText('No data set yet')).toBeVisible();
  await page.getByRole('main').getByRole('button', { name: 'Open the sample set' }).click();
  await expect.element(choice()).toHaveDisplayValue('Sample set');
  await expect.element(page.getByRole('row').filter({ hasText: 'five five' })).toBeVisible();
});

test('sets that cannot be read say why and are asked for again', async () => {
  const bridge = dataShelf([digits]);
  bridge.answer('data.list', () => {
    throw new UnrollError('engine.restarting');
  });
  await openWindow(bridge, 'data');
  await expect.element(page.getByRole('main').getByText('The engine is starting again.')).toBeVisible();
  bridge.answer('data.list', () => ({ sets: [] }));
  await page.getByRole('main').getByRole('button', { name: 'Try again' }).click();
  await expect.element(page.getByText('No data set yet')).toBeVisible();
});

test('training on a set leads to Train', async () => {
  await openWindow(dataShelf([digits]), 'data');
  await page.getByRole('button', { name: 'Train on this' }).click();
  expect(location.hash).toBe('#train/new');
});

test('the bundled model is brought to the voice of a set with one click', async () => {
  const bridge = dataShelf([digits]);
  await openWindow(bridge, 'data');
  await page.getByRole('button', { name: 'Make “Digits, streaming” hear my voice' }).click();
  await expect.poll(() => location.hash).toBe('#train/new');
  await expect.element(page.getByLabelText('Its weights begin from')).toHaveValue('digits');
  expect(bridge.bodiesOf('models.describe')).toEqual([{ modelId: 'digits' }]);
});

test('a change that the engine tells of is shown', async () => {
  const bridge = dataShelf([digits]);
  await openWindow(bridge, 'data');
  await expect.element(choice()).toHaveDisplayValue('My digits');
  await bridge.request('data.rename', { setId: 'digits', title: 'Renamed elsewhere' });
  bridge.emit('data.changed', { setIds: ['digits'] });
  await expect.element(choice()).toHaveDisplayValue('Renamed elsewhere');
});

test('says how many recordings are computed already, and how large they are', async () => {
  const bridge = dataShelf([digits]);
  bridge.answer('runs.features', () => ({ ready: 1_203, of: 1_212, bytes: 24_000_000 }));
  await openWindow(bridge, 'data');
  await expect.element(page.getByText('Features ready for 1,203 of 1,212, 24 MB')).toBeVisible();
});

test('a set is saved as one file, fetched in pieces, under its name', async () => {
  const bridge = dataShelf([digits]);
  const saved: { name: string; file: Promise<ArrayBuffer> }[] = [];
  const blobs = new Map<string, Blob>();
  vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
    const url = `blob:${blobs.size}`;
    blobs.set(url, blob as Blob);
    return url;
  });
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    saved.push({ name: this.download, file: blobs.get(this.href)!.arrayBuffer() });
  });
  await openWindow(bridge, 'data');
  await more().click();
  await page.getByRole('menuitem', { name: 'Save as one file' }).click();
  await expect.element(page.getByText('“My digits” is saved as My digits.unroll-set.zip.')).toBeVisible();
  expect(saved.map(({ name }) => name)).toEqual(['My digits.unroll-set.zip']);
  expect([...new Uint8Array(await saved[0]!.file)]).toEqual([1, 2, 3, 4, 5]);
  expect(bridge.bodiesOf('data.exportPiece').map(({ offset }) => offset)).toEqual([0, 3]);
  await vi.waitFor(() => expect(bridge.bodiesOf('data.exportClose')).toEqual([{ exportId: 'export-1' }]));
  vi.restoreAllMocks();
});

test('saving says how far it is, and is stopped with nothing kept', async () => {
  const bridge = dataShelf([digits]);
  bridge.answer('data.exportPack', () => new Promise(() => undefined));
  await openWindow(bridge, 'data');
  await more().click();
  await page.getByRole('menuitem', { name: 'Save as one file' }).click();
  await vi.waitFor(() => expect(bridge.bodiesOf('data.exportPack')).toHaveLength(1));
  bridge.emit('data.exporting', { exportId: 'export-1', done: 12, of: 40 });
  await expect.element(page.getByText('Packing “My digits”, recording 12 of 40')).toBeVisible();
  await expect.element(page.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '30');
  await page.getByRole('button', { name: 'Stop saving' }).click();
  await vi.waitFor(() => expect(bridge.bodiesOf('data.exportClose')).toEqual([{ exportId: 'export-1' }]));
  await expect.element(page.getByText('Packing')).not.toBeInTheDocument();
});
