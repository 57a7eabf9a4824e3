import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DataSets } from '../../../engine/data/dataSets';
import { Uploads } from '../../../engine/data/uploads';
import { temporaryFolder } from '../temporary';
import { tone } from './importers/tree';

type Files = Readonly<Record<string, string | Uint8Array>>;
const bytesOf = (content: string | Uint8Array): Uint8Array =>
  typeof content === 'string' ? new TextEncoder().encode(content) : content;

async function engine(isWindows = false) {
  const data = await temporaryFolder();
  const sets = await DataSets.open(join(data, 'sets'));
  const progress: [number, number][] = [];
  const folder = join(data, 'staged');
  const onProgress = ({ done, of }: { done: number; of: number }) => progress.push([done, of]);
  const open = () => Uploads.open({ folder, sets, onProgress, isWindows });
  return { data, sets, progress, folder, open, uploads: await open() };
}
async function begin(uploads: Uploads, files: Files, title = 'Chosen') {
  const contents = Object.values(files).map(bytesOf);
  const byteLength = contents.reduce((sum, { length }) => sum + length, 0);
  return (await uploads.begin({ title, files: contents.length, byteLength })).uploadId;
}
const send = (uploads: Uploads, uploadId: string, file: string, content: string | Uint8Array, offset = 0) =>
  uploads.piece({ uploadId, place: file.split('/'), offset, bytes: bytesOf(content) });
async function staged(uploads: Uploads, files: Files, title?: string): Promise<string> {
  const uploadId = await begin(uploads, files, title);
  for (const [file, content] of Object.entries(files)) await send(uploads, uploadId, file, content);
  return uploadId;
}
/** What a window asks for besides the format. */
const usual = { alreadyThere: 'leave-out', replaces: null } as const;
const WORDS: Files = {
  'words/yes/anna_nohash_0.wav': tone(0.5, 300),
  'words/yes/ben_nohash_0.wav': tone(0.5, 310),
  'words/no/anna_nohash_0.wav': tone(0.5, 320),
  'words/no/ben_nohash_0.wav': tone(0.5, 330),
  'words/no/broken.wav': 'no sound',
};

