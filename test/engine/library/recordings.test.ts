import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Utterance } from '../../../app/contract/recognition';
import type { TakeDescription } from '../../../engine/library/recordingFiles';
import { Recordings } from '../../../engine/library/recordings';
import { temporaryFolder } from '../temporary';

const DAY_MS = 86_400_000;
const START = new Date('2026-03-14T09:26:00Z');

const describeTake = (id: string, createdAt = START): TakeDescription => ({
  format: 'unroll-take',
  version: 1,
  id,
  title: 'A title',
  createdAt: createdAt.toISOString(),
  source: 'microphone',
  modelId: 'digits',
  marks: [],
  owner: 1,
});
const word = (text: string): Utterance => ({
  startMs: 0,
  endMs: 10,
  words: [{ text, startMs: 0, endMs: 10, confidence: 1, isKnown: true, characters: [] }],
});

/** A finished recording of `samples` samples. */
async function record(recordings: Recordings, id: string, samples = 16_000, createdAt = START) {
  const take = await recordings.createTake(describeTake(id, createdAt));
  await take.append(new Int16Array(samples).fill(7));
  return recordings.finishTake(take, { utterances: [word('one'), word('two')], isRecovered: false });
}
/** A take whose engine died. */
async function cutShort(root: string, id: string, samples: number): Promise<void> {
  const recordings = await Recordings.open(root);
  const take = await recordings.createTake(describeTake(id));
  await take.append(new Int16Array(samples).fill(7));
  await take.close();
}
const manifestPath = (root: string, id: string): string => join(root, id, 'manifest.json');
async function edit(root: string, id: string, change: (manifest: Record<string, unknown>) => unknown): Promise<void> {
  const manifest = JSON.parse(await fs.readFile(manifestPath(root, id), 'utf8')) as Record<string, unknown>;
  await fs.writeFile(manifestPath(root, id), JSON.stringify(change(manifest)));
}

