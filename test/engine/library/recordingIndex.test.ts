import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { Database } from 'node-sqlite3-wasm';
import { beforeEach, describe, expect, it } from 'vitest';
import type { LibraryFilter, LibrarySort } from '../../../app/contract/library';
import { MANIFEST_VERSION, type RecordingManifest } from '../../../app/contract/recording';
import type { Utterance } from '../../../app/contract/recognition';
import { INDEX_VERSION } from '../../../engine/library/recordingIndex';
import { writeRecordingManifest } from '../../../engine/library/recordingFiles';
import { Recordings } from '../../../engine/library/recordings';
import { temporaryFolder } from '../temporary';

let folder: string;
const root = (): string => join(folder, 'recordings');
const indexFile = (): string => join(folder, 'index.sqlite');
const open = (): Promise<Recordings> => Recordings.open(root(), { indexFile: indexFile() });
beforeEach(async () => {
  folder = await temporaryFolder();
});

function said(text: string, confidence = 0.9): Utterance {
  const words = text.split(' ').map((word, index) => ({
    text: word,
    startMs: index * 100,
    endMs: index * 100 + 90,
    confidence,
    isKnown: true,
    characters: [],
  }));
  return { startMs: 0, endMs: words.length * 100, words };
}

async function write(id: string, text: string, change: Partial<RecordingManifest> = {}): Promise<void> {
  await fs.mkdir(join(root(), id), { recursive: true });
  await fs.writeFile(join(root(), id, 'audio.wav'), new Uint8Array(44));
  await writeRecordingManifest(join(root(), id), {
    format: 'unroll-recording',
    version: MANIFEST_VERSION,
    id,
    title: '',
    createdAt: '2026-03-14T09:26:00.000Z',
    durationMs: 1_000,
    sampleRateHz: 16_000,
    source: 'microphone',
    fileName: null,
    isRecovered: false,
    deletedAt: null,
    transcripts: [{ modelId: 'digits', utterances: [said(text)] }],
    marks: [],
    tags: [],
    isFavourite: false,
    ...change,
  });
}
const ids = (recordings: Recordings, filter: LibraryFilter, sort: LibrarySort = 'newest'): string[] =>
  recordings.search({ filter, sort, first: 0, count: 50 }).recordings.map(({ id }) => id);

describe('a search of the library', () => {
  it('finds every transcript, corrected or as it was read, title, tag and file name, by the beginnings of words', async () => {
    const corrected = said('go forward');
    corrected.words[1] = { ...corrected.words[1]!, correction: 'backward' };
    const transcripts = [
      { modelId: 'digits', utterances: [corrected] },
      { modelId: 'letters', utterances: [said('tokyo')] },
    ];
    await write('a', '', { transcripts, title: 'Shopping', tags: ['errand'], fileName: 'kitchen.wav' });
    await write('b', 'forty two');
    const recordings = await open();
    for (const query of ['forw', 'backward', 'go back', 'TOKYO', 'shop', 'errand', 'kitch'])
      expect(ids(recordings, { query }), query).toEqual(['a']);
    expect(ids(recordings, { query: 'for' }).sort()).toEqual(['a', 'b']);
    expect(ids(recordings, { query: 'ward' })).toEqual([]);
    expect(ids(recordings, { query: '"*' })).toEqual([]);
  });

  it('finds part of a text that is written without spaces', async () => {
    await write('a', '我想去台北');
    const recordings = await open();
    expect(ids(recordings, { query: '台北' })).toEqual(['a']);
    expect(ids(recordings, { query: '北台' })).toEqual([]);
  });

  it('filters by date, model, score, length, tag, favourite and correction', async () => {
    const filters: LibraryFilter[] = [
      { createdFrom: '2026-03-15' },
      { modelId: 'other' },
      { confidenceBelow: 0.5 },
      { durationFromMs: 5_000 },
      { tags: ['work', 'long'] },
      { isFavourite: true },
      { isCorrected: true },
    ];
    const corrected = said('one', 0.2);
    corrected.words[0] = { ...corrected.words[0]!, correction: 'two' };
    await write('a', 'one', { tags: ['work'] });
    await write('b', '', {
      createdAt: '2026-03-16T09:26:00.000Z',
      durationMs: 9_000,
      transcripts: [{ modelId: 'other', utterances: [corrected] }],
      tags: ['work', 'long'],
      isFavourite: true,
    });
    const recordings = await open();
    for (const filter of filters) expect(ids(recordings, filter), JSON.stringify(filter)).toEqual(['b']);
    expect(ids(recordings, { createdBefore: '2026-03-15', durationBelowMs: 2_000 })).toEqual(['a']);
    expect(recordings.facets()).toEqual({
      tags: [
        { tag: 'work', count: 2 },
        { tag: 'long', count: 1 },
      ],
      models: [
        { modelId: 'digits', count: 1 },
        { modelId: 'other', count: 1 },
      ],
      deleted: 0,
    });
  });

  it('gives one page of the order asked for, and counts all', async () => {
    for (const [index, text] of ['beta', 'alpha', 'gamma'].entries())
      await write(text, text, { createdAt: `2026-03-1${index}T12:00:00.000Z`, durationMs: 1_000 * (3 - index) });
    const recordings = await open();
    expect(ids(recordings, {}, 'newest')).toEqual(['gamma', 'alpha', 'beta']);
    expect(ids(recordings, {}, 'oldest')).toEqual(['beta', 'alpha', 'gamma']);
    expect(ids(recordings, {}, 'longest')).toEqual(['beta', 'alpha', 'gamma']);
    expect(ids(recordings, {}, 'title')).toEqual(['alpha', 'beta', 'gamma']);
    const page = recordings.search({ filter: {}, sort: 'newest', first: 1, count: 1 });
    expect(page).toMatchObject({ recordings: [{ id: 'alpha' }], total: 3, totalMs: 6_000 });
    expect(page.days).toEqual([]);
    const first = recordings.search({ filter: {}, sort: 'newest', first: 0, count: 1 });
    expect(first.days.map(({ count }) => count)).toEqual([1, 1, 1]);
  });

  it('keeps the trash apart, until a recording is brought back or gone for good', async () => {
    await write('a', 'one');
    await write('b', 'two');
    const recordings = await open();
    await recordings.delete('a');
    await expect(recordings.erase('b')).rejects.toMatchObject({ code: 'recording.missing' });
    expect([ids(recordings, {}), ids(recordings, { isDeleted: true })]).toEqual([['b'], ['a']]);
    await recordings.erase('a');
    expect(await fs.readdir(root())).toEqual(['b']);
  });
});

