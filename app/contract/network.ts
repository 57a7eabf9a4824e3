// The network's specification: what is stacked on what. Shapes and parameter names follow from it alone.
import { z } from 'zod';
import { MAX_SLOTS, slotCount, textEncodingSchema } from './textInput';
import './schema'; // tells zod, before its first use, that the window allows no code from strings

export const layerSchema = z.strictObject({
  cell: z.literal('lstm'),
  units: z.number().int().min(1).max(2048),
  /** A bidirectional layer concatenates the outputs of both directions: 2 × units values per step. */
  direction: z.enum(['forward', 'bidirectional']),
});
export type LayerSpec = z.infer<typeof layerSchema>;

const MAX_FEATURES = 4096;
const networkFields = z.strictObject({
  /** D, values per input frame; of text, the slots of its encoding. */
  inputSize: z.number().int().min(1).max(MAX_SLOTS),
  /** How the text that the network reads is encoded; left out where it reads features. */
  text: textEncodingSchema.optional(),
  /** A learned vector of so many values for each slot of a text, before the layers; none if left out. */
  embedding: z.strictObject({ size: z.number().int().min(1).max(MAX_FEATURES) }).optional(),
  layers: z.array(layerSchema).min(1).max(12),
  /** Dropout after each recurrent layer, in training only. */
  dropout: z.number().min(0).max(0.9),
  head: z.strictObject({
    /**
     * What is answered: a text shorter than the frames (ctc), a class for every frame (framewise), or one class for a whole
     * sequence, from the last layer's last step (lastStep), its mean (meanPool) or its largest values (maxPool).
     */
    kind: z.enum(['ctc', 'framewise', 'lastStep', 'meanPool', 'maxPool']),
    /** C, symbols of the alphabet, for CTC with the blank as the last class. */
    classes: z.number().int().min(2).max(20_000),
  }),
});
/** The first disagreement between fields. */
function misfitOf({
  inputSize,
  text,
  embedding,
}: z.infer<typeof networkFields>): { path: string; message: string } | null {
  if (text !== undefined) {
    const slots = slotCount(text);
    return inputSize === slots
      ? null
      : { path: 'inputSize', message: `The text encoding has ${slots} slots, not ${inputSize}` };
  }
  if (embedding !== undefined) return { path: 'embedding', message: 'An embedding needs the slots of a text' };
  return inputSize <= MAX_FEATURES ? null : { path: 'inputSize', message: `Expected at most ${MAX_FEATURES} features` };
}
export const networkSchema = networkFields.superRefine((network, context) => {
  const misfit = misfitOf(network);
  if (misfit !== null) context.addIssue({ code: 'custom', path: [misfit.path], message: misfit.message });
});
export type NetworkSpec = z.infer<typeof networkSchema>;
export type HeadSpec = NetworkSpec['head'];

/** Whether a head answers at every frame, not once for a sequence. */
export function answersEveryFrame({ kind }: Pick<HeadSpec, 'kind'>): boolean {
  switch (kind) {
    case 'ctc':
    case 'framewise':
      return true;
    case 'lastStep':
    case 'meanPool':
    case 'maxPool':
      return false;
  }
}
export type Direction = 'forward' | 'reverse';
