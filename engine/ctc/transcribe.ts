// Text of a whole file, by the same rules as live text.
import { DEFAULT_ENDPOINTS, type Endpoints } from '../../app/contract/decoding';
import type { Utterance } from '../../app/contract/recognition';
import { BeamText, DEFAULT_UTTERANCE_RULES, SYMBOLS_ALONE, type BeamDecoding } from './beamText';
import { LiveText } from './live';
import { DEFAULT_ENDPOINT_RULES, utterancesOf, type EndpointRules, type SettledWord, type TextManifest } from './words';

/** Best path, or beam search: of the symbols alone or with a language. */
export type Decoder = 'greedy' | 'beam' | BeamDecoding;

/** A stream's text by either decoder. */
export function openText(
  manifest: TextManifest,
  decoder: Decoder,
  endpoints: Endpoints = DEFAULT_ENDPOINTS,
): LiveText | BeamText {
  if (decoder === 'greedy') return new LiveText(manifest, lineRules(endpoints));
  const decoding = decoder === 'beam' ? SYMBOLS_ALONE : decoder;
  return new BeamText(manifest, decoding, { ...DEFAULT_UTTERANCE_RULES, ...endpoints });
}

/** Best path knows no line without words: when nothing is said, nothing ends. */
export const lineRules = ({ silenceAfterWordsMs, maxUtteranceMs }: Endpoints): EndpointRules => ({
  ...DEFAULT_ENDPOINT_RULES,
  silenceAfterWordsMs,
  maxUtteranceMs,
});

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
