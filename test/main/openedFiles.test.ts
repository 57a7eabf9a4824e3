import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { MAX_FILE_PIECE_BYTES, type ModelSummary } from '../../app/contract/messages';
import { UnrollError } from '../../app/errors';
import { OpenedFiles, filesIn } from '../../main/openedFiles';

const folder = mkdtempSync(join(tmpdir(), 'unroll-opened-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const same = (text: string): { en: string; zh: string } => ({ en: text, zh: text });
const MODEL: ModelSummary = {
  id: 'digits',
  name: same('Digits'),
  isStreaming: true,
  isDefault: false,
  isLiveDefault: true,
  card: {
    understands: same('Digits.'),
    words: [],
    language: 'en',
    licence: same('CC0'),
    data: [],
    parameters: 1,
    errors: [],
    trainedOn: '2026-05-01',
    recipe: 'digits.json',
  },
};

interface Piece {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

function engine(models: readonly unknown[] = [MODEL]) {
  const added: unknown[] = [];
  const pieces: Piece[] = [];
  const logs: string[] = [];
  const opened = new OpenedFiles({
    log: (line) => logs.push(line),
    ask: async (method, body) => {
      if (method === 'models.list') return { isOk: true, body: { models } };
      if (method === 'files.add') {
        added.push(body);
        return { isOk: true, body: { fileId: `file-${added.length}` } };
      }
      pieces.push(body as Piece);
      return { isOk: true, body: { received: 0 } };
    },
  });
  return { opened, added, pieces, logs };
}

it('sounds and models among the words of a command line are found, and nothing else', () => {
  const words = ['--lang=en', 'a.WAV', 'notes.txt', '/b/c.opus', 'digits.unroll-model', 'other.zip', '--file.wav'];
  expect(filesIn(words, '/here')).toEqual([
    resolve('/here/a.WAV'),
    resolve('/b/c.opus'),
    resolve('/here/digits.unroll-model'),
  ]);
});

it('a sound goes to the engine whole, in pieces, under its name alone', async () => {
  const path = join(folder, 'talk.wav');
  const content = Uint8Array.from({ length: MAX_FILE_PIECE_BYTES + 5 }, (_, index) => index % 251);
  writeFileSync(path, content);
  const { opened, added, pieces, logs } = engine();
  await opened.open([path]);
  expect(added).toEqual([{ name: 'talk.wav', byteLength: content.length, modelId: MODEL.id }]);
  expect(pieces.map(({ offset }) => offset)).toEqual([0, MAX_FILE_PIECE_BYTES]);
  expect(Buffer.concat(pieces.map(({ bytes }) => bytes)).equals(Buffer.from(content))).toBe(true);
  expect(logs).toEqual([]);
});

it('a sound that is gone is left out with a word in the log, and the next is heard', async () => {
  const path = join(folder, 'next.wav');
  writeFileSync(path, 'next');
  const { opened, added, logs } = engine();
  await opened.open([join(folder, 'gone.wav'), path]);
  expect(logs).toEqual([expect.stringContaining('A sound could not be opened')]);
  expect(added).toHaveLength(1);
});

it('a sound is given to the engine once more by the name that the engine gave it', async () => {
  const path = join(folder, 'again.wav');
  writeFileSync(path, 'again');
  const { opened, added, pieces } = engine();
  await opened.hear(path);
  expect(await opened.retry({ fileId: 'file-1' })).toEqual({ fileId: 'file-2' });
  expect(await opened.retry({ fileId: 'file-2' })).toEqual({ fileId: 'file-3' });
  expect(added).toEqual(Array(3).fill({ name: 'again.wav', byteLength: 5, modelId: MODEL.id }));
  expect(pieces).toHaveLength(3);
});

it('a sound that is gone, and one that was never given, are not given once more', async () => {
  const path = join(folder, 'short-lived.wav');
  writeFileSync(path, 'here');
  const { opened } = engine();
  await opened.hear(path);
  rmSync(path);
  await expect(opened.retry({ fileId: 'file-1' })).rejects.toMatchObject({
    code: 'file.unreadable',
    params: { file: 'short-lived.wav' },
  });
  await expect(opened.retry({ fileId: 'file-9' })).rejects.toMatchObject({ code: 'file.notAtHand' });
});

function modelEngine(refusal: { code: string; message: string; params: object } | null) {
  const asked: [string, unknown][] = [];
  const told: unknown[] = [];
  const opened = new OpenedFiles({
    log: () => undefined,
    onOpened: (event) => told.push(event),
    ask: async (method, body) => {
      asked.push([method, body]);
      if (method === 'data.upload') return { isOk: true, body: { uploadId: 'upload-1' } };
      if (method === 'data.piece') return { isOk: true, body: { received: 6 } };
      if (method === 'data.cancelUpload') return { isOk: true, body: {} };
      return refusal === null
        ? { isOk: true, body: { modelId: 'brought' } }
        : { isOk: false, error: refusal as ReturnType<UnrollError['toMessage']> };
    },
  });
  return { opened, asked, told };
}

it('a model that is opened is imported, and the window hears of it', async () => {
  const path = join(folder, 'digits.unroll-model');
  writeFileSync(path, 'packed');
  const { opened, asked, told } = modelEngine(null);
  await opened.open([path]);
  expect(asked).toEqual([
    ['data.upload', { title: 'digits.unroll-model', files: 1, byteLength: 6 }],
    [
      'data.piece',
      { uploadId: 'upload-1', place: ['digits.unroll-model'], offset: 0, bytes: new Uint8Array(Buffer.from('packed')) },
    ],
    ['models.import', { uploadId: 'upload-1' }],
  ]);
  expect(told).toEqual([{ name: 'digits.unroll-model', taken: 'model', error: null }]);
});

it('a model that is refused is said to the window with the engine’s own words, and its upload is given up', async () => {
  const path = join(folder, 'digits.unroll-model');
  writeFileSync(path, 'packed');
  const refusal = new UnrollError('model.archive', { file: path, reason: 'reason.archive.noModel' }).toMessage();
  const { opened, asked, told } = modelEngine(refusal);
  await opened.open([path, join(folder, 'gone.unroll-model')]);
  expect(asked.map(([method]) => method)).toContain('data.cancelUpload');
  expect(told).toMatchObject([{ error: { code: 'model.archive' } }, { error: { code: 'file.unreadable' } }]);
});
