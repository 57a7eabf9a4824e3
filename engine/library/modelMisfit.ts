// How the fields of a model.json must fit each other, beyond what its schema says of each.
import {
  hearsSound,
  isRecogniser,
  type Alphabet,
  type LabellerManifest,
  type ModelManifest,
} from '../../app/contract/model';
import type { NetworkSpec } from '../../app/contract/network';
import type { ErrorParams, ReasonCode } from '../../app/errors';
import { featureDimension, type FrontEndSettings } from '../../app/features/settings';
import type { FieldReason } from '../../app/fieldReason';

const misfit = (path: string, reason: ReasonCode, params: ErrorParams = {}): FieldReason => ({
  path,
  params: { ...params, reason },
});

/** The first disagreement between fields, or null. */
export function misfitOf(manifest: ModelManifest): FieldReason | null {
  const { network } = manifest;
  if (isRecogniser(manifest))
    return misfitOfFeatures(manifest.frontEnd, network) ?? misfitOfAlphabet(manifest.alphabet, network);
  return (hearsSound(manifest) ? misfitOfFeatures(manifest.frontEnd, network) : null) ?? misfitOfLabels(manifest);
}

function misfitOfFeatures(frontEnd: FrontEndSettings, { inputSize }: NetworkSpec): FieldReason | null {
  const needed = featureDimension(frontEnd);
  return inputSize === needed
    ? null
    : misfit('network.inputSize', 'reason.model.inputSize', { needed, stated: inputSize });
}

function misfitOfAlphabet(alphabet: Alphabet, { head }: NetworkSpec): FieldReason | null {
  if (head.kind !== 'ctc') return misfit('network.head.kind', 'reason.model.head');
  const needed = alphabet.symbols.length + 1;
  if (head.classes !== needed)
    return misfit('network.head.classes', 'reason.model.classes', { needed, stated: head.classes });
  if (new Set(alphabet.symbols).size !== alphabet.symbols.length)
    return misfit('alphabet.symbols', 'reason.model.symbolTwice');
  for (const field of ['wordSeparator', 'unknown'] as const) {
    const symbol = alphabet[field];
    if (symbol !== null && !alphabet.symbols.includes(symbol))
      return misfit(`alphabet.${field}`, 'reason.model.noSymbol');
  }
  if (alphabet.unknown !== null && alphabet.unknown === alphabet.wordSeparator)
    return misfit('alphabet.unknown', 'reason.model.isSeparator');
  return null;
}

function misfitOfLabels({ labels, network: { head } }: LabellerManifest): FieldReason | null {
  if (head.kind === 'ctc') return misfit('network.head.kind', 'reason.model.headOfLabels');
  return head.classes === labels.length
    ? null
    : misfit('network.head.classes', 'reason.model.labelCount', { needed: labels.length, stated: head.classes });
}
