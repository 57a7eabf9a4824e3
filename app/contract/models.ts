// The models on this computer as things that a person keeps: their folders, their names, and what they are measured by. A folder
// that came with the product stays as it is; all others are the person's.
import { z } from 'zod';
import { decodingChoiceSchema } from './decoding';
import { dataPartSchema } from './dataset';
import { MAX_PIECE_BYTES } from './dataSets';
import { errorSchema } from './errorMessage';
import { MAX_AUTHOR, modelCardSchema } from './model';
import { layerSchema } from './network';
import { bytes, count, empty, fraction, identifier, instant, realTimeFactor } from './schema';
import { textAnswerSchema } from './texts';

export const MAX_MODEL_NAME = 100;
/** Of a model as one file, a zip archive of its folder. */
export const MODEL_FILE_SUFFIX = '.unroll-model';
const modelName = z.string().trim().min(1).max(MAX_MODEL_NAME);

/** `text`: hears sound and writes it down. `sounds`: hears sound and gives labels. The others read texts. */
export const modelKindSchema = z.enum(['text', 'sounds', ...textAnswerSchema.options]);
export type ModelKind = z.infer<typeof modelKindSchema>;

/** A model and its folder. */
export const keptModelSchema = z.strictObject({
  id: identifier,
  name: z.strictObject({ en: z.string(), zh: z.string() }),
  kind: modelKindSchema,
  /** Came with the product: it can be copied, and neither renamed nor deleted. */
  isBundled: z.boolean(),
  /** Hears sound as it comes. */
  isStreaming: z.boolean(),
  /** A language model lies beside it. */
  hasLanguage: z.boolean(),
  /** Of its whole folder. */
  byteLength: count,
  /** Symbols that it writes, or labels that it gives. */
  classes: count,
  layers: z.array(layerSchema).min(1).max(12),
  /** The training run that made it, where it is still there. */
  run: z.strictObject({ id: identifier, name: z.string() }).nullable(),
  /** In the trash since; null where it is not. */
  deletedAt: instant.nullable(),
  card: modelCardSchema,
});
export type KeptModel = z.infer<typeof keptModelSchema>;

/** Of nn.RNN the file does not tell the nonlinearity. */
export const torchCellSchema = z.enum(['lstm', 'gru', 'rnn']);
export type TorchCell = z.infer<typeof torchCellSchema>;
export const torchChoiceSchema = z.strictObject({
  cell: torchCellSchema,
  nonlinearity: z.enum(['tanh', 'relu']),
  /** The model whose front end, symbols or labels, and card it takes over. */
  likeId: identifier,
  /** The linear layer's name in the file. */
  head: z.string().min(1).max(100),
});
export type TorchChoice = z.infer<typeof torchChoiceSchema>;

export const MAX_COMPARED = 8;
const interval = z.tuple([z.number().min(0), z.number().min(0)]).nullable();
/** How much one model gets right, as `unroll evaluate` counts. */
export const measuredModelSchema = z.strictObject({
  modelId: identifier,
  /** Corpus-level; may exceed 1. */
  wer: z.number().min(0),
  cer: z.number().min(0),
  /** 95 % intervals, by drawing the recordings anew. */
  werInterval: interval,
  cerInterval: interval,
  /** Share of the recordings whose words are all right. */
  sentencesExact: fraction,
  realTimeFactor,
  utterances: count,
  /** Recordings that could not be read. */
  leftOut: count,
});
export type MeasuredModel = z.infer<typeof measuredModelSchema>;

const model = z.strictObject({ modelId: identifier });
const pair = <Q extends z.ZodType, R extends z.ZodType>(request: Q, reply: R) => ({ request, reply });
/** A file that is made of a model, piece by piece; no bytes at its end. */
const filePiece = pair(
  z.strictObject({ modelId: identifier, offset: count }),
  z.strictObject({ byteLength: count, bytes: bytes(MAX_PIECE_BYTES) }),
);

export const modelMethods = {
  /** Those that came with the product first, then the person's by their names. */
  'models.kept': pair(
    empty,
    z.strictObject({
      models: z.array(keptModelSchema).max(10_000),
      /** Newest first. */
      deleted: z.array(keptModelSchema).max(10_000),
      /** Folders that look like models and cannot be used. */
      refused: z.array(z.strictObject({ folder: z.string(), error: errorSchema })).max(10_000),
    }),
  ),
  /** Answers model.bundled for one that came with the product; so do delete and its like. */
  'models.rename': pair(z.strictObject({ modelId: identifier, name: modelName }), empty),
  /** Says who made it; empty takes that away. */
  'models.sign': pair(z.strictObject({ modelId: identifier, author: z.string().trim().max(MAX_AUTHOR) }), empty),
  'models.duplicate': pair(z.strictObject({ modelId: identifier, name: modelName }), model),
  /** To the trash; `restore` brings it back, and after thirty days it is gone. */
  'models.delete': pair(model, empty),
  'models.restore': pair(model, empty),
  /** From the trash, for good. */
  'models.erase': pair(model, empty),

  /** What `data.upload` and `data.piece` brought here is a model's folder, or one archive that holds such a folder. */
  'models.import': pair(z.strictObject({ uploadId: identifier }), model),
  /** What they brought here is one .safetensors file with a stack of PyTorch's. */
  'models.importTorch': pair(
    z.strictObject({ uploadId: identifier, name: modelName, ...torchChoiceSchema.shape }),
    model,
  ),
  'models.onnx': filePiece,
  /** The model's folder as one archive, which `models.import` takes. */
  'models.archive': filePiece,

  /** Recognisers hear the same recordings of a set; told of by `models.comparing`. */
  'models.compare': pair(
    z.strictObject({
      modelIds: z.array(identifier).min(1).max(MAX_COMPARED),
      setId: identifier,
      /** Null: all recordings of the set. */
      part: dataPartSchema.nullable(),
      decoding: decodingChoiceSchema.optional(),
    }),
    z.strictObject({ comparisonId: identifier }),
  ),
  /** Waits for the end, in the order that was asked. Told once. */
  'models.compared': pair(
    z.strictObject({ comparisonId: identifier }),
    z.strictObject({ measured: z.array(measuredModelSchema).max(MAX_COMPARED) }),
  ),
  'models.cancelComparison': pair(z.strictObject({ comparisonId: identifier }), empty),
} as const;

export const modelEvents = {
  /** Recordings that were heard, of all models together. */
  'models.comparing': z.strictObject({ comparisonId: identifier, done: count, of: count }),
} as const;
