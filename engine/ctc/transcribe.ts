// Text of a whole file, by the same rules as live text.
import type { Utterance } from '../../app/contract/recognition';
import { BeamText, SYMBOLS_ALONE, type BeamDecoding } from './beamText';
import { LiveText } from './live';
import { utterancesOf, type SettledWord, type TextManifest } from './words';

/** Best path, or beam search: of the symbols alone or with a language. */
export type Decoder = 'greedy' | 'beam' | BeamDecoding;

/** A stream's text by either decoder. */
export const openText = (manifest: TextManifest, decoder: Decoder): LiveText | BeamText =>
  decoder === 'greedy' ? new LiveText(manifest) : new BeamText(manifest, decoder === 'beam' ? SYMBOLS_ALONE : decoder);

/** Settled words as lines, each with its readings where they were kept. */
export function linesOf(settled: readonly SettledWord[], text: LiveText | BeamText): Utterance[] {
  const readings = text instanceof BeamText ? text.readings : [];
  return utterancesOf(settled).map((line, index) => {
    const ofLine = readings[index];
    return ofLine === undefined ? line : { ...line, readings: [...ofLine] };
  });
}

/** @param logits [T, C] before softmax, of one sequence. */
export function utterancesFromLogits(
  logits: Float32Array,
  frames: number,
  manifest: TextManifest,
  decoder: Decoder = 'greedy',
): Utterance[] {
  const text = openText(manifest, decoder);
  const { settled } = text.push(logits, frames);
  return linesOf([...settled, ...text.finish().settled], text);
}