describe('an upload', () => {
  it('becomes a data set, and its report names files by their place', async () => {
    const { uploads, sets, data, folder, progress } = await engine();
    const uploadId = await staged(uploads, WORDS);
    const { set, report } = await uploads.import({ uploadId, format: null, ...usual });
    expect(set).toMatchObject({ title: 'Chosen', origin: 'imported', recordings: 4, speakers: 2, seconds: 2 });
    expect(report).toMatchObject({ folder: set?.id, source: { path: 'Chosen', format: 'word-folders' } });
    expect(report?.leftOut).toMatchObject([
      { reason: 'unreadable-audio', count: 1, examples: [{ file: 'no/broken.wav', line: null }] },
    ]);
    expect(JSON.stringify(report)).not.toContain(data);
    expect(await fs.readFile(join(data, 'sets', set!.id, 'dataset.json'), 'utf8')).not.toContain(data);
    expect(await sets.list()).toEqual([set]);
    expect(progress.at(-1)).toEqual([5, 5]);
    expect(await fs.readdir(folder)).toEqual([]);
    await expect(uploads.import({ uploadId, format: null, ...usual })).rejects.toMatchObject({
      code: 'message.refused',
    });
  });

  it('is put together from pieces, and a piece that comes twice counts once', async () => {
    const { uploads } = await engine();
    const sound = tone(0.5);
    const files = { 'list.tsv': 'path\ttranscript\na.wav\tone\n', 'a.wav': sound };
    const uploadId = await begin(uploads, files);
    await send(uploads, uploadId, 'list.tsv', files['list.tsv']);
    await send(uploads, uploadId, 'a.wav', sound.subarray(0, 7000));
    expect(await send(uploads, uploadId, 'a.wav', sound.subarray(0, 7000))).toEqual({ received: 7000 });
    expect(await send(uploads, uploadId, 'a.wav', sound.subarray(5000), 5000)).toEqual({ received: sound.length });
    const { set } = await uploads.import({ uploadId, format: null, ...usual });
    expect(set).toMatchObject({ recordings: 1, seconds: 0.5 });
  });

  it('opens nothing outside the stage, whatever a list names', async () => {
    const { uploads, data } = await engine();
    await fs.writeFile(join(data, 'secret.wav'), tone(0.5));
    const list = ['path\ttranscript', `${join(data, 'secret.wav')}\tone`, '../../../secret.wav\ttwo', 'a.wav\tthree'];
    const uploadId = await staged(uploads, { 'list.tsv': list.join('\n'), 'a.wav': tone(0.5) });
    const { set, report } = await uploads.import({ uploadId, format: null, ...usual });
    expect(set?.recordings).toBe(1);
    expect(report?.leftOut).toMatchObject([{ reason: 'missing-file', count: 2, examples: [{ line: 2 }, { line: 3 }] }]);
  });

  it('of which nothing can be taken leaves no set, says why, and can be tried in another format', async () => {
    const { uploads, sets, folder } = await engine();
    const uploadId = await staged(uploads, { 'x/a/one.wav': 'no sound', 'x/b.xyz': 'two' });
    await expect(uploads.import({ uploadId, format: null, ...usual })).rejects.toMatchObject({
      code: 'dataset.noFormat',
      params: { file: 'Chosen' },
    });
    const { set, report } = await uploads.import({ uploadId, format: 'word-folders', ...usual });
    expect([set, report?.leftOut[0]?.reason]).toEqual([null, 'unreadable-audio']);
    expect(await sets.list()).toEqual([]);
    await uploads.cancel({ uploadId });
    expect(await fs.readdir(folder)).toEqual([]);
  });

  it('that is cancelled while it is imported leaves nothing', async () => {
    const { uploads, sets, folder, data } = await engine();
    const many: Files = Object.fromEntries(
      Array.from({ length: 40 }, (_, n): [string, Uint8Array] => [`${n % 10}_anna_${n}.wav`, tone(1, 200 + n)]),
    );
    const uploadId = await staged(uploads, many);
    const imported = uploads.import({ uploadId, format: null, ...usual });
    await Promise.all([
      expect(imported).rejects.toMatchObject({ code: 'dataset.stopped' }),
      new Promise((resolve) => setTimeout(resolve, 5)).then(() => uploads.cancel({ uploadId })),
    ]);
    expect([await sets.list(), await fs.readdir(join(data, 'sets')), await fs.readdir(folder)]).toEqual([[], [], []]);
  });

  it('leaves out what is in a set already, by its bytes, and names the set and the row', async () => {
    const { uploads, sets } = await engine();
    const first = await uploads.import({ uploadId: await staged(uploads, WORDS), format: null, ...usual });
    const more = { 'more/yes/cleo_nohash_0.wav': tone(0.5, 310), 'more/no/dora_nohash_0.wav': tone(0.5, 340) };
    const importMore = async (asked: Partial<Parameters<Uploads['import']>[0]> = {}) =>
      uploads.import({ uploadId: await staged(uploads, more, 'More'), format: null, ...usual, ...asked });
    const { set, report } = await importMore();
    expect(set?.recordings).toBe(1);
    const row = (await sets.rows(first.set!.id, 0, 9)).rows.find(({ text, speaker }) => text + speaker === 'yesben');
    expect(report?.leftOut).toEqual([
      {
        reason: 'already-there',
        count: 1,
        examples: [
          {
            file: 'yes/cleo_nohash_0.wav',
            line: null,
            params: { set: 'Chosen', row: row!.rowId + 1, name: row!.name },
          },
        ],
      },
    ]);
    expect((await importMore({ alreadyThere: 'take' })).set?.recordings).toBe(2);
    for (const { id } of await sets.list()) if (id !== first.set!.id && id !== set!.id) await sets.delete(id);
    expect((await importMore()).set).toBeNull();
    expect((await importMore({ replaces: set!.id })).set?.recordings).toBe(1);
  });

  it('of one file that is no whole set says so by its name, and leaves nothing', async () => {
    const { uploads, sets, data } = await engine();
    const uploadId = await staged(uploads, { 'words.zip': 'PK\u0003\u0004 and no more' });
    const opening = uploads.import({ uploadId, format: null, ...usual });
    await expect(opening).rejects.toMatchObject({
      code: 'dataset.archive',
      params: { file: 'words.zip', reason: 'reason.archive.damaged' },
    });
    expect([await sets.list(), await fs.readdir(join(data, 'sets'))]).toEqual([[], []]);
  });

  it('that was left by a killed engine is cleared away', async () => {
    const { uploads, open, folder } = await engine();
    await staged(uploads, WORDS);
    expect(await fs.readdir(folder)).toHaveLength(1);
    await open();
    expect(await fs.readdir(folder)).toEqual([]);
  });

  it('lies where nobody else may look', async () => {
    const { uploads, folder } = await engine();
    const uploadId = await staged(uploads, { 'a.wav': tone(0.1) });
    expect((await fs.stat(folder)).mode & 0o777).toBe(0o700);
    expect((await fs.stat(join(folder, uploadId, 'files', 'a.wav'))).mode & 0o777).toBe(0o600);
  });
});

