// Text of a whole file, by the same rules as live text.
import { blankClass } from '../../app/contract/model';
import type { Utterance } from '../../app/contract/recognition';
import { unreachable } from '../../app/errors';
import { beamEmissions } from './beam';
import { LiveText } from './live';
import {
  classCount,
  DEFAULT_ENDPOINT_RULES,
  utterancesOf,
  wordsOf,
  type EndpointRules,
  type TextManifest,
} from './words';

export type DecoderKind = 'greedy' | 'beam';

/** @param logits [T, C] before softmax, of one sequence. */
export function utterancesFromLogits(
  logits: Float32Array,
  frames: number,
  manifest: TextManifest,
  decoder: DecoderKind = 'greedy',
  rules: EndpointRules = DEFAULT_ENDPOINT_RULES,
): Utterance[] {
  switch (decoder) {
    case 'greedy': {
      const text = new LiveText(manifest, rules);
      const { settled } = text.push(logits, frames);
      return utterancesOf([...settled, ...text.finish().settled]);
    }
    case 'beam': {
      const emissions = beamEmissions(logits, frames, classCount(manifest), blankClass(manifest.alphabet));
      return utterancesOf(wordsOf(emissions, manifest, rules));
    }
    default:
      return unreachable(decoder);
  }
}
