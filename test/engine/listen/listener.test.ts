import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { EventOf } from '../../../app/contract/messages';
import { events } from '../../../app/contract/messages';
import { plainText, transcriptText } from '../../../app/contract/recognition';
import { openWav } from '../../../app/audio/wav';
import { Recordings } from '../../../engine/library/recordings';
import { openSoundFile, type OpenSoundFile, type SoundFile } from '../../../engine/library/take';
import { soundOf, transcribe } from '../../../engine/listen/hearing';
import { Listener } from '../../../engine/listen/listener';
import { UNHEARD } from '../../../engine/listen/listenStream';
import type { OpenModel } from '../../../engine/listen/openModel';
import { temporaryFolder } from '../temporary';
import { babble, openFakeModel } from './fakeNetwork';
import { chunksOf, Speaker } from './speaker';

const CHUNK = 1600;
const OWNER = 1;

/** Files of streams that a test leaves open, as a killed engine does, are closed at its end. */
const closedAtTheEnd =
  (open: OpenSoundFile): OpenSoundFile =>
  async (path, mode) => {
    const file = await open(path, mode);
    onTestFinished(() => file.close());
    return file;
  };

async function setUp(model: OpenModel = openFakeModel(), root?: string, openFile: OpenSoundFile = openSoundFile) {
  const folder = root ?? (await temporaryFolder());
  const recordings = await Recordings.open(folder, { openFile: closedAtTheEnd(openFile) });
  const recognised: EventOf<'listen.recognised'>[] = [];
  const failed: string[] = [];
  const listener = new Listener({
    recordings,
    openModel: async () => model,
    owner: OWNER,
    events: {
      ...UNHEARD,
      recognised: (event) => recognised.push(events['listen.recognised'].parse(event)),
      failed: (_id, error) => failed.push(error.code),
    },
  });
  return { folder, recordings, listener, recognised, failed, model };
}

const startBody = { modelId: 'fake-live', source: 'microphone' } as const;

const settledText = (told: readonly EventOf<'listen.recognised'>[]): string =>
  told
    .flatMap((event) => event.settled)
    .map(({ word, startsLine }, index) => (index === 0 ? '' : startsLine ? '\n' : ' ') + word.text)
    .join('');