describe('recordings', () => {
  it('are listed newest first, with their text, and found again by another engine', async () => {
    const root = await temporaryFolder();
    const recordings = await Recordings.open(root);
    await record(recordings, 'older', 8_000, new Date(START.getTime() - DAY_MS));
    await record(recordings, 'newer');
    const { recordings: listed, totalBytes } = recordings.list();
    expect(listed.map(({ id, text, durationMs, modelId }) => [id, text, durationMs, modelId])).toEqual([
      ['newer', 'one\ntwo', 1000, 'digits'],
      ['older', 'one\ntwo', 500, 'digits'],
    ]);
    expect(totalBytes).toBeGreaterThan(2 * (16_000 + 8_000));
    expect((await Recordings.open(root)).list()).toEqual(recordings.list());
  });

  it('give their sound piece by piece, and none past the end', async () => {
    const recordings = await Recordings.open(await temporaryFolder());
    const take = await recordings.createTake(describeTake('a'));
    const pcm = Int16Array.from({ length: 1000 }, (_, n) => n - 500);
    await take.append(pcm);
    await recordings.finishTake(take, { utterances: [], isRecovered: false });
    expect(await recordings.audio('a', 100, 50)).toEqual({ pcm: pcm.slice(100, 150), totalSamples: 1000 });
    expect(await recordings.audio('a', 990, 50)).toEqual({ pcm: pcm.slice(990), totalSamples: 1000 });
    expect(await recordings.audio('a', 5000, 50)).toEqual({ pcm: new Int16Array(0), totalSamples: 1000 });
  });

  it('are renamed on disk', async () => {
    const root = await temporaryFolder();
    const recordings = await Recordings.open(root);
    await record(recordings, 'a');
    expect(await recordings.rename('a', 'Shopping 买东西')).toMatchObject({
      title: 'Shopping 买东西',
      text: 'one\ntwo',
    });
    expect((await Recordings.open(root)).list().recordings).toMatchObject([{ title: 'Shopping 买东西' }]);
  });

  it('leave the list when deleted, and come back', async () => {
    const recordings = await Recordings.open(await temporaryFolder());
    const summary = await record(recordings, 'a');
    await recordings.delete('a');
    expect(recordings.list()).toEqual({ recordings: [], total: 0, totalMs: 0, totalBytes: 0 });
    expect(await recordings.restore('a')).toEqual(summary);
    expect(recordings.list().recordings).toEqual([summary]);
  });

  it.each([
    [29, ['manifest.json']],
    [31, []],
  ])('in the trash for %i days are kept or gone', async (days, left) => {
    const root = await temporaryFolder();
    const recordings = await Recordings.open(root, { now: () => START });
    await record(recordings, 'a');
    await recordings.delete('a');
    await Recordings.open(root, { now: () => new Date(START.getTime() + days * DAY_MS) });
    const names = await fs.readdir(join(root, 'a')).catch(() => []);
    expect(names.filter((name) => name === 'manifest.json')).toEqual(left);
  });

  it('in the trash stay where the clock or the date is wrong', async () => {
    const root = await temporaryFolder();
    await record(await Recordings.open(root), 'a');
    await edit(root, 'a', (manifest) => ({ ...manifest, deletedAt: 'some day' }));
    expect((await Recordings.open(root)).list().recordings).toEqual([]);
    expect(await fs.readdir(root)).toEqual(['a']);
  });

  it('keep a correction beside what was heard, and lose it again', async () => {
    const root = await temporaryFolder();
    const recordings = await Recordings.open(root);
    await record(recordings, 'a');
    const place = { recordingId: 'a', modelId: 'digits', first: 1, count: 1 };
    const ten = { ...word('two'), words: word('two').words.map((each) => ({ ...each, correction: 'ten' })) };
    expect(await recordings.edit({ ...place, utterances: [ten] })).toMatchObject({ text: 'one\nten', corrections: 1 });
    const again = await Recordings.open(root);
    expect(again.list().recordings).toMatchObject([{ text: 'one\nten' }]);
    expect((await again.get('a')).transcripts[0]?.utterances[1]?.words).toMatchObject([
      { text: 'two', correction: 'ten' },
    ]);
    expect(await again.edit({ ...place, utterances: [word('two')] })).toMatchObject({ text: 'one\ntwo' });
    await expect(again.edit({ ...place, first: 7, utterances: [] })).rejects.toMatchObject({
      code: 'recording.noLine',
    });
  });

  it('keep one transcript per model, the newest last', async () => {
    const recordings = await Recordings.open(await temporaryFolder());
    await record(recordings, 'a');
    await recordings.setTranscript('a', { modelId: 'other', utterances: [word('three')] });
    await recordings.setTranscript('a', { modelId: 'digits', utterances: [word('four')] });
    const { transcripts } = await recordings.get('a');
    expect(transcripts.map(({ modelId }) => modelId)).toEqual(['other', 'digits']);
    expect(recordings.list().recordings).toMatchObject([{ text: 'four' }]);
  });

  it('take many changes at once without losing one', async () => {
    const recordings = await Recordings.open(await temporaryFolder());
    await record(recordings, 'a');
    await Promise.all([
      recordings.rename('a', 'New'),
      recordings.setTranscript('a', { modelId: 'other', utterances: [] }),
      recordings.delete('a'),
      recordings.restore('a'),
    ]);
    const manifest = await recordings.get('a');
    expect(manifest).toMatchObject({ title: 'New', deletedAt: null });
    expect(manifest.transcripts).toHaveLength(2);
  });

  it('that are not there are named so', async () => {
    const recordings = await Recordings.open(await temporaryFolder());
    await expect(recordings.get('none')).rejects.toMatchObject({ code: 'recording.missing' });
    await expect(recordings.rename('none', 'x')).rejects.toMatchObject({ code: 'recording.missing' });
  });
});

describe('marks', () => {
  it('are kept in the order of time, and a recording made before there were any has none', async () => {
    const root = await temporaryFolder();
    await record(await Recordings.open(root), 'a');
    await edit(root, 'a', ({ marks: _, ...manifest }) => manifest);
    const recordings = await Recordings.open(root);
    expect((await recordings.get('a')).marks).toEqual([]);
    await recordings.mark('a', [900, 300]);
    expect((await (await Recordings.open(root)).get('a')).marks).toEqual([300, 900]);
  });
});

