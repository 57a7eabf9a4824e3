// A file of an hour, dropped on the window: rested, stopped half way, and read again to its end. Does memory stay bounded?
import { writeWav } from '../../app/audio/wav';
import { MAX_FILE_PIECE_BYTES, type EventEnvelope, type EventOf } from '../../app/contract/messages';
import type { EngineProcess } from '../engine/engineProcess';
import { residentBytes } from './longRecording';
import { SAMPLE_RATE_HZ, type EndlessSound } from './sound';

export interface LongFileOptions {
  readonly engine: EngineProcess;
  /** Hears the engine's events until the returned function is called. */
  readonly hear: (listener: (event: EventEnvelope) => void) => () => void;
  readonly sound: EndlessSound;
  readonly modelId: string;
  readonly seconds: number;
}

export interface LongFile {
  /** Of the engine's memory before the file came; null where the system does not tell. */
  readonly before: number | null;
  /** The most while the file was read, at each twentieth of it from first to last. */
  readonly during: readonly number[];
  readonly utterances: number;
  readonly realTimeFactor: number | null;
  /** Share of the file at which it was stopped. */
  readonly stoppedAt: number;
}

/** Events of an engine for more than one who hears them. */
export function manyEars() {
  const ears = new Set<(event: EventEnvelope) => void>();
  return {
    onEvent: (event: EventEnvelope): void => ears.forEach((hear) => hear(event)),
    hear: (listener: (event: EventEnvelope) => void) => {
      ears.add(listener);
      return () => void ears.delete(listener);
    },
  };
}

type Progress = EventOf<'files.progress'>;
const REST_AT = 0.2;
const STOP_AT = 0.5;
const LOOKS = 20;
/** Time in which a file that rests would go on: many pieces. */
const REST_MS = 500;

/** @throws Error where a file does not rest, does not stop, or is not read to its end */
export async function readLongFile(options: LongFileOptions): Promise<LongFile> {
  const { engine, sound, seconds } = options;
  const wav = writeWav(sound.read(0, seconds * SAMPLE_RATE_HZ), SAMPLE_RATE_HZ);
  await engine.ask('models.open', { modelId: options.modelId });
  const before = await residentBytes(engine.pid);
  const stoppedAt = await restAndStop(options, wav);
  const file = await send(options, wav);
  const during: number[] = [];
  for (let look = 1; look <= LOOKS; look++) {
    await file.until(({ state, fraction }) => isOver(state) || (state === 'transcribing' && fraction >= look / LOOKS));
    const bytes = await residentBytes(engine.pid);
    if (bytes !== null) during.push(bytes);
  }
  const { state, recordingId, realTimeFactor } = await file.until(({ state }) => isOver(state));
  file.leave();
  if (state !== 'done' || recordingId === null) throw new Error(`Expected the file to be read, but it is ${state}`);
  const { recording } = await engine.ask('recordings.get', { recordingId });
  if (Math.round(recording.durationMs / 1000) !== seconds)
    throw new Error(`Expected a recording of ${seconds} s, but got ${recording.durationMs} ms`);
  const utterances = recording.transcripts.at(-1)?.utterances.length ?? 0;
  return { before, during, utterances, realTimeFactor, stoppedAt };
}

/** @returns the share of the file at which it was stopped */
async function restAndStop(options: LongFileOptions, wav: Uint8Array): Promise<number> {
  const { engine } = options;
  const file = await send(options, wav);
  await file.until(({ state, fraction }) => state === 'transcribing' && fraction >= REST_AT);
  await engine.ask('files.rest', { isResting: true });
  const rested = file.last().fraction;
  await new Promise((resolve) => setTimeout(resolve, REST_MS));
  // The piece that was being heard may have been told meanwhile.
  const { state, fraction } = file.last();
  if (state !== 'transcribing' || fraction > rested + 0.05)
    throw new Error(`Expected the file to rest at ${rested}, but it is ${state} at ${fraction}`);
  await engine.ask('files.rest', { isResting: false });
  await file.until((told) => told.state === 'transcribing' && told.fraction >= STOP_AT);
  const stoppedAt = file.last().fraction;
  await engine.ask('files.cancel', { fileId: file.fileId });
  const ended = await file.until((told) => isOver(told.state));
  file.leave();
  if (ended.state !== 'cancelled') throw new Error(`Expected the file to be stopped, but it is ${ended.state}`);
  return stoppedAt;
}

const isOver = (state: Progress['state']): boolean => state === 'done' || state === 'failed' || state === 'cancelled';

/** As the window sends it. */
async function send(options: LongFileOptions, wav: Uint8Array) {
  const { engine, modelId } = options;
  const { fileId } = await engine.ask('files.add', { name: 'hour.wav', byteLength: wav.length, modelId });
  const file = follow(options, fileId);
  for (let offset = 0; offset < wav.length; offset += MAX_FILE_PIECE_BYTES)
    await engine.ask('files.piece', { fileId, offset, bytes: wav.slice(offset, offset + MAX_FILE_PIECE_BYTES) });
  return file;
}

/** What the engine says of a file. */
function follow({ hear }: LongFileOptions, fileId: string) {
  let last: Progress | null = null;
  let wake: () => void = () => undefined;
  const leave = hear(({ event, body }) => {
    if (event !== 'files.progress' || (body as Progress).fileId !== fileId) return;
    last = body as Progress;
    wake();
  });
  const told = (): Progress => {
    if (last === null) throw new Error('Expected the engine to have told of the file');
    return last;
  };
  return {
    fileId,
    leave,
    last: told,
    until: async (condition: (progress: Progress) => boolean): Promise<Progress> => {
      while (last === null || !condition(last)) await new Promise<void>((resolve) => (wake = resolve));
      return told();
    },
  };
}
