// model.json: everything about a model but its weights. Types, checks and the window's model card come from here.
import { z } from 'zod';
import type { ReasonCode } from '../errors';
import { frontEndSchema, type FrontEndSettings } from '../features/settings';
import { decodingSchema } from './decoding';
import { framesPerStep, isForwardOnly, networkSchema, type NetworkSpec } from './network';
import { bilingual, identifier } from './schema';
import type { TextEncoding } from './textInput';

/** In UTF-16 units: a letter and its marks, but no letter under a tower of them. */
export const MAX_SYMBOL_LENGTH = 16;
export const MAX_LABEL_LENGTH = 100;
export const MAX_AUTHOR = 100;
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
  /** Of labels a share that is right: F1 of slots, texts whose label or all of whose tags are right. */
  measure: z.enum(['wer', 'cer', 'digitError', 'sentenceError', 'slotF1', 'labelAccuracy', 'textAccuracy']),
  value: z.number().min(0),
  /** 95 % interval of the value, by drawing the utterances anew. */
  interval: z.tuple([z.number().min(0), z.number().min(0)]).optional(),
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
  /** Who made it, as they call themselves. */
  author: z.string().max(MAX_AUTHOR).optional(),
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

/** What the classes of a head of labels mean: class k is labels[k]. */
export const labelsSchema = z
  .array(z.string().min(1).max(MAX_LABEL_LENGTH))
  .min(2)
  .max(20_000)
  .refine((list) => new Set(list).size === list.length, { message: 'reason.model.labelTwice' });

/** Which tags follow which: how a network that tags every token chooses its tags together. */
export const tagOrderSchema = z.strictObject({
  /** How much the usual order counts beside what the network sees at a token; 0: only what may not follow is left out. */
  weight: z.number().min(0).max(1),
  /** What was learned from has class b after class a so many times, [a, b, times]; an a of -1 is the beginning of a text. */
  follows: z
    .array(z.tuple([z.number().int().min(-1), z.number().int().nonnegative(), z.number().int().positive()]))
    .max(200_000),
});
export type TagOrder = z.infer<typeof tagOrderSchema>;

export const hearsSchema = z.enum(['windows', 'whole']);

const manifestFields = z.strictObject({
  format: z.literal('unroll-model'),
  version: z.literal(1),
  id: identifier,
  name: z.strictObject({ en: z.string().max(100), zh: z.string().max(100) }),
  /** Of a network that hears sound; left out where it reads text, which `network.text` encodes. */
  frontEnd: frontEndSchema.optional(),
  /** Of a network that writes text by CTC; left out where it gives labels. */
  alphabet: alphabetSchema.optional(),
  /** Of a network that gives labels: one for every step (framewise), or one for a whole sequence. */
  labels: labelsSchema.optional(),
  network: networkSchema,
  /**
   * Of a network that also reads backward and writes text: whether it hears an utterance whole (up to 30 s, cut at pauses), or in
   * windows of 7.5 s, half a second of which settles at a time; windows if left out.
   */
  hears: hearsSchema.optional(),
  /** Of a network that writes text by CTC: how its symbols are searched. */
  decoding: decodingSchema.optional(),
  /** Of a network that tags every token of a text; every token for itself if left out. */
  tagOrder: tagOrderSchema.optional(),
  card: modelCardSchema,
});
type ManifestFields = z.infer<typeof manifestFields>;
type Common = Omit<ManifestFields, 'frontEnd' | 'alphabet' | 'labels'>;
/** All that the weights depend on. */
export const weightsContextSchema = manifestFields
  .pick({ frontEnd: true, alphabet: true, labels: true, network: true })
  .strip();
/** Hears sound and writes text. */
export interface RecogniserManifest extends Common {
  readonly frontEnd: FrontEndSettings;
  readonly alphabet: Alphabet;
}
/** Hears sound and gives labels. */
export interface SoundLabellerManifest extends Common {
  readonly frontEnd: FrontEndSettings;
  readonly labels: readonly string[];
}
/** Reads text and gives labels. */
export interface TextLabellerManifest extends Common {
  readonly labels: readonly string[];
  readonly network: NetworkSpec & { readonly text: TextEncoding };
}
export type LabellerManifest = SoundLabellerManifest | TextLabellerManifest;
export type ModelManifest = RecogniserManifest | LabellerManifest;

export const isRecogniser = (manifest: ModelManifest): manifest is RecogniserManifest => 'alphabet' in manifest;
export const hearsSound = (manifest: LabellerManifest): manifest is SoundLabellerManifest => 'frontEnd' in manifest;

/** One of the three kinds of model, or the field that keeps it from being one, and why. */
function kindOf({
  frontEnd,
  alphabet,
  labels,
  ...common
}: ManifestFields): ModelManifest | { readonly path: string[]; readonly message: ReasonCode } {
  const { network, tagOrder } = common;
  const { text } = network;
  if (tagOrder !== undefined) {
    const isTagger = text !== undefined && network.head.kind === 'framewise';
    const classes = network.head.classes;
    if (!isTagger || tagOrder.follows.some(([from, to]) => from >= classes || to >= classes))
      return { path: ['tagOrder'], message: 'reason.model.tagOrder' };
  }
  if (frontEnd !== undefined && text !== undefined) return { path: ['frontEnd'], message: 'reason.model.twoInputs' };
  if (alphabet !== undefined && labels !== undefined) return { path: ['labels'], message: 'reason.model.twoOutputs' };
  if (frontEnd !== undefined) {
    if (frontEnd.normalisation.kind === 'window-mean' && isForwardOnly(network))
      return { path: ['frontEnd', 'normalisation', 'kind'], message: 'reason.frontEnd.windowMean' };
    if (alphabet !== undefined) return { ...common, frontEnd, alphabet };
    return labels === undefined
      ? { path: ['alphabet'], message: 'reason.model.noOutput' }
      : { ...common, frontEnd, labels };
  }
  if (text === undefined) return { path: ['frontEnd'], message: 'reason.model.noInput' };
  if (alphabet !== undefined) return { path: ['alphabet'], message: 'reason.model.textToText' };
  return labels === undefined
    ? { path: ['labels'], message: 'reason.model.noOutput' }
    : { ...common, network: { ...network, text }, labels };
}
export const modelManifestSchema = manifestFields.transform((fields, context): ModelManifest => {
  const kind = kindOf(fields);
  if (!('message' in kind)) return kind;
  context.addIssue({ code: 'custom', ...kind });
  return z.NEVER;
});
/** assets/models/default.json */
export const defaultModelsSchema = z.strictObject({ default: identifier, live: identifier });

/** Class index of the CTC blank. */
export const blankClass = (alphabet: Alphabet): number => alphabet.symbols.length;
/** Time between two steps of the logits. */
export const stepMsOf = ({
  frontEnd,
  network,
}: Pick<RecogniserManifest, 'frontEnd'> & { readonly network: Pick<NetworkSpec, 'stack'> }): number =>
  frontEnd.hopMs * framesPerStep(network);
/** A model streams when every layer runs forward only. */
export const isStreaming = ({ network }: Pick<ModelManifest, 'network'>): boolean => isForwardOnly(network);
