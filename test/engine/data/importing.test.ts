import { promises as fs } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readWav } from '../../../app/audio/wav';
import { datasetSchema, importReportSchema, MAX_EXAMPLES } from '../../../app/contract/dataset';
import chineseData from '../../../assets/messages/zh/data.json';
import chineseErrors from '../../../assets/messages/zh/errors.json';
import englishData from '../../../assets/messages/en/data.json';
import englishErrors from '../../../assets/messages/en/errors.json';
import { leftOutText } from '../../../app/dataSentences';
import { importData, type ImportOptions } from '../../../engine/data/importing';
import { readManifest } from '../../../engine/data/manifest';
import { folderOf, tone, type Tree } from './importers/tree';
import { temporaryFolder } from '../temporary';

const usual: ImportOptions = { format: null, isCopying: false, isReplacing: false, seed: 1 };
async function imported(tree: Tree, options: Partial<ImportOptions> = {}) {
  const source = await folderOf(tree);
  const out = join(await temporaryFolder(), 'set');
  const report = await importData(source, out, { ...usual, ...options });
  return { source, out, report };
}
const digits: Tree = Object.fromEntries(
  ['anna', 'ben', 'carla', 'dan'].flatMap((speaker) =>
    ['7', '8'].map((word, index) => [`${word}_${speaker}_${index}.wav`, tone(0.4, 300 + 100 * index)]),
  ),
);
const allFiles = async (folder: string): Promise<string[]> =>
  (await fs.readdir(folder, { recursive: true })).map(String).sort();

/** Everything that can be wrong with a recording, once. */
const broken: Tree = {
  'list.tsv': [
    'path\ttranscript\tspeaker',
    'good.wav\tone two\tanna',
    'gone.wav\tone\tanna',
    'bad.wav\tone\tanna',
    'empty.wav\tone\tanna',
    'good2.wav\t \tanna',
    'good2.wav\tone\u0000two\tanna',
    `short.wav\t${'a'.repeat(30)}\tanna`,
    'good.wav\tone two\tben',
    'nothing said',
  ].join('\n'),
  'good.wav': tone(1),
  'good2.wav': tone(1),
  'short.wav': tone(0.5),
  'bad.wav': 'This is no sound.',
  'empty.wav': '',
};

