import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeWav } from '../../../app/audio/wav';
import { checkReportSchema } from '../../../app/contract/dataset';
import { checkData } from '../../../engine/data/checking';
import { importData } from '../../../engine/data/importing';
import { temporaryFolder } from '../temporary';
import { folderOf, tone, type Tree } from './importers/tree';

interface Row {
  readonly text: string;
  readonly sound: Uint8Array | string | null;
  readonly speaker?: string;
  readonly part?: string;
}
/** A folder with a manifest of these rows; a sound that is null is not there. */
async function setOf(rows: readonly Row[]): Promise<string> {
  const lines = rows.map(({ text, speaker, part }, index) =>
    [`${index}.wav`, text, speaker ?? '', part ?? ''].join('\t'),
  );
  const sounds = rows.flatMap(({ sound }, index) => (sound === null ? [] : [[`${index}.wav`, sound] as const]));
  const tree: Tree = { 'manifest.tsv': ['path\ttranscript\tspeaker\tpart', ...lines].join('\n') };
  return folderOf({ ...tree, ...Object.fromEntries(sounds) });
}
const check = async (rows: readonly Row[]) => checkReportSchema.parse(await checkData(await setOf(rows)));
const adviceOf = async (rows: readonly Row[]) => (await check(rows)).advice;
const many = (number: number, row: (index: number) => Row): Row[] => Array.from({ length: number }, (_, n) => row(n));
const second = tone(1);

describe('the check of a data set', () => {
  it('tells how much there is, and of what', async () => {
    const report = await check([
      { text: 'no', sound: tone(0.5), speaker: 'anna', part: 'train' },
      { text: 'no', sound: tone(0.6), speaker: 'ben', part: 'validation' },
      { text: 'yes', sound: tone(1), speaker: 'anna', part: 'train' },
      { text: 'no', sound: tone(0.7), speaker: 'anna', part: 'train' },
    ]);
    expect(report).toMatchObject({
      usable: { recordings: 4, speakers: 2, words: 4 },
      durations: { shortest: 0.5, longest: 1 },
      symbols: [
        { symbol: 'n', count: 3 },
        { symbol: 'o', count: 3 },
        { symbol: 'e', count: 1 },
        { symbol: 's', count: 1 },
        { symbol: 'y', count: 1 },
      ],
      classes: {
        by: 'text',
        number: 2,
        list: [
          { text: 'no', recordings: 3, speakers: 2 },
          { text: 'yes', recordings: 1, speakers: 1 },
        ],
      },
      leftOut: [],
      unmappable: [],
    });
    expect(report.durations?.median).toBeCloseTo(0.65, 6);
    expect(report.parts.map(({ part, recordings }) => [part, recordings])).toEqual([
      ['train', 3],
      ['validation', 1],
      ['test', 0],
    ]);
  });

  it('counts words where texts do not repeat', async () => {
    const { classes } = await check([
      { text: 'go left', sound: second },
      { text: 'go right', sound: second },
    ]);
    expect(classes).toMatchObject({ by: 'word', number: 3, list: [{ text: 'go', recordings: 2 }, {}, {}] });
  });

  it('names what cannot be trained on, with its line', async () => {
    const { usable, leftOut } = await check([
      { text: 'one', sound: second },
      { text: 'one', sound: null },
      { text: 'one', sound: 'no sound' },
      { text: 'a'.repeat(80), sound: second },
      { text: '\ufffd', sound: second },
    ]);
    expect(usable.recordings).toBe(1);
    expect(leftOut.map(({ reason, examples }) => [reason, examples.map(({ line }) => line)])).toEqual([
      ['missing-file', [3]],
      ['unreadable-audio', [4]],
      ['unmappable-transcript', [6]],
      ['too-short', [5]],
    ]);
  });

  it('finds recordings whose length does not fit their text', async () => {
    const { secondsPerSymbol } = await check([
      ...many(8, (n) => ({ text: 'seven', sound: tone(0.5 + 0.02 * n) })),
      { text: 'seven', sound: tone(6) },
      { text: 'seven and so much more', sound: tone(0.25) },
    ]);
    expect(secondsPerSymbol).toMatchObject({ number: 2 });
    expect(secondsPerSymbol?.outliers.map(({ line, kind }) => [line, kind])).toEqual([
      [10, 'slow'],
      [11, 'fast'],
    ]);
  });

  it('names symbols that the alphabet lacks, as after an edit', async () => {
    const out = join(await temporaryFolder(), 'set');
    const options = { format: null, isCopying: true, isReplacing: false, seed: 1 } as const;
    await importData(await folderOf({ '7_anna_0.wav': second, '8_ben_0.wav': second }), out, options);
    const list = join(out, 'manifest.tsv');
    await fs.writeFile(list, (await fs.readFile(list, 'utf8')).replace('\t8\t', '\t8é\t'));
    expect((await checkData(out)).unmappable).toEqual([{ symbol: 'é', file: list, line: 3 }]);
  });

  it('refuses a dataset.json that is none, with the field', async () => {
    const folder = await setOf([{ text: 'one', sound: second }]);
    await fs.writeFile(join(folder, 'dataset.json'), '{"format": "unroll-dataset", "version": 2}');
    await expect(checkData(folder)).rejects.toThrow(/dataset\.json: version is not valid\. It must be one of: 1\./);
  });

  it('names a folder without a manifest', async () => {
    await expect(checkData(await temporaryFolder())).rejects.toMatchObject({ code: 'file.missing' });
  });
});