describe('the index', () => {
  const everything = async (): Promise<unknown> => {
    const recordings = await open();
    const all = recordings.search({ filter: {}, sort: 'newest', first: 0, count: 50 });
    recordings.close();
    return all;
  };

  it('is made anew from the folders when it is deleted, damaged, or of another version', async () => {
    await write('a', 'one');
    await write('b', 'two');
    const before = await everything();
    const ways = {
      deleted: () => fs.rm(indexFile()),
      cut: () => fs.truncate(indexFile(), 5_000),
      'no index': () => fs.writeFile(indexFile(), 'hello'),
      newer: async () => {
        const database = new Database(indexFile());
        database.exec(`PRAGMA user_version = ${INDEX_VERSION + 1}; DROP TABLE texts`);
        database.close();
      },
      'left locked by a killed engine': () => fs.mkdir(`${indexFile()}.lock`),
    };
    for (const [name, harm] of Object.entries(ways)) {
      await harm();
      expect(await everything(), name).toEqual(before);
    }
  });

  it('follows what happened to the folders while no engine ran', async () => {
    await write('a', 'one');
    await write('b', 'two');
    (await open()).close();
    await write('a', 'eleven');
    await write('c', 'three');
    await fs.rm(join(root(), 'b'), { recursive: true });
    const recordings = await open();
    expect(ids(recordings, {}).sort()).toEqual(['a', 'c']);
    expect([ids(recordings, { query: 'eleven' }), ids(recordings, { query: 'one' })]).toEqual([['a'], []]);
  });

  it('does not read a manifest again that has not changed', async () => {
    await write('a', 'one');
    const path = join(root(), 'a', 'manifest.json');
    const then = new Date('2026-03-14T09:26:00Z');
    await fs.utimes(path, then, then);
    (await open()).close();
    const text = await fs.readFile(path, 'utf8');
    // As long and as old as before, so that only reading it could tell.
    await fs.writeFile(path, text.replace('"one"', '"two"'));
    await fs.utimes(path, then, then);
    expect(ids(await open(), { query: 'one' })).toEqual(['a']);
  });

  it('knows a label at once and after the next start', async () => {
    await write('a', 'one');
    const recordings = await open();
    await recordings.label('a', ['work', 'work'], true);
    expect(ids(recordings, { query: 'work', isFavourite: true })).toEqual(['a']);
    recordings.close();
    expect((await open()).summary('a')).toMatchObject({ tags: ['work'], isFavourite: true });
  });
});

describe('a manifest of the first version', () => {
  it('is read as one without tags, and written as the present one with the next change', async () => {
    await write('a', 'one');
    const path = join(root(), 'a', 'manifest.json');
    const { tags: _tags, isFavourite: _is, ...rest } = JSON.parse(await fs.readFile(path, 'utf8')) as RecordingManifest;
    await fs.writeFile(path, JSON.stringify({ ...rest, version: 1 }));
    const recordings = await open();
    expect(await recordings.get('a')).toMatchObject({ version: MANIFEST_VERSION, tags: [], isFavourite: false });
    await recordings.rename('a', 'New');
    expect(JSON.parse(await fs.readFile(path, 'utf8'))).toMatchObject({ version: MANIFEST_VERSION, title: 'New' });
  });
});
