// The configurations that a new run begins with: by chance, or from what a model is made of.
import type { ReplyOf } from '../../../app/contract/messages';
import { trainingConfigSchema, type TrainingConfig } from '../../../app/contract/trainingConfig';
import { starterConfig } from '../../../app/starterConfig';

/** Every word of the data is learned, spelled out. */
export function firstConfig(): TrainingConfig {
  return trainingConfigSchema.parse({ ...starterConfig([]), vocabulary: null });
}

/** A model to begin with, and what a run takes over of it. */
export interface BaseModel extends ReplyOf<'models.describe'> {
  readonly id: string;
  readonly name: TrainingConfig['name'];
}

/** Words that a model tells apart; null where it spells whatever it hears. */
export const wordsOf = ({ alphabet, card }: BaseModel): string[] | null =>
  alphabet.unknown === null || card.words.length === 0 ? null : [...card.words];

/** What is learned in fine-tuning is little, and should not be unlearned: smaller steps than from chance, and fewer. */
const FINE_TUNING = { epochs: 20, learningRate: 0.001, warmUpSteps: 20, batchFrames: 1000 } as const;

/** The front end, words and network of a model; learning in small steps. */
export function fineTuningConfig(model: BaseModel): TrainingConfig {
  const { frontEnd, network, card } = model;
  const { normalisation } = frontEnd;
  const first = firstConfig();
  return trainingConfigSchema.parse({
    ...first,
    language: card.language,
    understands: card.understands,
    licence: card.licence,
    frontEnd: { ...frontEnd, normalisation: { kind: 'none' } },
    normalisation:
      normalisation.kind === 'window-mean'
        ? { kind: 'window-mean', priorFrames: normalisation.priorFrames }
        : first.normalisation,
    vocabulary: wordsOf(model),
    network: {
      convolutions: network.front?.convolutions ?? [],
      ...(network.stack && { stack: network.stack }),
      layers: network.layers,
      dropout: network.dropout,
    },
    training: { ...first.training, ...FINE_TUNING },
  });
}