describe('an import', () => {
  it('makes a list that training reads, and says what is in it', async () => {
    const { source, out, report } = await imported(digits);
    expect(await allFiles(out)).toEqual(['dataset.json', 'manifest.tsv']);
    const rows = await readManifest(join(out, 'manifest.tsv'));
    expect(rows.map(({ path, transcript, speaker }) => [path, transcript, speaker])).toEqual(
      Object.keys(digits)
        .sort()
        .map((name) => [join(source, name), name[0], name.split('_')[1]]),
    );
    expect(importReportSchema.parse(report)).toMatchObject({
      source: { path: source, format: 'fsdd', evidence: { file: '7_anna_0.wav' } },
      sound: 'referred',
      taken: { recordings: 8, speakers: 4, words: 8 },
      leftOut: [],
      symbols: ['7', '8'],
    });
    expect(report.taken.seconds).toBeCloseTo(3.2, 6);
    const stored = datasetSchema.parse(JSON.parse(await fs.readFile(join(out, 'dataset.json'), 'utf8')));
    expect(stored).toMatchObject({ taken: report.taken, split: report.split, alphabet: { symbols: ['7', '8'] } });
  });

  it('stores parts that share no speaker', async () => {
    const { out, report } = await imported(digits);
    const rows = await readManifest(join(out, 'manifest.tsv'));
    const partOf = new Map(rows.map(({ speaker, part }) => [speaker, part]));
    expect(rows.every(({ speaker, part }) => partOf.get(speaker) === part)).toBe(true);
    expect(report.parts.map(({ part, speakers }) => [part, speakers])).toEqual([
      ['train', 2],
      ['validation', 1],
      ['test', 1],
    ]);
  });

  it('names everything that it leaves out, with list and line', async () => {
    const { source, report } = await imported(broken);
    expect(report.taken).toMatchObject({ recordings: 1, words: 2 });
    const list = join(source, 'list.tsv');
    expect(
      report.leftOut.map(({ reason, count, examples }) => [reason, count, examples.map(({ line }) => line)]),
    ).toEqual([
      ['missing-file', 1, [3]],
      ['unreadable-audio', 2, [4, 5]],
      ['empty-transcript', 1, [6]],
      ['unmappable-transcript', 1, [7]],
      ['too-short', 1, [8]],
      ['duplicate', 1, [9]],
      ['bad-line', 1, [10]],
    ]);
    expect(report.leftOut.flatMap(({ examples }) => examples.map(({ file }) => file))).toEqual(Array(8).fill(list));
  });

  it('says why in both languages', async () => {
    const { source, report } = await imported(broken);
    const sentences = (data: typeof englishData, errors: typeof englishErrors): string[] =>
      report.leftOut.flatMap(({ reason, examples }) =>
        examples.map((example) => leftOutText({ data, errors }, reason, example).replaceAll(`${source}/`, '')),
      );
    expect(sentences(englishData, englishErrors)).toEqual([
      'list.tsv, line 3: gone.wav was not found.',
      'list.tsv, line 4: bad.wav could not be read as audio. It is none of WAV, FLAC, MP3, Ogg Vorbis and Opus.',
      'list.tsv, line 5: empty.wav holds no sound.',
      'list.tsv, line 6: Its text is empty.',
      'list.tsv, line 7: No alphabet can hold U+0000, which is in its text.',
      'list.tsv, line 8: Its text of 30 symbols needs at least 0.59 s of sound, but there are 0.5 s.',
      'list.tsv, line 9: This sound is already taken from list.tsv:2.',
      'list.tsv, line 10: It must have the form path<TAB>transcript.',
    ]);
    expect(sentences(chineseData, chineseErrors)[0]).toBe('list.tsv，第 3 行：找不到 gone.wav。');
  });

  it('names a bad sound once where it stands for itself', async () => {
    const { source, report } = await imported({ ...digits, '9_anna_0.wav': 'no sound' });
    const [group] = report.leftOut;
    const language = { data: englishData, errors: englishErrors };
    expect(leftOutText(language, group!.reason, group!.examples[0]!)).toBe(
      `${join(source, '9_anna_0.wav')} could not be read as audio. It is none of WAV, FLAC, MP3, Ogg Vorbis and Opus.`,
    );
  });

  it('counts every case of a reason, and names the first of them', async () => {
    const lines = Array.from({ length: 25 }, (_, index) => `gone${index}.wav\tone`);
    const { report } = await imported({
      'list.tsv': `path\ttranscript\n${lines.join('\n')}\na.wav\tone`,
      'a.wav': tone(1),
    });
    expect(report.leftOut).toMatchObject([{ reason: 'missing-file', count: 25 }]);
    expect(report.leftOut[0]?.examples).toHaveLength(MAX_EXAMPLES);
  });

  it('composes texts and takes the alphabet from them', async () => {
    const { out, report } = await imported({ 'a.wav': tone(1), 'a.txt': ' e\u0301te\u0301\n  x\u0302 ' });
    expect((await readManifest(join(out, 'manifest.tsv')))[0]?.transcript).toBe('\u00e9t\u00e9 x\u0302');
    expect(report.symbols).toEqual([' ', 't', 'x\u0302', '\u00e9']);
  });

  it('reads the source as it is told to', async () => {
    const tree = { 'yes/7_anna_0.wav': tone(1), 'no/8_ben_0.wav': tone(1) };
    const { report } = await imported(tree, { format: 'fsdd' });
    expect(report).toMatchObject({ source: { format: 'fsdd', evidence: null }, symbols: ['7', '8'] });
  });

  it('copies the sound where that is asked for, so that the folder can be moved', async () => {
    const { source, out } = await imported(digits, { isCopying: true });
    const moved = `${out}-moved`;
    await fs.rename(out, moved);
    await fs.rm(source, { recursive: true });
    const rows = await readManifest(join(moved, 'manifest.tsv'));
    expect(rows.map(({ path }) => dirname(path))).toEqual(Array(8).fill(join(moved, 'clips')));
    expect(await fs.readFile(rows[0]!.path)).toEqual(Buffer.from(digits['7_anna_0.wav'] as Uint8Array));
  });

  it('cuts the segments of a longer recording out as WAV', async () => {
    const { out, report } = await imported({
      'wav.scp': 'r1 a.wav\n',
      text: 'u1 one\nu2 two\nu3 three\nu4 far\n',
      segments: 'u1 r1 0.5 1.25\nu2 r1 1 -1\nu3 r1 1 9\nu4 r1 5 6\n',
      'a.wav': tone(2),
    });
    const rows = await readManifest(join(out, 'manifest.tsv'));
    const seconds = await Promise.all(
      rows.map(async ({ path }) => readWav(await fs.readFile(path), path).channels[0]!.length / 16_000),
    );
    expect(seconds).toEqual([0.75, 1, 1]);
    expect(report.leftOut).toMatchObject([{ reason: 'too-short', count: 1, examples: [{ line: 4 }] }]);
  });

  it('leaves out a path that a list cannot name, unless the sound is copied', async () => {
    const tree = { 'a\tb.wav': tone(1), 'a\tb.txt': 'one', 'c.wav': tone(1), 'c.txt': 'two' };
    const { report } = await imported(tree);
    expect(report).toMatchObject({ taken: { recordings: 1 }, leftOut: [{ reason: 'unwritable-path' }] });
    const copied = await imported(tree, { isCopying: true });
    expect(copied.report.taken.recordings).toBe(2);
    expect(await readManifest(join(copied.out, 'manifest.tsv'))).toHaveLength(2);
  });

  it('tells nothing of who speaks by recording: then the parts are chosen among recordings', async () => {
    const { report } = await imported({ 'a.wav': tone(1), 'a.txt': 'one', 'b.wav': tone(1, 500), 'b.txt': 'two' });
    expect(report.split).toEqual({ seed: 1, validation: 0.1, test: 0.1, by: 'recording' });
  });
});

