import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  isSettled,
  keepResult,
  lengthFailedBefore,
  readResults,
  type TrialResult,
} from '../../../engine/learning/results';
import { withTables } from '../../../engine/learning/table';
import { temporaryFolder } from '../temporary';

const failed: TrialResult = {
  settings: 'shared',
  task: 'adding',
  length: 30,
  contender: 'elman',
  solvedAfter: null,
  bestRightShare: 0.214,
  skippedSteps: 0,
  steps: 1000,
  seconds: 7,
  date: '2026-01-02',
  machine: 'a machine',
};
const solved: TrialResult = { ...failed, contender: 'lstm', solvedAfter: 800, bestRightShare: 1 };
const document = 'Before\n\n<!-- learning: begin -->\nold\n<!-- learning: end -->\n\nAfter\n';

test('results are kept one by one; a training made again takes the place of its earlier one', async () => {
  const folder = await temporaryFolder();
  expect(await readResults(folder)).toEqual([]);
  await keepResult(folder, failed);
  await keepResult(folder, solved);
  await keepResult(folder, { ...failed, steps: 2000 });
  expect(await readResults(folder)).toEqual([solved, { ...failed, steps: 2000 }]);
});

test('a file that holds something else is refused by name and field', async () => {
  const folder = await temporaryFolder();
  await fs.writeFile(join(folder, 'results.json'), JSON.stringify([{ ...solved, length: 'long' }]));
  await expect(readResults(folder)).rejects.toMatchObject({
    code: 'config.invalid',
    params: { file: 'results.json', path: '0.length' },
  });
});

test.each([
  ['never made', null, false],
  ['solved', solved, true],
  ['failed with as many steps', failed, true],
  ['failed with fewer steps', { ...failed, steps: 999 }, false],
])('a training that was %s is settled: %s', (_, result, expected) => {
  expect(isSettled(result, 1000)).toBe(expected);
});

test('the tables say what was solved, what was not, and what was not run, and leave the rest of the document', () => {
  const text = withTables(document, [failed, solved]);
  expect(text).toMatch(/^Before\n/);
  expect(text).toMatch(/\nAfter\n$/);
  expect(text).not.toContain('old');
  expect(text).toContain('2026-01-02: a machine.');
  expect(text).toMatch(/\| elman +\| no: 21 % after 1000 \|/);
  expect(text).toMatch(/\| lstm +\| \*\*800 steps\*\* +\|/);
  expect(text).toMatch(/\| gru +\| not run yet +\|/);
});

test('a cell that was trained as published stands in a table of its own, with where the setting comes from', () => {
  const text = withTables(document, [failed, { ...solved, settings: 'published', solvedAfter: 74_000 }]);
  const [alike, published] = text.slice(0, text.indexOf('### Temporal order')).split('As published:');
  expect(alike).toMatch(/\| lstm +\| not run yet +\|/);
  expect(published).toMatch(/\| lstm +\| \*\*74000 steps\*\* +\|/);
  expect(published).toContain('- lstm: Hochreiter & Schmidhuber 1997, experiment 4. 4 units, gradient descent at 0.5');
  expect(published).not.toMatch(/feed-forward|jordan/);
});

test('a result from before there were two settings is one of all cells alike', async () => {
  const folder = await temporaryFolder();
  const { settings, ...earlier } = failed;
  await fs.writeFile(join(folder, 'results.json'), JSON.stringify([earlier]));
  expect(await readResults(folder)).toEqual([{ ...earlier, settings }]);
});

test('writing the tables twice changes nothing', () => {
  const once = withTables(document, [solved]);
  expect(withTables(once, [solved])).toBe(once);
});

test('a document without a place for tables is a bug', () => {
  expect(() => withTables('nothing', [])).toThrow('Expected <!-- learning: begin -->');
});

test.each([
  ['a shorter length failed', [failed], 100, 30],
  ['only the same length failed', [failed], 30, null],
  ['only a longer length failed', [failed], 10, null],
  ['the shorter length was solved', [{ ...failed, solvedAfter: 500 }], 100, null],
  ['another cell failed', [{ ...failed, contender: 'gru' as const }], 100, null],
  ['it failed with other settings', [{ ...failed, settings: 'published' as const }], 100, null],
])('whether a cell failed before where %s', (_, results, length, expected) => {
  expect(lengthFailedBefore(results, { settings: 'shared', task: 'adding', length, contender: 'elman' })).toBe(
    expected,
  );
});

test('what failed as published is left out at greater lengths, and the table says so', () => {
  const long: TrialResult = { ...solved, settings: 'published', length: 100 };
  const text = withTables(document, [{ ...failed, settings: 'published' }, long]);
  const published = text.slice(text.indexOf('As published'));
  expect(published).toMatch(/\| elman +\| no: 21 % after 1000 \| not run +\|/);
  expect(published).toMatch(/\| gru +\| not run yet +\|/);
});
