import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeConfusions } from '../../../engine/commands/confusionFiles';
import { ConfusionCounts } from '../../../engine/metrics/confusions';
import { temporaryFolder } from '../temporary';

function twoClips() {
  const counts = new ConfusionCounts();
  const read = (text: string) => ({ text, startMs: 0, endMs: 10 });
  counts.add({ said: ['yes', 'no'], read: [read('yes')], durationMs: 20, scores: new Map([['yes', 0.75]]) });
  counts.add({ said: ['no'], read: [read('yes'), read('no')], durationMs: 20, scores: new Map([['no', 0.5]]) });
  return [{ of: 'word', table: counts.table('confidence') }];
}

test('counts are a table of what was said and read, with the share of what was said', async () => {
  const file = join(await temporaryFolder(), 'confusions.tsv');
  await writeConfusions(twoClips(), { confusions: file });
  expect((await fs.readFile(file, 'utf8')).split('\n')).toEqual([
    'of\tsaid\tread\tcount\tshare',
    'word\tno\tno\t1\t0.5',
    'word\tno\t\t1\t0.5',
    'word\tyes\tyes\t1\t1',
    'word\t\tyes\t1\t1',
    '',
  ]);
});

test('curves are a table of their points, of items that are in some clips and not in others', async () => {
  const file = join(await temporaryFolder(), 'roc.tsv');
  await writeConfusions(twoClips(), { roc: file });
  expect((await fs.readFile(file, 'utf8')).split('\n')).toEqual([
    'of\titem\tscoredBy\tarea\tthreshold\ttruePositiveRate\tfalsePositiveRate',
    'word\tyes\tconfidence\t1\tInfinity\t0\t0',
    'word\tyes\tconfidence\t1\t0.75\t1\t0',
    'word\tyes\tconfidence\t1\t0\t1\t1',
    '',
  ]);
});
