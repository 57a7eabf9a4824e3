import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { paceBins, partShares, shownSymbols } from '../../../../renderer/views/data/figures';
import { checkReport, dataRow, dataShelf } from '../../support/dataShelf';
import { openWindow } from '../../support/openWindow';

const slow = { code: 'slow', params: { seconds: 0.98, median: 0.12 } } as const;
const rows = [
  dataRow(0, 'nine one', { speaker: 'A' }),
  dataRow(1, 'six', { speaker: 'B', part: 'validation', secondsPerSymbol: 0.98, notes: [slow] }),
  dataRow(2, 'one', { speaker: 'C', part: 'test' }),
  dataRow(3, 'one', { speaker: 'C', part: 'test', isLeftOut: true }),
];
const rare = { code: 'rare-symbols', params: { wanted: 2, symbols: 's x' } } as const;

test('what is left out counts in no figure', () => {
  expect(partShares(rows).map(({ part, recordings, speakers }) => [part, recordings, speakers.join()])).toEqual([
    ['train', 1, 'A'],
    ['validation', 1, 'B'],
    ['test', 1, 'C'],
  ]);
  expect(paceBins(rows, 0.12).reduce((sum, { count }) => sum + count, 0)).toBe(3);
});

test('a far outlier stands in the last bin and is marked; the others are not pressed into one', () => {
  const bins = paceBins(rows, 0.12);
  expect(bins[bins.length - 1]).toMatchObject({ count: 1, noted: 1 });
  expect(bins[bins.length - 1]?.to).toBeCloseTo(0.6);
});

test('symbols stand in the order of the alphabet, rare ones marked; of many the most frequent and the rarest', () => {
  const shown = shownSymbols(checkReport([dataRow(0, 'aab')], { advice: [rare] }));
  expect(shown.map(({ symbol, isRare }) => [symbol, isRare])).toEqual([
    ['a', false],
    ['b', true],
  ]);
  const many = Array.from({ length: 3_000 }, (_, index) => ({
    symbol: String.fromCodePoint(0x4e00 + index),
    count: 3_000 - index,
  }));
  const some = shownSymbols(checkReport([], { symbols: many }));
  expect(some).toHaveLength(24);
  expect(some.map(({ count }) => count)).toContain(1);
});

test('the figures say in words what they show', async () => {
  await openWindow(dataShelf([{ id: 'digits', title: 'Digits', rows, report: { advice: [rare] } }]), 'data');
  await expect.element(page.getByRole('img', { name: 'How long the recordings are, median 2.4 s' })).toBeVisible();
  await expect.element(page.getByText('s x are rare')).toBeVisible();
  await page.getByLabelText('What the figure shows').first().selectOptions('s per symbol');
  await expect.element(page.getByRole('img', { name: /How long a symbol lasts.*median 0.120/ })).toBeVisible();
});

test('the set is parted anew with another seed, and one click takes it back', async () => {
  const bridge = dataShelf([{ id: 'digits', title: 'Digits', rows }]);
  await openWindow(bridge, 'data');
  await page.getByRole('button', { name: 'Change the parts' }).click();
  await page.getByRole('spinbutton', { name: 'Seed' }).fill('12');
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByText('by speaker, seed 12')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.element(page.getByText('by speaker, seed 7')).toBeVisible();
  expect(bridge.bodiesOf('data.split').map(({ seed }) => seed)).toEqual([12, 7]);
});

test('the check gives its advice in words', async () => {
  const few = { code: 'few-speakers', params: { speakers: 3, wanted: 10 } } as const;
  await openWindow(dataShelf([{ id: 'digits', title: 'Digits', rows, report: { advice: [few] } }]), 'data');
  await page.getByRole('button', { name: '1 piece of advice' }).click();
  await expect.element(page.getByRole('complementary')).toHaveTextContent('Speakers known: 3.');
});

test('a recording whose length does not fit its text is named by what it says, and one press finds it', async () => {
  const outliers = [{ file: 'manifest.tsv', line: 3, secondsPerSymbol: 0.98, kind: 'slow' as const }];
  const report = { secondsPerSymbol: { median: 0.12, number: 1, outliers } };
  await openWindow(dataShelf([{ id: 'digits', title: 'Digits', rows, report }]), 'data');
  await expect.element(page.getByRole('img', { name: /median 2.4 s/ })).toBeVisible();
  await userEvent.keyboard('t');
  const panel = page.getByRole('complementary', { name: 'Check of the set' });
  await panel.getByRole('listitem').getByRole('button', { name: 'six' }).click();
  await expect.element(page.getByText('1 of 4 shown')).toBeVisible();
});

test('what the figures show stands as tables behind the key T', async () => {
  await openWindow(dataShelf([{ id: 'digits', title: 'Digits', rows }]), 'data');
  await expect.element(page.getByRole('img', { name: /median 2.4 s/ })).toBeVisible();
  await userEvent.keyboard('t');
  const panel = page.getByRole('complementary', { name: 'Check of the set' });
  await expect.element(panel).toHaveTextContent('shortest 0.4, median 2.4, longest 6.9');
  await expect.element(panel.getByRole('row', { name: 'zero 30 3' })).toBeVisible();
  await expect.element(panel.getByRole('row', { name: 'x 1' })).toBeVisible();
});
