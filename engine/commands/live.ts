// A file heard as a microphone is: the engine's own live listening, in a folder that lasts as long as the command.
import { promises as fs } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventOf } from '../../app/contract/messages';
import type { Utterance } from '../../app/contract/recognition';
import { StreamingFrontEnd } from '../../app/features/frontEnd';
import type { Decoder } from '../ctc/transcribe';
import { Recordings } from '../library/recordings';
import { Listener } from '../listen/listener';
import { UNHEARD } from '../listen/listenStream';
import type { OpenModel } from '../listen/openModel';

/** 100 ms, as the window sends it. */
const CHUNK_SAMPLES = 1600;

export interface LiveOptions {
  /** Hears each step, as the window would. */
  readonly onRecognised?: (event: EventOf<'listen.recognised'>) => void;
  /** Left out: as the model and its language have it. */
  readonly decoder?: Decoder;
}

/**
 * @param pcm 16 kHz mono
 */
export async function transcribeLive(
  model: OpenModel,
  pcm: Int16Array,
  { onRecognised = () => undefined, decoder }: LiveOptions = {},
): Promise<Utterance[]> {
  const folder = await fs.mkdtemp(join(tmpdir(), 'unroll-live-'));
  try {
    const recordings = await Recordings.open(folder);
    const listener = new Listener({
      recordings,
      openModel: async () => model,
      ...(decoder === undefined ? {} : { decoder }),
      owner: process.pid,
      events: { ...UNHEARD, recognised: onRecognised },
    });
    const recordingId = await speak(listener, model, pcm);
    const { transcripts } = await recordings.get(recordingId);
    return transcripts.at(-1)?.utterances ?? [];
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

/** What the window does with a microphone's sound. @returns the recording's id */
async function speak(listener: Listener, { manifest }: OpenModel, pcm: Int16Array): Promise<string> {
  const frontEnd = new StreamingFrontEnd(manifest.frontEnd);
  const { streamId, recordingId } = await listener.start({ modelId: manifest.id, source: 'sample' });
  let firstFrame = 0;
  for (let firstSample = 0; firstSample < pcm.length; firstSample += CHUNK_SAMPLES) {
    const chunk = pcm.subarray(firstSample, firstSample + CHUNK_SAMPLES);
    const frames = frontEnd.push(chunk);
    await listener.chunk({ streamId, firstSample, pcm: chunk, firstFrame, frames });
    firstFrame += frames.length / frontEnd.dimension;
  }
  await listener.finish({ streamId, firstFrame, frames: frontEnd.finish() });
  return recordingId;
}
