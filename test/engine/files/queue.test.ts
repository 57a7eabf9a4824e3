import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { events, type EventOf } from '../../../app/contract/messages';
import { UnrollError } from '../../../app/errors';
import { FileQueue, type FileQueueOptions } from '../../../engine/files/queue';
import { readRecordingManifest } from '../../../engine/library/recordingFiles';
import { temporaryFolder } from '../temporary';

type Progress = EventOf<'files.progress'>;
const OVER = ['done', 'failed', 'cancelled'];

/** A queue whose "sound" is the file's bytes. */
async function setUp(change: Partial<FileQueueOptions> = {}) {
  const folder = join(await temporaryFolder(), 'incoming');
  const told: Progress[] = [];
  const adopted: string[] = [];
  let wake: () => void = () => undefined;
  const queue = await FileQueue.open({
    folder,
    decode: async (bytes) => Int16Array.from(bytes),
    transcribe: async (_modelId, _pcm, { onProgress }) => {
      onProgress?.(0.5);
      onProgress?.(1);
      return [];
    },
    findSame: async () => null,
    adopt: async (aside) => {
      adopted.push((await readRecordingManifest(aside)).fileName ?? '');
      await fs.rm(aside, { recursive: true });
    },
    onProgress: (event) => {
      told.push(events['files.progress'].parse(event));
      wake();
    },
    onBug: (error) => {
      throw error;
    },
    ...change,
  });
  const over = async (count: number): Promise<Progress[]> => {
    const ended = (): Progress[] => told.filter(({ state }) => OVER.includes(state));
    while (ended().length < count) await new Promise<void>((resolve) => (wake = resolve));
    return ended();
  };
  const send = async (name: string, bytes: Uint8Array): Promise<string> => {
    const { fileId } = await queue.add({ name, byteLength: bytes.length, modelId: 'digits' });
    await queue.piece({ fileId, offset: 0, bytes });
    return fileId;
  };
  return { queue, folder, told, adopted, over, send };
}
const statesOf = (told: readonly Progress[], fileId: string): string[] =>
  told.filter((event) => event.fileId === fileId).map(({ state, fraction }) => `${state} ${fraction}`);