describe('listening', () => {
  it.each(['forward', 'bidirectional'] as const)('gives the text of the whole file (%s)', async (direction) => {
    const { listener, recordings, recognised, model } = await setUp(openFakeModel(direction));
    const pcm = babble(4);
    const { streamId, recordingId } = await listener.start(startBody);
    const speaker = new Speaker(model.manifest.frontEnd);
    for (const chunk of chunksOf(pcm)) await listener.chunk(speaker.chunk(streamId, chunk));
    const { recording, realTimeFactor } = await listener.finish(speaker.tail(streamId));
    expect(realTimeFactor).toBeGreaterThan(0);
    expect(realTimeFactor).toBeLessThan(5);

    const whole = transcriptText(await transcribe(model, soundOf(pcm)));
    expect(whole.length).toBeGreaterThan(10);
    expect(recording.text).toBe(whole);
    expect(settledText(recognised)).toBe(whole);
    expect((await recordings.get(recordingId)).transcripts[0]?.utterances.length).toBeGreaterThan(0);
  });

  it('keeps the sound as it was sent, in a file that says its length', async () => {
    const { listener, folder, model } = await setUp();
    const pcm = babble(1);
    const { streamId, recordingId } = await listener.start(startBody);
    const speaker = new Speaker(model.manifest.frontEnd);
    for (const chunk of chunksOf(pcm)) await listener.chunk(speaker.chunk(streamId, chunk));
    await listener.finish(speaker.tail(streamId));
    expect((await fs.readdir(join(folder, recordingId))).sort()).toEqual(['audio.wav', 'manifest.json']);
    const wav = openWav(await fs.readFile(join(folder, recordingId, 'audio.wav')), 'audio.wav');
    expect(Int16Array.from(wav.read(0, wav.frames)[0] as Float32Array, (v) => v * 32768)).toEqual(pcm);
  });

  it('ignores sound and frames that it already has', async () => {
    const { listener, model } = await setUp();
    const pcm = babble(2);
    const { streamId } = await listener.start(startBody);
    const speaker = new Speaker(model.manifest.frontEnd);
    for (const chunk of chunksOf(pcm)) {
      const body = speaker.chunk(streamId, chunk);
      const first = await listener.chunk(body);
      expect(await listener.chunk(body)).toEqual(first);
    }
    const { recording } = await listener.finish(speaker.tail(streamId));
    expect(recording.durationMs).toBe(2000);
    expect(recording.text).toBe(plainText(await transcribe(model, soundOf(pcm))));
  });

  it('refuses a gap in the sound', async () => {
    const { listener, model } = await setUp();
    const { streamId } = await listener.start(startBody);
    const body = new Speaker(model.manifest.frontEnd).chunk(streamId, babble(0.1));
    await expect(listener.chunk({ ...body, firstSample: 5 })).rejects.toMatchObject({
      code: 'message.refused',
      params: { reason: 'Sample 5 does not follow 0.' },
    });
  });

  it('refuses a gap in the frames, the sound being kept', async () => {
    const { listener, model } = await setUp();
    const { streamId } = await listener.start(startBody);
    const speaker = new Speaker(model.manifest.frontEnd);
    const body = speaker.chunk(streamId, babble(0.1));
    await expect(listener.chunk({ ...body, firstFrame: 3 })).rejects.toMatchObject({ code: 'message.refused' });
    expect(await listener.chunk(body)).toMatchObject({ samplesOnDisk: CHUNK });
  });

  it('refuses frames that are not numbers', async () => {
    const { listener, model } = await setUp();
    const { streamId } = await listener.start(startBody);
    const body = new Speaker(model.manifest.frontEnd).chunk(streamId, babble(0.2));
    body.frames[2] = NaN;
    await expect(listener.chunk(body)).rejects.toMatchObject({ code: 'message.refused' });
  });

  it('does not know a stream that is over', async () => {
    const { listener, model } = await setUp();
    const { streamId } = await listener.start(startBody);
    const speaker = new Speaker(model.manifest.frontEnd);
    await listener.chunk(speaker.chunk(streamId, babble(0.1)));
    await listener.finish(speaker.tail(streamId));
    await expect(
      listener.finish(speaker.tail.call(new Speaker(model.manifest.frontEnd), streamId)),
    ).rejects.toMatchObject({
      code: 'stream.unknown',
    });
  });

  it('says how far the text is behind the sound', async () => {
    const { listener, recognised, model } = await setUp();
    const { streamId } = await listener.start(startBody);
    await listener.chunk(new Speaker(model.manifest.frontEnd).chunk(streamId, babble(1)));
    // Window and look-ahead: 25 ms of window and two frames of deltas, and what the resampler holds back.
    expect(recognised.at(-1)?.lagMs).toBeGreaterThanOrEqual(20);
    expect(recognised.at(-1)?.lagMs).toBeLessThanOrEqual(60);
  });

  it('puts a stream away that was left alone, when the next one begins', async () => {
    let now = new Date('2026-03-14T09:26:00Z');
    const model = openFakeModel();
    const recordings = await Recordings.open(await temporaryFolder(), { openFile: closedAtTheEnd(openSoundFile) });
    const listener = new Listener({
      recordings,
      openModel: async () => model,
      owner: OWNER,
      events: UNHEARD,
      now: () => now,
    });
    const { streamId, recordingId } = await listener.start(startBody);
    await listener.chunk(new Speaker(model.manifest.frontEnd).chunk(streamId, babble(1)));
    now = new Date('2026-03-14T10:26:00Z');
    await listener.start(startBody);
    expect(recordings.list().recordings).toMatchObject([{ id: recordingId, durationMs: 1000, isRecovered: true }]);
  });
});

