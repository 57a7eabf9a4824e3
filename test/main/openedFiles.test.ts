import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { MAX_FILE_PIECE_BYTES, type ModelSummary } from '../../app/contract/messages';
import { OpenedFiles, soundsIn } from '../../main/openedFiles';

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
        return { isOk: true, body: { fileId: 'file-1' } };
      }
      pieces.push(body as Piece);
      return { isOk: true, body: { received: 0 } };
    },
  });
  return { opened, added, pieces, logs };
}

it('sounds among the words of a command line are found, and nothing else', () => {
  expect(soundsIn(['--lang=en', 'a.WAV', 'notes.txt', '/b/c.opus', '--file.wav'], '/here')).toEqual([
    resolve('/here/a.WAV'),
    resolve('/b/c.opus'),
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
