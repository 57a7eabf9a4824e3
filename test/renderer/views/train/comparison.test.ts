import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { UnrollError } from '../../../../app/errors';
import { Comparison } from '../../../../renderer/views/train/comparison.svelte';
import { settingDifferences } from '../../../../renderer/views/train/settingDifferences';
import { openWindow } from '../../support/openWindow';
import { madeConfig, runShelf, statusOf } from '../../support/runShelf';

const other = statusOf({ id: 'gru', name: 'GRU run', state: 'finished', notes: 'Half the rate.' });

test('runs are compared in one figure, each by its own line', async () => {
  const other = statusOf({ id: 'gru', name: 'GRU run', state: 'finished' });
  await openWindow(runShelf([statusOf(), other]).bridge, 'train/digits');
  await page.getByRole('button', { name: 'Compare' }).click();
  await page.getByRole('checkbox', { name: 'Compare with GRU run' }).click();
  await expect.element(page.getByRole('img', { name: /^Loss of several runs: .*GRU run/ })).toBeVisible();
  await expect.element(page.getByRole('img', { name: /^Errors of several runs/ })).toBeVisible();
  await page.getByRole('button', { name: 'Compare' }).click();
  await expect.element(page.getByRole('img', { name: /^Loss over the steps/ })).toBeVisible();
});

test('beside the curves stand the settings in which the runs differ, and their notes', async () => {
  const { bridge } = runShelf([statusOf(), other]);
  const config = madeConfig();
  bridge.answer('runs.open', ({ runId }) => ({
    run: runId === 'gru' ? other : statusOf(),
    config: runId === 'gru' ? { ...config, training: { ...config.training, learningRate: 0.0015 } } : config,
    parts: [],
  }));
  await openWindow(bridge, 'train/digits');
  await page.getByRole('button', { name: 'Compare' }).click();
  await page.getByRole('checkbox', { name: 'Compare with GRU run' }).click();
  const table = page.getByRole('region', { name: 'What differs' });
  await expect.element(table.getByRole('row', { name: /Learning rate/ })).toHaveTextContent('0.0030.0015');
  await expect.element(table.getByRole('row', { name: /Notes/ })).toHaveTextContent('Half the rate.');
  await expect.element(table).not.toHaveTextContent('Epochs');
});

test('a setting without a name in the form is told by its field', () => {
  const config = madeConfig();
  const others = { ...config, training: { ...config.training, flatStart: { epochs: 4, corpora: [] } }, id: 'other' };
  expect(settingDifferences([config, others])).toEqual([{ label: 'training.flatStart.epochs', values: ['0', '4'] }]);
  expect(settingDifferences([config, config])).toEqual([]);
});

test('a run keeps its line when another is taken away, and when another page is opened', async () => {
  const comparison = new Comparison(runShelf(['a', 'b', 'c', 'd'].map((id) => statusOf({ id, name: id }))).bridge);
  const isThere = (): boolean => true;
  await comparison.open('a', isThere);
  for (const id of ['b', 'c', 'd']) await comparison.toggle(id);
  const before = ['a', 'c', 'd'].map((id) => comparison.lineOf(id));
  await comparison.toggle('b');
  await comparison.open('c', isThere);
  expect(comparison.chosen).toEqual(['d', 'a']);
  expect(['a', 'c', 'd'].map((id) => comparison.lineOf(id))).toEqual(before);
  expect(new Set(before.map(({ colour }) => colour)).size).toBe(3);
});

test('a run that cannot be read is not compared', async () => {
  const { bridge } = runShelf([statusOf(), other]);
  const comparison = new Comparison(bridge);
  await comparison.open('digits', () => true);
  bridge.answer('runs.epochs', () => {
    throw new UnrollError('run.missing');
  });
  await expect(comparison.toggle('gru')).rejects.toThrow();
  expect(comparison.chosen).toEqual([]);
});

test('what is written down about a run is kept', async () => {
  const { bridge } = runShelf();
  await openWindow(bridge, 'train/digits');
  await page.getByRole('textbox', { name: 'Notes' }).fill('Warm-up doubled.');
  await expect.poll(() => bridge.bodiesOf('runs.note')).toEqual([{ runId: 'digits', notes: 'Warm-up doubled.' }]);
});
