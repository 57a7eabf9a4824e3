// Where in a recording each word is said: the text is forced through a network's posteriors, and the sound is parted where it
// is quietest between the symbols of two words.
import { blankClass, stepMsOf, type Alphabet } from '../../app/contract/model';
import { RECORDING_SAMPLE_RATE_HZ } from '../../app/contract/messages';
import { alignLabels } from '../ctc/alignment';
import { requiredFrames } from '../ctc/loss';
import { joinLabels, labelRows, learnedText, UNKNOWN_SYMBOL, type Wording } from '../data/dataset';
import type { ManifestRow } from '../data/manifest';
import { logitsOf, soundOf } from '../listen/hearing';
import type { OpenModel } from '../listen/openModel';

/** A word of the vocabulary, with its place in the sound. */
export interface WordSpan {
  /** As it is learned. */
  readonly word: string;
  readonly startMs: number;
  readonly endMs: number;
  /** Mean posterior of its symbols. */
  readonly confidence: number;
}

/** Loudness is looked at in steps of this. */
const STEP_MS = 10;
/** Stops within a word ("six") are silent for less than this; loudness is averaged over it. */
const CLOSURE_MS = 120;
/** CTC may hear a word's last symbol before the word is over. */
const END_MS = [40, 160] as const;
/** Sound this far below a word's loudest step is taken for the silence around it. */
const SILENCE_DB = 35;
/** Silence that is left around a word. */
const MARGIN_MS = 30;

/**
 * Every word of the vocabulary in the sound of a row, in order; empty where the text does not fit into the sound's frames.
 * @param pcm 16 kHz
 */
export async function wordSpans(
  model: OpenModel,
  pcm: Int16Array,
  row: ManifestRow,
  wording: Wording,
): Promise<WordSpan[]> {
  const { alphabet } = model.manifest;
  const words = learnedText(row.transcript, wording).split(' ');
  const { labelled } = labelRows(
    words.map((transcript) => ({ ...row, transcript })),
    alphabet,
    wording,
  );
  if (labelled.length < words.length) return [];
  const placed = placedWords(
    await logitsOf(model, soundOf(pcm)),
    labelled.map(({ labels }) => labels),
    alphabet,
  );
  const loudness = loudnessOf(pcm);
  const smooth = averaged(loudness, CLOSURE_MS / STEP_MS);
  const stepMs = stepMsOf(model.manifest);
  const cuts = placed.slice(1).map(({ startFrame }, index) => {
    const heardUntilMs = (placed[index] as Placed).endFrame * stepMs;
    return quietest(
      smooth,
      stepOf(heardUntilMs + END_MS[0]),
      stepOf(Math.max(startFrame * stepMs, heardUntilMs + END_MS[1])),
    );
  });
  const edges = [0, ...cuts, loudness.length];
  return placed.flatMap(({ confidence }, index) => {
    const word = words[index] as string;
    if (word === UNKNOWN_SYMBOL) return [];
    const [start, end] = withoutSilence(loudness, edges[index] as number, edges[index + 1] as number);
    return [{ word, startMs: start * STEP_MS, endMs: end * STEP_MS, confidence }];
  });
}

interface Placed {
  readonly startFrame: number;
  readonly endFrame: number;
  readonly confidence: number;
}

/** From the first to past the last symbol of each word; empty where the symbols do not fit. @param logits [n, C] */
function placedWords(logits: Float32Array, words: readonly Int32Array[], alphabet: Alphabet): Placed[] {
  const blank = blankClass(alphabet);
  const labels = joinLabels(words, alphabet);
  const n = logits.length / (blank + 1);
  if (labels.length === 0 || requiredFrames(labels) > n) return [];
  const emissions = alignLabels(logits, n, blank + 1, labels, blank);
  const separators = alphabet.wordSeparator === null ? 0 : 1;
  let at = 0;
  return words.map(({ length }) => {
    const own = emissions.slice(at, at + length);
    at += length + separators;
    return {
      startFrame: own[0]?.startFrame ?? 0,
      endFrame: own.at(-1)?.endFrame ?? 0,
      confidence: own.reduce((sum, emission) => sum + emission.confidence, 0) / length,
    };
  });
}

const stepOf = (ms: number): number => Math.round(ms / STEP_MS);

/** Power of every step in decibels; 0 for silence. */
function loudnessOf(pcm: Int16Array): Float64Array {
  const length = (RECORDING_SAMPLE_RATE_HZ * STEP_MS) / 1000;
  return Float64Array.from({ length: Math.ceil(pcm.length / length) }, (_, step) => {
    const part = pcm.subarray(step * length, (step + 1) * length);
    return 10 * Math.log10(1 + part.reduce((sum, sample) => sum + sample * sample, 0) / part.length);
  });
}

/** Mean over `width` steps around each. */
const averaged = (loudness: Float64Array, width: number): Float64Array =>
  loudness.map((_, step) => {
    const around = loudness.subarray(Math.max(0, step - width / 2), step + width / 2 + 1);
    return around.reduce((sum, value) => sum + value, 0) / around.length;
  });

/** The quietest step of [from, to], the first of equals. */
function quietest(loudness: Float64Array, from: number, to: number): number {
  const last = loudness.length - 1;
  let best = Math.min(from, last);
  for (let step = best; step <= Math.min(to, last); step++) {
    if ((loudness[step] as number) < (loudness[best] as number)) best = step;
  }
  return best;
}

/** [from, to) without the silence at its ends, but for a margin. */
function withoutSilence(loudness: Float64Array, from: number, to: number): [number, number] {
  const part = loudness.subarray(from, Math.max(to, from + 1));
  const floor = Math.max(...part) - SILENCE_DB;
  const first = part.findIndex((value) => value > floor);
  const last = part.findLastIndex((value) => value > floor);
  const margin = MARGIN_MS / STEP_MS;
  return [Math.max(from, from + first - margin), Math.min(to, from + last + 1 + margin)];
}
