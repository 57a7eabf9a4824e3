import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeWav } from '../../../app/audio/wav';
import { checkData } from '../../../engine/data/checking';
import { DataSets } from '../../../engine/data/dataSets';
import { importData } from '../../../engine/data/importing';
import { readManifest } from '../../../engine/data/manifest';
import { readSetContent, trainableRows, writeSetContent } from '../../../engine/data/setFiles';
import { temporaryFolder } from '../temporary';
import { folderOf, tone, type Tree } from './importers/tree';

const ID = 'a-set';
const SPOKEN = ['anna', 'ben', 'cleo', 'dora'].flatMap((speaker, voice) =>
  ['one', 'two', 'three'].map((word, at) => ({ word, speaker, seconds: 0.6 + 0.1 * at, hertz: 300 + 50 * voice })),
);
const TREE: Tree = Object.fromEntries(
  SPOKEN.map(({ word, speaker, seconds, hertz }): [string, Uint8Array] => [
    `${word}_${speaker}_0.wav`,
    tone(seconds, hertz + seconds),
  ]),
);

/** A data folder with one set, as the command line makes it. */
async function sets(tree: Tree = TREE) {
  const root = join(await temporaryFolder(), 'sets');
  const options = { format: 'fsdd', isCopying: true, isReplacing: false, seed: 1 } as const;
  await importData(await folderOf(tree), join(root, ID), options);
  const changed: string[] = [];
  const open = (now = new Date('2026-03-01')): Promise<DataSets> =>
    DataSets.open(root, { onChanged: (ids) => changed.push(...ids), now: () => now });
  return { root, open, changed, folder: join(root, ID) };
}
const rowsOf = async (data: DataSets, id = ID) => (await data.rows(id, 0, 500)).rows;
const codesOf = (row: { notes: readonly { code: string }[] } | undefined): string[] =>
  (row?.notes ?? []).map(({ code }) => code);

describe('the data sets of a data folder', () => {
  it('take in what the command line put there', async () => {
    const data = await (await sets()).open();
    expect(await data.list()).toMatchObject([{ id: ID, title: ID, recordings: 12, speakers: 4, origin: 'imported' }]);
    const { rows, total } = await data.rows(ID, 1, 2);
    expect(total).toBe(12);
    expect(rows).toMatchObject([
      { rowId: 1, name: '000002-one_ben_0.wav', text: 'one', speaker: 'ben', seconds: 0.6, notes: [] },
      { rowId: 2, text: 'one', speaker: 'cleo' },
    ]);
    expect(rows[0]?.secondsPerSymbol).toBeCloseTo(0.2);
    expect(rows[0]?.peaks.length).toBe(96);
  });

  it('are made empty, named, put into the trash and taken out again', async () => {
    const { open, changed } = await sets();
    const data = await open();
    const { id } = await data.create('My words');
    expect(await data.rename(id, 'Our words')).toMatchObject({ title: 'Our words', recordings: 0, origin: 'recorded' });
    await data.delete(id);
    expect((await data.list()).map((set) => set.id)).toEqual([ID]);
    await expect(data.rows(id, 0, 10)).rejects.toMatchObject({ code: 'dataset.missing' });
    await data.restore(id);
    expect((await (await open()).list()).find((set) => set.id === id)).toMatchObject({ title: 'Our words' });
    expect(new Set(changed)).toEqual(new Set([id]));
  });

  it('leave the trash after 30 days', async () => {
    const { open, folder } = await sets();
    await (await open(new Date('2026-03-01'))).delete(ID);
    await open(new Date('2026-03-30'));
    await expect(fs.access(folder)).resolves.toBeUndefined();
    await open(new Date('2026-04-02'));
    await expect(fs.access(folder)).rejects.toThrow();
  });

  it('are told even where one cannot be read', async () => {
    const { open, folder } = await sets();
    await (await open()).create('Whole');
    await fs.writeFile(join(folder, 'dataset.json'), '{}');
    const list = await (await open()).list();
    expect(list.map(({ title, problem }) => [title, problem?.code])).toEqual([
      ['Whole', undefined],
      [ID, 'config.invalid'],
    ]);
  });

  it.each(['dataset.json', 'set.json', 'manifest.tsv'])(
    'go to the trash and come back even where their %s cannot be read',
    async (file) => {
      const { open, folder, changed } = await sets();
      await (await open()).list();
      await fs.writeFile(join(folder, file), 'no\tsuch\tform\n{');
      const data = await open();
      expect((await data.list()).map(({ id, problem }) => [id, problem !== null])).toEqual([[ID, true]]);
      await data.delete(ID);
      expect(changed.at(-1)).toBe(ID);
      expect(await data.list()).toEqual([]);
      expect(await (await open()).list()).toEqual([]);
      await expect(data.delete(ID)).rejects.toMatchObject({ code: 'dataset.missing' });
      expect((await data.restore(ID)).problem).not.toBeNull();
      expect(await data.list()).toHaveLength(1);
      await data.delete(ID);
      await open(new Date('2026-04-02'));
      await expect(fs.access(folder)).rejects.toThrow();
    },
  );

  it('have no set outside their folder', async () => {
    const { open } = await sets();
    await expect((async () => (await open()).rows('..', 0, 1))()).rejects.toThrow();
    await expect((await open()).rows('none', 0, 1)).rejects.toMatchObject({ code: 'dataset.missing' });
  });
});

