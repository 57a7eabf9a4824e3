// A recording of hours, fed faster than real time: does memory stay, does the text keep up, is every sample on disk?
import { promises as fs } from 'node:fs';
import type { ActivationSeries, InspectedLayer } from '../../app/contract/inspection';
import type { ReplyOf } from '../../app/contract/messages';
import type { EngineProcess } from '../engine/engineProcess';
import { Speaker } from '../engine/listen/speaker';
import { SAMPLE_RATE_HZ, type EndlessSound } from './sound';

export interface LongRecordingOptions {
  readonly engine: EngineProcess;
  readonly sound: EndlessSound;
  readonly modelId: string;
  readonly seconds: number;
  /** Heard after each minute of the recording. */
  readonly onMinute?: (minute: Minute) => void;
}

export interface Minute {
  readonly minute: number;
  /** Of the engine; null where the system does not tell. */
  readonly residentBytes: number | null;
  /** From a chunk of one second to its answer: the 95th percentile. */
  readonly answerMs: number;
}

export interface LongRecording {
  readonly minutes: readonly Minute[];
  readonly recordingId: string;
  readonly utterances: number;
  readonly realTimeFactor: number | null;
}

const MINUTE_SECONDS = 60;
/** Places at which the sound on disk is held against what was said. */
const PROBES = 200;

/** @throws Error where the sound on disk is not what was said */
export async function recordForHours(options: LongRecordingOptions): Promise<LongRecording> {
  const { engine, sound, modelId, seconds } = options;
  const { frontEnd } = await engine.ask('models.open', { modelId });
  const speaker = new Speaker(frontEnd);
  const { streamId, recordingId } = await engine.ask('listen.start', { modelId, source: 'microphone' });
  const { layers } = await engine.ask('inspection.watch', { streamId, series: [] });
  await engine.ask('inspection.watch', { streamId, series: seriesOf(layers) });
  const minutes: Minute[] = [];
  let answers: number[] = [];
  for (let second = 0; second < seconds; second++) {
    const pcm = sound.read(second * SAMPLE_RATE_HZ, SAMPLE_RATE_HZ);
    const since = performance.now();
    await engine.ask('listen.chunk', speaker.chunk(streamId, pcm));
    answers.push(performance.now() - since);
    if ((second + 1) % MINUTE_SECONDS !== 0) continue;
    const minute = {
      minute: minutes.length + 1,
      residentBytes: await residentBytes(engine.pid),
      answerMs: late(answers),
    };
    minutes.push(minute);
    options.onMinute?.(minute);
    answers = [];
  }
  const { realTimeFactor } = await engine.ask('listen.finish', speaker.tail(streamId));
  await checkSound(options, recordingId);
  const { recording } = await engine.ask('recordings.get', { recordingId });
  const utterances = recording.transcripts.at(-1)?.utterances.length ?? 0;
  return { minutes, recordingId, utterances, realTimeFactor };
}

/** One series of the first layer: what a person who watches the memory sees. */
function seriesOf([layer]: readonly InspectedLayer[]): ActivationSeries[] {
  const direction = layer?.directions[0];
  const activation = layer?.activations[0]?.name;
  return direction === undefined || activation === undefined ? [] : [{ layer: 0, direction, activation }];
}

async function checkSound({ engine, sound, seconds }: LongRecordingOptions, recordingId: string): Promise<void> {
  const samples = seconds * SAMPLE_RATE_HZ;
  const step = Math.max(1, Math.floor(samples / PROBES));
  for (let first = 0; first < samples; first += step) {
    const count = Math.min(1_000, samples - first);
    const { pcm, totalSamples }: ReplyOf<'recordings.audio'> = await engine.ask('recordings.audio', {
      recordingId,
      firstSample: first,
      samples: count,
    });
    if (totalSamples !== samples) throw new Error(`Expected ${samples} samples on disk, but got ${totalSamples}`);
    const said = sound.read(first, count);
    const wrong = pcm.findIndex((value, n) => value !== said[n]);
    if (wrong >= 0 || pcm.length !== count)
      throw new Error(`The sound on disk differs at sample ${first + Math.max(0, wrong)}`);
  }
}

/** @returns the growth from one part of a long run to another, as a factor; both are medians of a tenth */
export function growth(values: readonly number[]): number {
  const tenth = Math.max(1, Math.floor(values.length / 10));
  const early = median(values.slice(tenth, 2 * tenth));
  return early === 0 ? 1 : median(values.slice(-tenth)) / early;
}

const late = (values: readonly number[]): number => sorted(values)[Math.floor(values.length * 0.95)] ?? 0;
const median = (values: readonly number[]): number => sorted(values)[Math.floor(values.length / 2)] ?? 0;
const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);

/** Null where there is no /proc. */
export async function residentBytes(pid: number | undefined): Promise<number | null> {
  const status = await fs.readFile(`/proc/${pid}/status`, 'utf8').catch(() => null);
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status ?? '')?.[1];
  return kibibytes === undefined ? null : Number(kibibytes) * 1024;
}