describe('advice on a data set', () => {
  it('is none where there is enough of everything', async () => {
    const rows = many(400, (n) => ({
      text: n % 2 === 0 ? 'no' : 'on',
      sound: tone(0.2 + 0.001 * (n % 50)),
      speaker: `s${(n >> 1) % 10}`,
      part: (n >> 1) % 10 === 0 ? 'validation' : 'train',
    }));
    expect(await adviceOf(rows)).toEqual([]);
  });

  it('tells of speakers: none, few, or one in two parts', async () => {
    expect(await adviceOf([{ text: 'one', sound: second }])).toContainEqual({ code: 'no-speakers', params: {} });
    const torn = await adviceOf([
      { text: 'one', sound: second, speaker: 'anna', part: 'train' },
      { text: 'two', sound: second, speaker: 'anna', part: 'test' },
    ]);
    expect(torn).toContainEqual({ code: 'speaker-in-parts', params: { speakers: 'anna' } });
    expect(torn).toContainEqual({ code: 'few-speakers', params: { speakers: 1, wanted: 10 } });
    expect(torn).toContainEqual({ code: 'no-validation', params: {} });
  });

  it('tells of balance and of what is rare', async () => {
    const advice = await adviceOf([
      ...many(12, () => ({ text: 'no', sound: second })),
      ...many(2, () => ({ text: 'yes', sound: second })),
    ]);
    expect(advice).toContainEqual({
      code: 'few-per-class',
      params: { text: 'yes', recordings: 2, wanted: 20, number: 2 },
    });
    expect(advice).toContainEqual({
      code: 'unbalanced',
      params: { most: 'no', mostRecordings: 12, least: 'yes', leastRecordings: 2 },
    });
    expect(advice).toContainEqual({ code: 'rare-symbols', params: { wanted: 20, symbols: 'n o e s y' } });
  });

  it('tells of symbols that only validation and test hold', async () => {
    const advice = await adviceOf([
      { text: 'no', sound: second, speaker: 'anna', part: 'train' },
      { text: 'né', sound: second, speaker: 'ben', part: 'validation' },
    ]);
    expect(advice).toContainEqual({ code: 'unlearned-symbols', params: { symbols: 'é' } });
  });

  it('tells of long and of silent recordings', async () => {
    const silence = writeWav(new Int16Array(16_000), 16_000);
    const advice = await adviceOf([
      { text: 'one', sound: tone(31) },
      { text: 'two', sound: silence },
    ]);
    expect(advice).toContainEqual({ code: 'long-recordings', params: { seconds: 30, number: 1 } });
    expect(advice).toContainEqual({ code: 'silent-recordings', params: { number: 1, line: 3 } });
  });
});