describe('a row of a data set', () => {
  it('is edited on disk, and the alphabet follows', async () => {
    const { open, folder } = await sets();
    const data = await open();
    const row = await data.edit({ setId: ID, rowId: 3, text: ' zwölf\n ', speaker: 'ben', isLeftOut: false });
    expect(row).toMatchObject({ rowId: 3, text: 'zwölf', speaker: 'ben' });
    expect((await readManifest(join(folder, 'manifest.tsv')))[3]).toMatchObject({
      transcript: 'zwölf',
      speaker: 'ben',
    });
    expect((await readSetContent(folder)).dataset.alphabet.symbols).toContain('ö');
    expect((await checkData(folder)).unmappable).toEqual([]);
  });

  it('that is left out stays in the list, and nothing else counts it', async () => {
    const { open, root, folder } = await sets();
    const data = await open();
    await data.edit({ setId: ID, rowId: 0, text: 'one', speaker: 'anna', isLeftOut: true });
    expect((await rowsOf(data))[0]).toMatchObject({ isLeftOut: true });
    expect((await data.list())[0]).toMatchObject({ recordings: 11 });
    expect((await data.check(ID)).usable.recordings).toBe(11);
    expect(await trainableRows(root, ID)).toHaveLength(11);
    expect((await checkData(folder)).usable.recordings).toBe(11);
    await data.edit({ setId: ID, rowId: 0, text: 'one', speaker: 'anna', isLeftOut: false });
    expect(await trainableRows(root, ID)).toHaveLength(12);
  });

  it('goes where its new speaker is', async () => {
    const { open } = await sets();
    const data = await open();
    const rows = await rowsOf(data);
    const partOf = (speaker: string) => rows.find((row) => row.speaker === speaker)?.part;
    const from = 'anna';
    const to = ['ben', 'cleo', 'dora'].find((speaker) => partOf(speaker) !== partOf(from))!;
    const { rowId, text } = rows.find((row) => row.speaker === from)!;
    expect(await data.edit({ setId: ID, rowId, text, speaker: to, isLeftOut: false })).toMatchObject({
      part: partOf(to),
    });
  });

  it('is heard as it is', async () => {
    const data = await (await sets()).open();
    expect(await data.audio(ID, 0)).toHaveLength(9600);
    await expect(data.audio(ID, 12)).rejects.toMatchObject({ code: 'dataset.rowMissing' });
  });

  it('says what is to be looked at', async () => {
    const { open, folder } = await sets();
    const data = await open();
    await rowsOf(data);
    const files = (await readManifest(join(folder, 'manifest.tsv'))).map(({ path }) => path);
    await fs.rm(files[0]!);
    await fs.writeFile(files[1]!, 'no sound');
    await fs.writeFile(files[2]!, tone(0.02));
    const edit = (rowId: number, text: string) =>
      data.edit({ setId: ID, rowId, text, speaker: null, isLeftOut: false });
    await edit(3, '');
    await edit(4, 'o\u0000');
    await edit(5, 'a text that is far too long for what is said');
    const rows = await rowsOf(data);
    expect(rows.slice(0, 6).map(codesOf)).toEqual([
      ['missing'],
      ['unreadable'],
      ['too-short', 'fast'],
      ['empty-text'],
      ['unmappable'],
      ['fast'],
    ]);
    expect(rows[1]?.notes[0]?.params).toMatchObject({ error: 'audio.unreadable', file: '000002-one_ben_0.wav' });
    expect(rows[0]).toMatchObject({ seconds: null, secondsPerSymbol: null });
    expect(rows[6]?.notes).toEqual([]);
  });

  it('says that it is silent, clipped or mostly silence', async () => {
    const { open, folder } = await sets();
    const [silent, clipped, long] = (await readManifest(join(folder, 'manifest.tsv'))).map(({ path }) => path);
    const loud = (n: number): number => (n < 9600 ? 32_767 * Math.sign(Math.sin(n / 20)) : 0);
    await fs.writeFile(silent!, writeWav(new Int16Array(9600), 16_000));
    await fs.writeFile(
      clipped!,
      writeWav(
        Int16Array.from({ length: 9600 }, (_, n) => loud(n)),
        16_000,
      ),
    );
    await fs.writeFile(
      long!,
      writeWav(
        Int16Array.from({ length: 48_000 }, (_, n) => loud(n) / 4),
        16_000,
      ),
    );
    const rows = await rowsOf(await open());
    expect(rows.slice(0, 2).map(codesOf)).toEqual([['silent'], ['clipped']]);
    expect(codesOf(rows[2])).toContain('much-silence');
  });
});

