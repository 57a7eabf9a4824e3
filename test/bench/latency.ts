// From the end of a spoken word to its text, by way of the live session: sound comes 100 ms at a time as the microphone's
// does, in virtual time; what is measured is the work, and added. Left out: the sound card, the way from the window to the
// engine and back, and drawing.
import { promises as fs } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RECORDING_SAMPLE_RATE_HZ, type EventOf } from '../../app/contract/messages';
import type { Word } from '../../app/contract/recognition';
import { StreamingFrontEnd } from '../../app/features/frontEnd';
import { Recordings } from '../../engine/library/recordings';
import { Listener } from '../../engine/listen/listener';
import { UNHEARD } from '../../engine/listen/listenStream';
import type { OpenModel } from '../../engine/listen/openModel';
import type { Goal } from './goals';
import { quantile } from './measure';
import { spokenDigits, type SpokenWord } from './sound';
import { openModel } from './transcription';

const ROUNDS = 3;
const CHUNK_SAMPLES = RECORDING_SAMPLE_RATE_HZ / 10;
const SAMPLES_PER_MS = RECORDING_SAMPLE_RATE_HZ / 1000;
const MAX_LATENCY_MS = 300;
/** How far from its place in the sound a word may be heard. */
const TOLERANCE_MS = 300;

export interface Latency {
  readonly modelId: string;
  readonly spoken: number;
  /** Words whose text came at all; the others count in no figure below. */
  readonly heard: number;
  /** Until the text is there for the first time, be it as the changing tail. */
  readonly medianMs: number;
  readonly nineInTenMs: number;
  readonly slowestMs: number;
  /** Until it will not change again; null where nothing settled before the end. */
  readonly settledMedianMs: number | null;
  /** Work per chunk of 100 ms. */
  readonly workMedianMs: number;
  readonly workSlowestMs: number;
}

/** When a word was there, in the sound's time; NaN: never. */
interface Arrival {
  shownMs: number;
  settledMs: number;
}

export async function measureLatency(named: string | undefined): Promise<Latency> {
  const model = await openModel(named, 'live');
  const folder = await fs.mkdtemp(join(tmpdir(), 'unroll-bench-'));
  try {
    return await listenIn(folder, model);
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
    await model.dispose();
  }
}

async function listenIn(folder: string, model: OpenModel): Promise<Latency> {
  const { pcm, words } = await spokenDigits(ROUNDS);
  const arrivals = words.map((): Arrival => ({ shownMs: NaN, settledMs: NaN }));
  const events: EventOf<'listen.recognised'>[] = [];
  const listener = new Listener({
    recordings: await Recordings.open(folder),
    openModel: async () => model,
    owner: process.pid,
    events: { ...UNHEARD, recognised: (event) => void events.push(event) },
  });
  const frontEnd = new StreamingFrontEnd(model.manifest.frontEnd);
  const { streamId } = await listener.start({ modelId: model.manifest.id, source: 'sample' });
  const work: number[] = [];
  let firstFrame = 0;
  let doneMs = 0;
  for (let firstSample = 0; firstSample < pcm.length; firstSample += CHUNK_SAMPLES) {
    const chunk = pcm.subarray(firstSample, firstSample + CHUNK_SAMPLES);
    const start = performance.now();
    const frames = frontEnd.push(chunk);
    await listener.chunk({ streamId, firstSample, pcm: chunk, firstFrame, frames });
    const workMs = performance.now() - start;
    firstFrame += frames.length / frontEnd.dimension;
    const arrivedMs = (firstSample + chunk.length) / SAMPLES_PER_MS;
    doneMs = Math.max(doneMs, arrivedMs) + workMs; // work that takes too long holds up the next chunk
    work.push(workMs);
    for (const event of events.splice(0)) noteArrivals(words, arrivals, event, doneMs);
  }
  await listener.finish({ streamId, firstFrame, frames: frontEnd.finish() });
  return { modelId: model.manifest.id, ...summaryOf(words, arrivals), ...workOf(work) };
}

function noteArrivals(
  words: readonly SpokenWord[],
  arrivals: readonly Arrival[],
  { settled, tail }: EventOf<'listen.recognised'>,
  atMs: number,
): void {
  const settledWords = settled.map(({ word }) => word);
  words.forEach((spoken, index) => {
    const arrival = arrivals[index];
    if (arrival === undefined) return;
    const isSettled = settledWords.some((word) => isSame(word, spoken));
    const isShown = isSettled || tail.some((word) => isSame(word, spoken));
    if (isShown && Number.isNaN(arrival.shownMs)) arrival.shownMs = atMs;
    if (isSettled && Number.isNaN(arrival.settledMs)) arrival.settledMs = atMs;
  });
}

const isSame = (word: Word, { text, startMs, endMs }: SpokenWord): boolean =>
  word.text === text && word.startMs < endMs + TOLERANCE_MS && word.endMs > startMs - TOLERANCE_MS;

function summaryOf(words: readonly SpokenWord[], arrivals: readonly Arrival[]) {
  const lateness = (time: keyof Arrival): number[] =>
    arrivals.map((arrival, index) => arrival[time] - (words[index]?.endMs ?? NaN)).filter((ms) => !Number.isNaN(ms));
  const shown = lateness('shownMs');
  const settled = lateness('settledMs');
  return {
    spoken: words.length,
    heard: shown.length,
    medianMs: quantile(shown, 0.5),
    nineInTenMs: quantile(shown, 0.9),
    slowestMs: quantile(shown, 1),
    settledMedianMs: settled.length === 0 ? null : quantile(settled, 0.5),
  };
}
const workOf = (work: readonly number[]) => ({ workMedianMs: quantile(work, 0.5), workSlowestMs: quantile(work, 1) });

/** Held by nine words in ten. */
export const latencyGoal = ({ nineInTenMs }: Latency): Goal => ({
  text: "from a word's end to its text, nine words in ten",
  unit: 'ms',
  sense: 'at most',
  limit: MAX_LATENCY_MS,
  value: nineInTenMs,
});