describe('a recording that this version cannot read', () => {
  const problems: [string, (manifest: Record<string, unknown>) => unknown, string][] = [
    ['of a newer version', (manifest) => ({ ...manifest, version: 99, mood: 'good' }), 'newer version'],
    ['with a field missing', ({ durationMs: _, ...manifest }) => manifest, 'durationMs'],
    ['copied from another', (manifest) => ({ ...manifest, id: 'b' }), 'another recording'],
    ['with no object inside', () => null, 'not valid JSON'],
  ];
  it.each(problems)('%s is shown, plays, and is left as it is', async (_name, change, reason) => {
    const root = await temporaryFolder();
    await record(await Recordings.open(root), 'a');
    await edit(root, 'a', change);
    const before = await fs.readFile(manifestPath(root, 'a'));
    const recordings = await Recordings.open(root);
    expect(recordings.list().recordings).toMatchObject([{ id: 'a', durationMs: 1000, text: '' }]);
    expect((await recordings.audio('a', 0, 10)).totalSamples).toBe(16_000);
    const attempts = [() => recordings.get('a'), () => recordings.rename('a', 'x'), () => recordings.delete('a')];
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: 'recording.damaged' });
    await expect(recordings.get('a')).rejects.toThrow(reason);
    expect(await fs.readFile(manifestPath(root, 'a'))).toEqual(before);
  });

  it('does not keep the others from being listed', async () => {
    const root = await temporaryFolder();
    const recordings = await Recordings.open(root);
    await record(recordings, 'a');
    await record(recordings, 'b');
    await fs.writeFile(manifestPath(root, 'a'), '{ "format": "unrol');
    await fs.rm(manifestPath(root, 'b'));
    await fs.writeFile(join(root, 'notes.txt'), 'mine');
    await fs.mkdir(join(root, 'Not an id'));
    expect(
      (await Recordings.open(root))
        .list()
        .recordings.map(({ id }) => id)
        .sort(),
    ).toEqual(['a', 'b']);
    expect((await fs.readdir(root)).sort()).toEqual(['Not an id', 'a', 'b', 'notes.txt']);
  });
});

describe('a take that was cut short', () => {
  it('is found, put together, and marked', async () => {
    const root = await temporaryFolder();
    await cutShort(root, 'a', 24_000);
    const recordings = await Recordings.open(root);
    expect(recordings.list().recordings).toEqual([]);
    expect(recordings.interrupted).toMatchObject([{ id: 'a', modelId: 'digits' }]);
    expect(await recordings.recover('a')).toMatchObject({
      id: 'a',
      durationMs: 1500,
      isRecovered: true,
      title: 'A title',
    });
    expect(recordings.interrupted).toEqual([]);
    expect((await fs.readdir(join(root, 'a'))).sort()).toEqual(['audio.wav', 'manifest.json']);
    const header = (await fs.readFile(join(root, 'a', 'audio.wav'))).readUInt32LE(40);
    expect(header).toBe(24_000 * 2);
  });

  it('is put together once', async () => {
    const root = await temporaryFolder();
    await cutShort(root, 'a', 100);
    const recordings = await Recordings.open(root);
    await recordings.recover('a');
    expect(await recordings.recover('a')).toBeNull();
  });

  it('is removed where it holds no sound', async () => {
    const root = await temporaryFolder();
    await cutShort(root, 'a', 0);
    const recordings = await Recordings.open(root);
    expect(await recordings.recover('a')).toBeNull();
    expect(await fs.readdir(root)).toEqual([]);
  });

  it('is put together where the engine died before the first write', async () => {
    const root = await temporaryFolder();
    await cutShort(root, 'a', 100);
    await fs.rm(join(root, 'a', 'audio.part.wav'));
    const recordings = await Recordings.open(root);
    expect(await recordings.recover('a')).toBeNull();
  });

  /** The steps of finishing, each as the last that was done. */
  const deaths: [string, (folder: string) => Promise<void>, boolean][] = [
    ['the rename', (folder) => fs.rm(join(folder, 'manifest.json')), true],
    ['the manifest', async () => undefined, false],
  ];
  it.each(deaths)('after %s of its end loses nothing', async (_name, undo, isInterrupted) => {
    const root = await temporaryFolder();
    const before = await Recordings.open(root);
    const take = await before.createTake(describeTake('a'));
    const takeFile = join(root, 'a', 'take.json');
    const description = await fs.readFile(takeFile);
    await take.append(new Int16Array(4000));
    await before.finishTake(take, { utterances: [], isRecovered: false });
    await fs.writeFile(takeFile, description);
    await undo(join(root, 'a'));

    const after = await Recordings.open(root);
    expect(after.interrupted.length > 0).toBe(isInterrupted);
    await after.recover('a');
    expect(after.list().recordings).toMatchObject([{ id: 'a', durationMs: 250, isRecovered: isInterrupted }]);
    expect((await fs.readdir(join(root, 'a'))).sort()).toEqual(['audio.wav', 'manifest.json']);
  });

  it('is shown and left alone where nothing says what it was', async () => {
    const root = await temporaryFolder();
    await cutShort(root, 'a', 16_000);
    await fs.writeFile(join(root, 'a', 'take.json'), 'garbage');
    const recordings = await Recordings.open(root);
    expect(recordings.list().recordings).toMatchObject([{ id: 'a', durationMs: 1000 }]);
    expect((await recordings.audio('a', 0, 5)).pcm).toEqual(new Int16Array(5).fill(7));
    expect((await fs.readdir(join(root, 'a'))).sort()).toEqual(['audio.part.wav', 'take.json']);
  });
});