describe('the parts of a data set', () => {
  it('are chosen anew, by speaker, and stored', async () => {
    const { open, folder } = await sets();
    const data = await open();
    const split = await data.split({ setId: ID, seed: 7, validation: 0.25, test: 0.25 });
    expect(split).toEqual({ seed: 7, validation: 0.25, test: 0.25, by: 'speaker' });
    const rows = await readManifest(join(folder, 'manifest.tsv'));
    const parts = new Map(rows.map(({ speaker, part }) => [speaker, part]));
    expect([...parts.values()].sort()).toEqual(['test', 'train', 'train', 'validation']);
    expect(rows.every(({ speaker, part }) => parts.get(speaker) === part)).toBe(true);
    expect((await (await open()).list())[0]?.split).toEqual(split);
    const again = await (await open()).split({ setId: ID, seed: 7, validation: 0.25, test: 0.25 });
    expect(again).toEqual(split);
    expect(await readManifest(join(folder, 'manifest.tsv'))).toEqual(rows);
  });
});

describe('a change of a data set', () => {
  it('that was cut short between its two files is brought to its end', async () => {
    const { open, folder } = await sets();
    const before = await readSetContent(folder);
    const rows = before.rows.map((row) => ({ ...row, transcript: 'é' }));
    const dataset = { ...before.dataset, alphabet: { ...before.dataset.alphabet, symbols: ['é'] } };
    await writeSetContent(folder, { dataset, rows }, before);
    const manifest = await fs.readFile(join(folder, 'manifest.tsv'), 'utf8');
    await writeSetContent(folder, before, { dataset, rows });
    await fs.writeFile(join(folder, 'change.json'), JSON.stringify({ manifest, dataset }));
    expect((await rowsOf(await open())).every(({ text }) => text === 'é')).toBe(true);
    expect((await readSetContent(folder)).dataset.alphabet.symbols).toEqual(['é']);
    await expect(fs.access(join(folder, 'change.json'))).rejects.toThrow();
  });

  it('made by hand is seen', async () => {
    const { open, folder } = await sets();
    const data = await open();
    await rowsOf(data);
    const list = await fs.readFile(join(folder, 'manifest.tsv'), 'utf8');
    await fs.writeFile(join(folder, 'manifest.tsv'), list.replace('\tone\t', '\tthirty\t'));
    expect((await rowsOf(data))[0]?.text).toBe('thirty');
  });

  it('comes after the one before it', async () => {
    const data = await (await sets()).open();
    const edits = Array.from({ length: 12 }, (_, rowId) =>
      data.edit({ setId: ID, rowId, text: `word ${rowId}`, speaker: null, isLeftOut: false }),
    );
    await Promise.all(edits);
    expect((await rowsOf(data)).map(({ text }) => text)).toEqual(Array.from({ length: 12 }, (_, at) => `word ${at}`));
  });
});

describe('a recording that is added', () => {
  it('becomes a row, and of the same clip only one', async () => {
    const { open, folder } = await sets();
    const data = await open();
    const { id } = await data.create('Own');
    const put = (transcript: string) =>
      data.put(
        id,
        'clip.wav',
        { transcript, speaker: 'me', corpus: null, device: 'Headset', isLeftOut: false },
        (path) => fs.writeFile(path, tone(1)),
      );
    await put('one');
    expect(await put('two')).toMatchObject({ rowId: 0, text: 'two', seconds: 1 });
    expect(await rowsOf(data, id)).toHaveLength(1);
    const own = join(folder, '..', id);
    expect(await fs.readFile(join(own, 'manifest.tsv'), 'utf8')).toContain('clips/clip.wav\ttwo\tme\t\ttrain\tHeadset');
    expect((await checkData(own)).usable.recordings).toBe(1);
    expect((await (await open()).list()).find((set) => set.id === id)).toMatchObject({ recordings: 1, speakers: 1 });
  });
});