describe('resuming', () => {
  /** The first half to one engine, the rest to the next, which finds only what is on disk. */
  async function interrupted(
    direction: 'forward' | 'bidirectional',
    between: (folder: string, id: string) => Promise<void>,
  ) {
    const model = openFakeModel(direction);
    const before = await setUp(model);
    const pcm = babble(4);
    const half = 37; // in the middle of a word
    const { streamId, recordingId } = await before.listener.start(startBody);
    const speaker = new Speaker(model.manifest.frontEnd);
    for (const chunk of chunksOf(pcm).slice(0, half)) await before.listener.chunk(speaker.chunk(streamId, chunk));
    await between(before.folder, recordingId);

    const after = await setUp(model, before.folder);
    const resumed = await after.listener.resume({ recordingId, modelId: 'fake-live' });
    return { before, after, pcm, resumed, recordingId, model };
  }
  /** As the window does: everything after what the engine says that it has. */
  async function sayRest({ after, pcm, resumed, model }: Awaited<ReturnType<typeof interrupted>>) {
    const speaker = new Speaker(model.manifest.frontEnd);
    const known = speaker.chunk(resumed.streamId, pcm.subarray(0, resumed.samplesOnDisk));
    expect(known.frames.length / model.manifest.network.inputSize).toBe(resumed.framesTaken);
    for (const chunk of chunksOf(pcm.subarray(resumed.samplesOnDisk)))
      await after.listener.chunk(speaker.chunk(resumed.streamId, chunk));
    return after.listener.finish(speaker.tail(resumed.streamId));
  }

  it.each(['forward', 'bidirectional'] as const)(
    'continues the text as though nothing had happened (%s)',
    async (direction) => {
      const half = await interrupted(direction, async () => undefined);
      const { recording } = await sayRest(half);
      const whole = transcriptText(await transcribe(half.model, soundOf(half.pcm)));
      expect(recording).toMatchObject({ text: whole, isRecovered: false, durationMs: 4000 });
      expect(settledText(half.after.recognised)).toBe(whole);
    },
  );

  it('drops half a sample and the unsaid rest of a torn write', async () => {
    const half = await interrupted('forward', (folder, id) =>
      fs.appendFile(join(folder, id, 'audio.part.wav'), Uint8Array.of(7)),
    );
    expect(half.resumed.samplesOnDisk).toBe(37 * CHUNK);
    const { recording } = await sayRest(half);
    expect(recording.text).toBe(plainText(await transcribe(half.model, soundOf(half.pcm))));
  });

  it('goes on with a take that has already been put together', async () => {
    const half = await interrupted('forward', async (folder, id) => {
      const recordings = await Recordings.open(folder);
      await recordings.recover(id);
    });
    const { recording } = await sayRest(half);
    expect(recording).toMatchObject({ isRecovered: false, durationMs: 4000 });
  });

  it('keeps the marks, also of a take that has already been put together', async () => {
    const model = openFakeModel();
    const before = await setUp(model);
    const { streamId, recordingId } = await before.listener.start(startBody);
    await before.listener.chunk(new Speaker(model.manifest.frontEnd).chunk(streamId, babble(1)));
    await before.listener.mark({ streamId, marks: [800, 200] });
    const between = await Recordings.open(before.folder);
    await between.recover(recordingId);

    const after = await setUp(model, before.folder);
    const resumed = await after.listener.resume({ recordingId, modelId: 'fake-live' });
    const nothing = { firstFrame: resumed.framesTaken, frames: new Float32Array(0) };
    await after.listener.finish({ streamId: resumed.streamId, ...nothing });
    expect((await after.recordings.get(recordingId)).marks).toEqual([200, 800]);
  });

  it('goes on with a stream that is still open, as after a reply that came too late', async () => {
    const model = openFakeModel();
    const { listener } = await setUp(model);
    const pcm = babble(3);
    const { streamId, recordingId } = await listener.start(startBody);
    const speaker = new Speaker(model.manifest.frontEnd);
    await listener.chunk(speaker.chunk(streamId, pcm.subarray(0, 16_000)));
    const resumed = await listener.resume({ recordingId, modelId: 'fake-live' });
    expect(resumed).toMatchObject({ samplesOnDisk: 16_000, framesTaken: speaker.frames });
    await listener.chunk(speaker.chunk(resumed.streamId, pcm.subarray(16_000)));
    const { recording } = await listener.finish(speaker.tail(resumed.streamId));
    expect(recording.text).toBe(plainText(await transcribe(model, soundOf(pcm))));
  });

  it('knows no recording that is not there', async () => {
    const { listener } = await setUp();
    await expect(listener.resume({ recordingId: 'none', modelId: 'fake-live' })).rejects.toMatchObject({
      code: 'recording.missing',
    });
  });
});

describe('a full disk', () => {
  /** Room for the header and `samples` samples; a write beyond fills what is left and fails. */
  const limited =
    (samples: number): OpenSoundFile =>
    async (path) => {
      const handle = await fs.open(path, 'w');
      const room = 44 + samples * 2;
      const file: SoundFile = {
        write: async (bytes, position) => {
          await handle.write(bytes, 0, Math.min(bytes.length, room - position), position);
          if (position + bytes.length > room) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
        },
        sync: () => handle.datasync(),
        truncate: (length) => handle.truncate(length),
        close: () => handle.close(),
      };
      return file;
    };

  it('is said in a sentence, and everything before it is a recording with its text', async () => {
    const model = openFakeModel();
    const { listener, recordings, failed } = await setUp(model, undefined, limited(40_000));
    const { streamId, recordingId } = await listener.start(startBody);
    const speaker = new Speaker(model.manifest.frontEnd);
    const chunks = chunksOf(babble(4));
    for (const chunk of chunks.slice(0, 25)) await listener.chunk(speaker.chunk(streamId, chunk));
    await expect(listener.chunk(speaker.chunk(streamId, chunks[25] as Int16Array))).rejects.toMatchObject({
      code: 'disk.full',
      params: { seconds: 2 },
    });
    expect(failed).toEqual(['disk.full']);
    const [recording] = recordings.list().recordings;
    expect(recording).toMatchObject({ id: recordingId, durationMs: 2500 });
    expect(recording?.text.length).toBeGreaterThan(5);
    expect((await recordings.audio(recordingId, 0, 100_000)).totalSamples).toBe(40_000);
  });
});
