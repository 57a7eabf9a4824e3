// model.json: everything about a recogniser but its weights. Types, checks and the window's model card come from here.
import { z } from 'zod';
import { frontEndSchema } from '../features/settings';
import { framesPerStep, isForwardOnly, networkSchema, type NetworkSpec } from './network';
import { bilingual, identifier } from './schema';

/** In UTF-16 units: a letter and its marks, but no letter under a tower of them. */
export const MAX_SYMBOL_LENGTH = 16;
export const alphabetSchema = z.strictObject({
  /** Class k of the network emits symbols[k]; the blank is the class after the last symbol. */
  symbols: z.array(z.string().min(1).max(MAX_SYMBOL_LENGTH)).min(1).max(20_000),
  /** The symbol between words, or null where the language writes none. */
  wordSeparator: z.string().nullable(),
  /** The symbol that stands for speech outside the vocabulary, or null. */
  unknown: z.string().nullable(),
});
export type Alphabet = z.infer<typeof alphabetSchema>;

export const measuredErrorSchema = z.strictObject({
  /** What it was measured on, for instance "digits of one speaker left out, four folds". */
  set: bilingual(200),
  measure: z.enum(['wer', 'cer', 'digitError', 'sentenceError']),
  value: z.number().min(0),
  utterances: z.number().int().nonnegative(),
  /** Command that repeats the measurement. */
  command: z.string().max(300),
  date: z.string().max(20),
});
export const modelCardSchema = z.strictObject({
  /** One plain sentence per language: what the model understands. */
  understands: z.strictObject({ en: z.string().max(500), zh: z.string().max(500) }),
  /** The vocabulary, or empty where any spelling is possible. */
  words: z.array(z.string().max(64)).max(100_000),
  language: z.string().max(20),
  licence: bilingual(500),
  data: z.array(
    z.strictObject({
      name: bilingual(100),
      licence: bilingual(200),
      utterances: z.number().int(),
      hours: z.number(),
    }),
  ),
  parameters: z.number().int().nonnegative(),
  errors: z.array(measuredErrorSchema),
  trainedOn: z.string().max(20),
  recipe: z.string().max(200),
});
export type ModelCard = z.infer<typeof modelCardSchema>;

const manifestFields = z.strictObject({
  format: z.literal('unroll-model'),
  version: z.literal(1),
  id: identifier,
  name: z.strictObject({ en: z.string().max(100), zh: z.string().max(100) }),
  frontEnd: frontEndSchema,
  alphabet: alphabetSchema,
  network: networkSchema,
  card: modelCardSchema,
});
/** All that the weights depend on. */
export const weightsContextSchema = manifestFields.pick({ frontEnd: true, alphabet: true, network: true });
export const modelManifestSchema = manifestFields.refine(
  ({ frontEnd, network }) => frontEnd.normalisation.kind !== 'window-mean' || !isForwardOnly(network),
  { message: 'reason.frontEnd.windowMean', path: ['frontEnd', 'normalisation', 'kind'] },
);
export type ModelManifest = z.infer<typeof modelManifestSchema>;
/** assets/models/default.json */
export const defaultModelsSchema = z.strictObject({ default: identifier, live: identifier });

/** Class index of the CTC blank. */
export const blankClass = (alphabet: Alphabet): number => alphabet.symbols.length;
/** Time between two steps of the logits. */
export const stepMsOf = ({
  frontEnd,
  network,
}: Pick<ModelManifest, 'frontEnd'> & { readonly network: Pick<NetworkSpec, 'stack'> }): number =>
  frontEnd.hopMs * framesPerStep(network);
/** A model streams when every layer runs forward only. */
export const isStreaming = (manifest: ModelManifest): boolean => isForwardOnly(manifest.network);
