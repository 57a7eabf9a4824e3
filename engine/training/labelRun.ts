// What a run needs that learns labels, whatever it reads.
import { createHash } from 'node:crypto';
import type { LabelConfig } from '../../app/contract/labelConfig';
import type { SoundLabellerManifest, TextLabellerManifest } from '../../app/contract/model';
import type { TrainInput } from './train';

/** A run but for how it computes, and what its model says of input and output. */
export interface LabelRun {
  readonly input: Omit<TrainInput, 'rung'>;
  readonly model:
    | Pick<TextLabellerManifest, 'labels' | 'network' | 'tagOrder'>
    | Pick<SoundLabellerManifest, 'labels' | 'network' | 'frontEnd'>;
}

/** What the training loop asks of a configuration, without what only CTC has. */
export function loopConfig({ training: all }: LabelConfig): TrainInput['config'] {
  const { classWeights: _, ...training } = all;
  const truncation = 'truncation' in training ? training.truncation : null;
  const flatStart = { epochs: 0, corpora: [] };
  const onlyCtc = { blankPenalty: 0, unknownOnlyShare: 1, rareSymbols: null, quietShare: 0, flatStart };
  return { training: { ...training, ...onlyCtc, truncation }, stringing: [] };
}

/** SHA-256 of what was read: a checkpoint of other data is refused. */
export const digestOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');
