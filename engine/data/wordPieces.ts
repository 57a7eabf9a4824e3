// Recorded sentences cut where their speaker paused between two words: what is strung anew from the pieces says the same words in
// an order that nobody learned by heart.
import { RECORDING_SAMPLE_RATE_HZ } from '../../app/contract/messages';

/** A word where a recogniser hears it; CTC tells a place in the word, not its edges. */
export interface PlacedWord {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** One or more words, samples [start, end) of their recording. */
export interface WordPiece<W extends PlacedWord> {
  readonly words: readonly W[];
  readonly start: number;
  readonly end: number;
}

const BLOCK_MS = 10;
const BLOCK_SAMPLES = (RECORDING_SAMPLE_RATE_HZ * BLOCK_MS) / 1000;
/** How far the level has to fall between two words, below both of them, to be a pause. */
const PAUSE_DEPTH_DB = 12;
/** What is not more above the quietest block of a pause belongs to it. */
const PAUSE_SPREAD_DB = 5;
/** Quiet that is left at the ends of a piece. */
const KEPT_QUIET_BLOCKS = 15;
/** Digital silence would be infinitely quiet. */
const QUIETEST_DB = -80;

/** A stretch of quiet, blocks [start, end). */
interface Quiet {
  readonly start: number;
  readonly end: number;
}

/**
 * The pieces of a recording between its pauses: words without a clear pause between them stay together.
 * @param pcm 16 kHz
 * @param words all that are said, in order; at least one
 */
export function wordPieces<W extends PlacedWord>(pcm: Int16Array, words: readonly W[]): WordPiece<W>[] {
  const levels = blockLevels(pcm);
  const blockOf = ({ startMs, endMs }: PlacedWord): number =>
    Math.min(levels.length - 1, Math.round((startMs + endMs) / 2 / BLOCK_MS));
  const pieces: WordPiece<W>[] = [];
  let [start, spoken] = [0, [] as W[]];
  words.forEach((word, index) => {
    spoken.push(word);
    const next = words[index + 1];
    const pause = next === undefined ? null : pauseBetween(levels, blockOf(word), blockOf(next));
    if (pause === null && next !== undefined) return;
    const middle = pause === null ? levels.length : Math.ceil((pause.start + pause.end) / 2);
    const end = pause === null ? middle : Math.min(middle, pause.start + KEPT_QUIET_BLOCKS);
    pieces.push({ words: spoken, start: start * BLOCK_SAMPLES, end: Math.min(pcm.length, end * BLOCK_SAMPLES) });
    if (pause !== null) start = Math.max(middle, pause.end - KEPT_QUIET_BLOCKS);
    spoken = [];
  });
  return pieces;
}

/** The longest quiet between two words, or null where the level does not fall far enough. */
function pauseBetween(levels: Float32Array, from: number, to: number): Quiet | null {
  const between = levels.subarray(from, to + 1);
  if (between.length < 3) return null;
  const quietest = between.reduce((least, level) => Math.min(least, level), Infinity);
  const at = between.indexOf(quietest);
  const loudestOf = (part: Float32Array): number => part.reduce((most, level) => Math.max(most, level), -Infinity);
  const depth = Math.min(loudestOf(between.subarray(0, at + 1)), loudestOf(between.subarray(at))) - quietest;
  if (depth < PAUSE_DEPTH_DB) return null;
  let longest: Quiet = { start: at, end: at };
  for (let start = 0; start < between.length;) {
    let end = start;
    while (end < between.length && (between[end] as number) <= quietest + PAUSE_SPREAD_DB) end += 1;
    if (end - start > longest.end - longest.start) longest = { start, end };
    start = Math.max(end, start + 1);
  }
  return { start: from + longest.start, end: from + longest.end };
}

/** Level of every 10 ms, in dB of full scale, averaged with its neighbours': single periods of a low voice are no pauses. */
function blockLevels(pcm: Int16Array): Float32Array {
  const powers = Float64Array.from({ length: Math.max(1, Math.floor(pcm.length / BLOCK_SAMPLES)) }, (_, block) => {
    const samples = pcm.subarray(block * BLOCK_SAMPLES, (block + 1) * BLOCK_SAMPLES);
    return samples.reduce((sum, sample) => sum + (sample / 32768) ** 2, 0) / Math.max(1, samples.length);
  });
  return Float32Array.from(powers, (_, block) => {
    const near = powers.subarray(Math.max(0, block - 1), block + 2);
    const power = near.reduce((sum, value) => sum + value, 0) / near.length;
    return Math.max(QUIETEST_DB, 10 * Math.log10(Math.max(power, Number.MIN_VALUE)));
  });
}
