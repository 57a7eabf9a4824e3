// Training configurations of models that give labels: a label for a sound or a text, or a tag for every token of a text.
import { z } from 'zod';
import type { ReasonCode } from '../errors';
import { MAX_LABEL_LENGTH, tagOrderSchema } from './model';
import { directionsOf } from './network';
import { MAX_KNOWN, textUnitSchema } from './textInput';
import { configFields, trainingConfigSchema } from './trainingConfig';

const { id, name, language, understands, licence, frontEnd, normalisation, network, training, augmentation } =
  configFields.shape;
const about = { id, name, language, understands, licence };

const limits = {
  /** Entries of the encoding at most, the most frequent ones first. */
  maxKnown: z.number().int().min(1).max(MAX_KNOWN).default(20_000),
  /** How often an entry must occur to be known; with 2, what occurs once teaches what to make of all that is not known. */
  minCount: z.number().int().min(1).max(1000).default(2),
  /**
   * Chance in training, drawn anew each time, that a token is read as one that is not known: 1-of-N as the other one, with n-grams
   * without the slot of its own. What is learned then hears more of the tokens around it. 0 if left out.
   */
  wordDropout: z.number().min(0).max(0.9).optional(),
};
const wantedEncoding = (usual: 'word' | 'spaced') =>
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('oneOfN'), unit: textUnitSchema.default(usual), ...limits }),
    z.strictObject({
      kind: z.literal('letterNGrams'),
      unit: textUnitSchema.exclude(['character']).default(usual),
      /** Letters of an n-gram, the marks at a word's ends included. */
      n: z.number().int().min(1).max(8).default(3),
      /** n-grams of a word that are read; those after them are not. */
      maxPerWord: z.number().int().min(1).max(256).default(32),
      /** Whether known words have a slot of their own besides their n-grams. */
      hasWords: z.boolean().default(false),
      ...limits,
    }),
  ]);
export type WantedEncoding = z.infer<ReturnType<typeof wantedEncoding>>;

/** A learned vector of so many values for each entry of the encoding; none if left out: the entries themselves are read. */
const embedding = z.strictObject({ size: z.number().int().min(1).max(4096) }).optional();
const { convolutions, stack, layers, dropout } = network.shape;
/** What the label is told from: the last layer's last step, its mean over the steps, or its largest values. */
const onceHead = z.enum(['lastStep', 'meanPool', 'maxPool']);

/**
 * Weight of each label in the loss: null for 1 each; "balanced" for what makes all labels weigh alike, however often each occurs;
 * or a weight by label, 1 where a label is not named.
 */
const classWeights = z
  .union([z.null(), z.literal('balanced'), z.record(z.string().max(MAX_LABEL_LENGTH), z.number().min(0).max(1e6))])
  .default(null);
const onceTraining = training
  .omit({
    blankPenalty: true,
    unknownOnlyShare: true,
    rareSymbols: true,
    quietShare: true,
    flatStart: true,
    truncation: true,
    frozenLayers: true,
  })
  .extend({ classWeights });
const taggedTraining = onceTraining.extend({ truncation: training.shape.truncation });

/** One label for a whole sequence gives no target for a step. */
function refuseTeacher(
  { network: { layers: all } }: { readonly network: Pick<z.infer<typeof network>, 'layers'> },
  context: z.RefinementCtx,
): void {
  all.forEach((layer, index) => {
    if (layer.cell === 'jordan' && layer.teacherForcing === true)
      context.addIssue({
        code: 'custom',
        path: ['network', 'layers', index, 'teacherForcing'],
        message: 'reason.training.teacherForcingOnce' satisfies ReasonCode,
      });
  });
}
const soundFields = z.strictObject({
  task: z.literal('classifySound'),
  ...about,
  frontEnd,
  normalisation,
  network: z.strictObject({ convolutions, stack, layers, dropout, head: onceHead }),
  training: onceTraining,
  augmentation,
});
export const soundLabelConfigSchema = soundFields.superRefine(refuseTeacher);
const textFields = z.strictObject({
  task: z.literal('classifyText'),
  ...about,
  text: wantedEncoding('word'),
  network: z.strictObject({ embedding, stack, layers, dropout, head: onceHead }),
  training: onceTraining,
});
export const textLabelConfigSchema = textFields.superRefine(refuseTeacher);
const tagFields = z.strictObject({
  task: z.literal('tagText'),
  ...about,
  text: wantedEncoding('spaced'),
  network: z.strictObject({ embedding, layers, dropout }),
  /**
   * How much the usual order of tags counts beside what the network sees of a token when its tags are chosen together; 0: only
   * what may not follow is left out, as "I-city" after "O". Every token for itself if left out.
   */
  tagOrder: tagOrderSchema.shape.weight.optional(),
  /**
   * What is made likely: the tag of each token for itself (if left out), or all tags of a text together, by the order that they are
   * chosen by too.
   */
  tagLoss: z.enum(['token', 'text']).optional(),
  training: taggedTraining,
});
/** Why tags cannot be learned in parts; null where they can, or are not to be. */
function truncationMisfit({ network: { layers: all }, training: { truncation } }: z.infer<typeof tagFields>) {
  if (truncation === null) return null;
  if (all.some((layer) => directionsOf(layer).length > 1)) return 'reason.training.truncationReverse';
  const isOutOfStep = all.some(
    (layer) => layer.cell === 'clockwork' && layer.periods.some((period) => truncation.steps % period !== 0),
  );
  return isOutOfStep ? 'reason.training.truncationPeriods' : null;
}
/** Why a text's tags cannot be learned together; null where they can, or are not to be. */
function tagLossMisfit({ tagLoss = 'token', tagOrder, training }: z.infer<typeof tagFields>): ReasonCode | null {
  if (tagLoss === 'token') return null;
  if (tagOrder === undefined) return 'reason.training.togetherOrder';
  const isPlain = training.labelSmoothing === 0 && training.classWeights === null && training.truncation === null;
  return isPlain ? null : 'reason.training.togetherPlain';
}
export const tagConfigSchema = tagFields.superRefine((config, context) => {
  const together = tagLossMisfit(config);
  if (together !== null) context.addIssue({ code: 'custom', path: ['tagLoss'], message: together });
  const message: ReasonCode | null = truncationMisfit(config);
  if (message !== null) context.addIssue({ code: 'custom', path: ['training', 'truncation'], message });
});

/** What `unroll train` takes. */
export const anyConfigSchema = z.discriminatedUnion('task', [
  trainingConfigSchema,
  soundLabelConfigSchema,
  textLabelConfigSchema,
  tagConfigSchema,
]);
export type AnyConfig = z.infer<typeof anyConfigSchema>;
export type SoundLabelConfig = z.infer<typeof soundLabelConfigSchema>;
export type TextLabelConfig = z.infer<typeof textLabelConfigSchema> | z.infer<typeof tagConfigSchema>;
export type LabelConfig = SoundLabelConfig | TextLabelConfig;