describe('what an upload refuses', () => {
  const refusal = async (work: Promise<unknown>): Promise<string> => {
    const error: unknown = await work.then(
      () => null,
      (reason: unknown) => reason,
    );
    return (error as { code: string } | null)?.code ?? 'taken';
  };

  it('is more than was announced, in bytes and in files', async () => {
    const { uploads } = await engine();
    const { uploadId } = await uploads.begin({ title: 'x', files: 1, byteLength: 10 });
    expect(await refusal(send(uploads, uploadId, 'a.txt', 'eleven bytes'))).toBe('dataset.uploadTooMuch');
    expect(await refusal(send(uploads, uploadId, 'a.txt', '123456'))).toBe('taken');
    expect(await refusal(send(uploads, uploadId, 'b.txt', '1'))).toBe('dataset.uploadTooMuch');
    expect(await refusal(send(uploads, uploadId, 'a.txt', '12345', 6))).toBe('dataset.uploadTooMuch');
  });

  it('is a gap', async () => {
    const { uploads } = await engine();
    const { uploadId } = await uploads.begin({ title: 'x', files: 1, byteLength: 10 });
    expect(await refusal(send(uploads, uploadId, 'a.txt', '1', 1))).toBe('dataset.uploadGap');
  });

  it('is a second name that differs in case alone, and a file in the place of a folder', async () => {
    const { uploads } = await engine();
    const { uploadId } = await uploads.begin({ title: 'x', files: 9, byteLength: 100 });
    await send(uploads, uploadId, 'words/Yes/a.wav', '1');
    expect(await refusal(send(uploads, uploadId, 'words/Yes/b.wav', '1'))).toBe('taken');
    expect(await refusal(send(uploads, uploadId, 'words/yes/c.wav', '1'))).toBe('dataset.uploadSameName');
    expect(await refusal(send(uploads, uploadId, 'words/Yes/A.wav', '1'))).toBe('dataset.uploadSameName');
    expect(await refusal(send(uploads, uploadId, 'words/Yes', '1'))).toBe('dataset.uploadSameName');
    expect(await refusal(send(uploads, uploadId, 'words/Yes/a.wav/b', '1'))).toBe('dataset.uploadSameName');
    await send(uploads, uploadId, 'e\u0301.wav', '1');
    expect(await refusal(send(uploads, uploadId, '\u00e9.wav', '1'))).toBe('dataset.uploadSameName');
  });

  it('is a name that no folder can hold', async () => {
    const { uploads } = await engine();
    const { uploadId } = await uploads.begin({ title: 'x', files: 9, byteLength: 100 });
    expect(await refusal(send(uploads, uploadId, `${'é'.repeat(200)}.wav`, '1'))).toBe('dataset.uploadName');
    expect(await refusal(send(uploads, uploadId, Array(16).fill('n'.repeat(200)).join('/'), '1'))).toBe(
      'dataset.uploadName',
    );
    expect(await refusal(send(uploads, uploadId, 'what?.wav', '1'))).toBe('taken');
  });

  it('is on Windows also what Windows keeps for itself', async () => {
    const { uploads } = await engine(true);
    const { uploadId } = await uploads.begin({ title: 'x', files: 9, byteLength: 100 });
    for (const name of ['con', 'NUL.wav', 'a:b.wav', 'what?.wav', 'end.', 'end ', 'com1.txt/a.wav'])
      expect(await refusal(send(uploads, uploadId, name, '1'))).toBe('dataset.uploadName');
    expect(await refusal(send(uploads, uploadId, 'console.wav', '1'))).toBe('taken');
  });

  it('is an upload that nobody began', async () => {
    const { uploads } = await engine();
    expect(await refusal(send(uploads, 'none', 'a.wav', '1'))).toBe('message.refused');
    expect(await refusal(uploads.import({ uploadId: 'none', format: null, ...usual }))).toBe('message.refused');
    expect(await refusal(uploads.cancel({ uploadId: 'none' }))).toBe('taken');
  });
});