describe('the folder of an import', () => {
  it('is not made where nothing could be taken', async () => {
    const { out, report } = await imported({ 'a.wav': 'no sound', 'a.txt': 'one' });
    expect(report.taken.recordings).toBe(0);
    expect(importReportSchema.safeParse(report).error).toBeUndefined();
    expect(await fs.readdir(dirname(out))).toEqual([]);
  });

  it('may be there if it is empty', async () => {
    const out = await temporaryFolder();
    await importData(await folderOf(digits), out, usual);
    expect(await allFiles(out)).toEqual(['dataset.json', 'manifest.tsv']);
  });

  it('is never one of something else, not even to replace it', async () => {
    const out = await folderOf({ 'thesis.txt': 'years of work' });
    for (const isReplacing of [false, true]) {
      const again = importData(await folderOf(digits), out, { ...usual, isReplacing });
      await expect(again).rejects.toMatchObject({ code: 'dataset.folderTaken', params: { folder: out } });
    }
    expect(await allFiles(out)).toEqual(['thesis.txt']);
  });

  it('is replaced only where that is asked for', async () => {
    const { out } = await imported(digits);
    const other = await folderOf({ 'a.wav': tone(1), 'a.txt': 'one' });
    await expect(importData(other, out, usual)).rejects.toMatchObject({ code: 'dataset.folderIsSet' });
    await importData(other, out, { ...usual, isReplacing: true });
    expect(await readManifest(join(out, 'manifest.tsv'))).toHaveLength(1);
    expect(await fs.readdir(dirname(out))).toEqual([basename(out)]);
  });

  it('is not replaced where something else lies in it', async () => {
    const { out } = await imported(digits);
    await fs.writeFile(join(out, 'notes.txt'), 'mine');
    const again = importData(await folderOf(digits), out, { ...usual, isReplacing: true });
    await expect(again).rejects.toMatchObject({ code: 'dataset.folderHasMore', params: { file: 'notes.txt' } });
  });

  it.each([
    ['inside the source', (source: string) => [source, join(source, 'set')] as const],
    ['the source itself', (source: string) => [source, source] as const],
    ['around the source', (source: string) => [join(source, 'clips'), source] as const],
  ])('is not %s', async (_what, pathsOf) => {
    const [source, out] = pathsOf(await folderOf({ 'clips/7_anna_0.wav': tone(1) }));
    await expect(importData(source, out, usual)).rejects.toMatchObject({ code: 'dataset.inside' });
  });

  it('is not there after an import that was stopped, nor is anything else', async () => {
    const out = join(await temporaryFolder(), 'set');
    const stop = new AbortController();
    const reason = new Error('enough');
    const options = { ...usual, isCopying: true, signal: stop.signal, onProgress: () => stop.abort(reason) };
    await expect(importData(await folderOf(digits), out, options)).rejects.toBe(reason);
    expect(await fs.readdir(dirname(out))).toEqual([]);
  });

  it('comes out whole after an import that was killed, and what that one left is cleared away', async () => {
    const { out, source } = await imported(digits);
    const parent = dirname(out);
    // No process has this number: Linux ends at 2²², and other systems before it.
    const gone = 4_194_305;
    await fs.rename(out, join(parent, `.set.${gone}.replaced`));
    await fs.mkdir(join(parent, `.set.${gone}.importing`));
    await expect(importData(source, out, usual)).rejects.toMatchObject({ code: 'dataset.folderIsSet' });
    expect(await fs.readdir(parent)).toEqual(['set']);
    expect(await readManifest(join(out, 'manifest.tsv'))).toHaveLength(8);
  });
});