describe('the file queue', () => {
  it('names the recording that has a file’s sound already, and keeps the file all the same', async () => {
    const findSame = async (pcm: Int16Array): Promise<string | null> => (pcm[0] === 1 ? 'earlier' : null);
    const { over, send, adopted } = await setUp({ findSame });
    await send('again.wav', Uint8Array.of(1, 2, 3));
    await send('new.wav', Uint8Array.of(2, 2, 3));
    const ends = await over(2);
    expect(ends.map(({ sameAs }) => sameAs)).toEqual(['earlier', null]);
    expect(adopted).toEqual(['again.wav', 'new.wav']);
  });

  it('tells a file’s way from queued to done', async () => {
    const { told, over, send, adopted, folder } = await setUp();
    const fileId = await send('tune.wav', Uint8Array.of(1, 2, 3));
    const [end] = await over(1);
    expect(end?.realTimeFactor).toBeGreaterThan(0);
    expect(statesOf(told, fileId)).toEqual([
      'queued 0',
      'decoding 0',
      'transcribing 0',
      'transcribing 0.5',
      'transcribing 1',
      'done 1',
    ]);
    expect(end?.recordingId).toBe(fileId);
    expect(adopted).toEqual(['tune.wav']);
    expect(await fs.readdir(folder)).toEqual([]);
  });

  it('puts a file together from its pieces, repeated ones ignored', async () => {
    let decoded: Uint8Array | null = null;
    const { queue, over } = await setUp({
      decode: async (bytes) => {
        decoded = bytes;
        return new Int16Array(1);
      },
    });
    const { fileId } = await queue.add({ name: 'a.wav', byteLength: 5, modelId: 'digits' });
    expect(await queue.piece({ fileId, offset: 0, bytes: Uint8Array.of(1, 2) })).toEqual({ received: 2 });
    expect(await queue.piece({ fileId, offset: 0, bytes: Uint8Array.of(1, 2, 3) })).toEqual({ received: 3 });
    expect(await queue.piece({ fileId, offset: 3, bytes: Uint8Array.of(4, 5) })).toEqual({ received: 5 });
    await over(1);
    expect(decoded).toEqual(Uint8Array.of(1, 2, 3, 4, 5));
  });

  it.each([
    ['a gap', 2, Uint8Array.of(1)],
    ['more than was announced', 0, new Uint8Array(6)],
  ])('refuses %s', async (_name, offset, bytes) => {
    const { queue } = await setUp();
    const { fileId } = await queue.add({ name: 'a.wav', byteLength: 5, modelId: 'digits' });
    await expect(queue.piece({ fileId, offset, bytes })).rejects.toMatchObject({ code: 'message.refused' });
  });

  it('refuses an empty file', async () => {
    const { queue } = await setUp();
    await expect(queue.add({ name: 'a.wav', byteLength: 0, modelId: 'digits' })).rejects.toMatchObject({
      code: 'audio.empty',
    });
  });

  it('goes on after a file that fails', async () => {
    const { over, send } = await setUp({
      decode: async (bytes, file) => {
        if (file === 'bad.wav') throw new UnrollError('audio.unreadable', { file, reason: 'No.' });
        return Int16Array.from(bytes);
      },
    });
    await send('bad.wav', Uint8Array.of(1));
    await send('good.wav', Uint8Array.of(1));
    const ended = await over(2);
    expect(ended.map(({ name, state, error }) => [name, state, error?.code])).toEqual([
      ['bad.wav', 'failed', 'audio.unreadable'],
      ['good.wav', 'done', undefined],
    ]);
  });

  it('transcribes one file at a time, in their order', async () => {
    let running = 0;
    const seen: number[] = [];
    const { over, send, adopted } = await setUp({
      transcribe: async () => {
        seen.push(++running);
        await new Promise((resolve) => setTimeout(resolve, 5));
        running--;
        return [];
      },
    });
    await Promise.all(['a', 'b', 'c'].map((name) => send(name, Uint8Array.of(1))));
    await over(3);
    expect(seen).toEqual([1, 1, 1]);
    expect(adopted).toHaveLength(3);
  });

  describe('cancels a file', () => {
    it('that is being received, its bytes removed', async () => {
      const { queue, told, folder } = await setUp();
      const { fileId } = await queue.add({ name: 'a.wav', byteLength: 5, modelId: 'digits' });
      await queue.piece({ fileId, offset: 0, bytes: Uint8Array.of(1) });
      await queue.cancel({ fileId });
      expect(statesOf(told, fileId)).toEqual(['cancelled 1']);
      expect(await fs.readdir(folder)).toEqual([]);
      await expect(queue.piece({ fileId, offset: 1, bytes: Uint8Array.of(1) })).rejects.toMatchObject({
        code: 'message.refused',
      });
    });

    it('that waits, and one that is being transcribed', async () => {
      let begin: () => void = () => undefined;
      const begun = new Promise<void>((resolve) => (begin = resolve));
      const { queue, over, send, folder, adopted } = await setUp({
        transcribe: (_modelId, _pcm, { signal }) =>
          new Promise((_resolve, reject) => {
            begin();
            signal?.addEventListener('abort', () => reject(signal.reason as Error));
          }),
      });
      const first = await send('first.wav', Uint8Array.of(1));
      const second = await send('second.wav', Uint8Array.of(1));
      await begun;
      await queue.cancel({ fileId: second });
      await queue.cancel({ fileId: first });
      const ended = await over(2);
      expect(ended.map(({ name, state }) => [name, state])).toEqual([
        ['first.wav', 'cancelled'],
        ['second.wav', 'cancelled'],
      ]);
      expect(adopted).toEqual([]);
      expect(await fs.readdir(folder)).toEqual([]);
    });

    it('that is done or unknown without a word', async () => {
      const { queue, over, send } = await setUp();
      const fileId = await send('a.wav', Uint8Array.of(1));
      await over(1);
      expect(await queue.cancel({ fileId })).toEqual({});
      expect(await queue.cancel({ fileId: 'none' })).toEqual({});
      expect(await over(1)).toHaveLength(1);
    });
  });

  describe('at rest', () => {
    /** A sound of three pieces, heard as the listener hears: it asks between two of them. */
    const inPieces = () => {
      const heard: number[] = [];
      const transcribe: FileQueueOptions['transcribe'] = async (_modelId, _pcm, { rested, signal }) => {
        for (let piece = 0; piece < 3; piece++) {
          heard.push(piece);
          await rested?.();
          signal?.throwIfAborted();
        }
        return [];
      };
      return { heard, transcribe };
    };

    it('stays where it is, and goes on from there', async () => {
      const { heard, transcribe } = inPieces();
      let restNow: () => void = () => undefined;
      const { queue, over, send, told } = await setUp({
        transcribe: (...asked) => {
          restNow();
          return transcribe(...asked);
        },
      });
      restNow = () => queue.rest({ isResting: true });
      const first = await send('first.wav', Uint8Array.of(1));
      await expect.poll(() => heard).toEqual([0]);
      restNow = () => undefined;
      const second = await send('second.wav', Uint8Array.of(1));
      await expect.poll(() => statesOf(told, second)).toEqual(['queued 0']);
      expect(heard).toEqual([0]);
      queue.rest({ isResting: false });
      await over(2);
      expect(heard).toEqual([0, 1, 2, 0, 1, 2]);
      expect(statesOf(told, first).at(-1)).toBe('done 1');
    });

    it('can be stopped', async () => {
      const { heard, transcribe } = inPieces();
      const { queue, over, send } = await setUp({ transcribe });
      queue.rest({ isResting: true });
      const fileId = await send('first.wav', Uint8Array.of(1));
      await queue.cancel({ fileId });
      expect((await over(1)).map(({ state }) => state)).toEqual(['cancelled']);
      expect(heard).toEqual([]);
    });
  });

  it('empties its folder when it opens', async () => {
    const { folder } = await setUp();
    await fs.writeFile(join(folder, 'left.bytes'), 'of an engine that died');
    await FileQueue.open({ ...({} as FileQueueOptions), folder });
    expect(await fs.readdir(folder)).toEqual([]);
  });

  it('hands a bug on', async () => {
    const bugs: unknown[] = [];
    const fault = new TypeError('a fault');
    const { send } = await setUp({ decode: () => Promise.reject(fault), onBug: (error) => bugs.push(error) });
    await send('a.wav', Uint8Array.of(1));
    await expect.poll(() => bugs).toEqual([fault]);
  });
});
