// Runs that learn of texts: what a window sends of its files, what is found in them, and how such a run begins.
import { z } from 'zod';
import { tagConfigSchema, textLabelConfigSchema, type TextLabelConfig } from './labelConfig';
import { errorSchema } from './errorMessage';
import { bytes, count, fileName } from './schema';
import { textFormSchema, textTaskSchema } from './textTask';
import { trainingConfigSchema, type TrainingConfig } from './trainingConfig';

/** Of all files of a message together; more is trained from a terminal. */
export const MAX_TEXT_FILE_BYTES = 3 << 20;
export const MAX_TOLD_ROWS = 5;

/** One file; or seq.in, seq.out and label. None: the sample, sentences of journeys with their slots. */
export const textFilesSchema = z.array(z.strictObject({ name: fileName, bytes: bytes(MAX_TEXT_FILE_BYTES) })).max(3);
export type TextFiles = z.infer<typeof textFilesSchema>;

export const textRunConfigSchema = z.discriminatedUnion('task', [textLabelConfigSchema, tagConfigSchema]);

/** What any run of the window learns by. */
export type RunConfig = TrainingConfig | TextLabelConfig;
export const runConfigSchema = z.union([textRunConfigSchema, trainingConfigSchema]);
export const isTextConfig = (config: RunConfig): config is TextLabelConfig =>
  config.task === 'classifyText' || config.task === 'tagText';

export const textSourceRequest = z.strictObject({ task: textTaskSchema, files: textFilesSchema });
/** What is found in the files, before anything is learned. */
/** A reason's code, among the values of its sentence. */
const reasonSchema = errorSchema.shape.params.and(z.object({ reason: z.string().startsWith('reason.') }));
export const textSourceReply = z.strictObject({
  form: textFormSchema,
  /** Texts that can be learned, and their tokens. */
  texts: count,
  words: count,
  /** What they are labelled with: labels, or kinds of slots. */
  labels: z.array(z.strictObject({ label: z.string(), count })).max(2_000),
  leftOut: count,
  /** The first of those that were left out. */
  reasons: z.array(z.strictObject({ file: z.string(), line: count, params: reasonSchema })).max(MAX_TOLD_ROWS),
  examples: z.array(z.strictObject({ text: z.string(), labels: z.string() })).max(MAX_TOLD_ROWS),
});
export type TextSourceFound = z.infer<typeof textSourceReply>;
