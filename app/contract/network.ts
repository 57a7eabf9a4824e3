// The network's specification: what is stacked on what. Shapes and parameter names follow from it alone.
import { z } from 'zod';
import { MAX_SLOTS, slotCount, textEncodingSchema } from './textInput';
import './schema'; // tells zod, before its first use, that the window allows no code from strings

const units = z.number().int().min(1).max(2048);
/** What every recurrent layer has; the fields after `direction` may be left out. */
const recurrent = {
  units,
  /** A bidirectional layer reads forward and in reverse, with parameters of its own for each. */
  direction: z.enum(['forward', 'bidirectional']),
  /** How a bidirectional layer joins its two readings: side by side (if left out) or added up. */
  merge: z.enum(['concatenate', 'sum']).optional(),
  /** The memory before the first step: zero (if left out), or a parameter that is learned. */
  initialState: z.enum(['zero', 'learned']).optional(),
  /** Variational dropout: values of the memory that the step does not hear, the same ones from a sequence's first step to its last; in training only. 0 if left out. */
  recurrentDropout: z.number().min(0).max(0.9).optional(),
};

const normalised = {
  /** Layer normalisation of what the units, or each gate's units, sum up at a step; false if left out, always false for a Clockwork. */
  layerNormalisation: z.boolean().optional(),
};

const MAX_PERIOD = 4096;
const periods = z
  .array(z.number().int().min(1).max(MAX_PERIOD))
  .min(1)
  .max(16)
  .refine((list) => list.every((period, index) => index === 0 || period > list[index - 1]!), {
    message: 'reason.network.periods',
  });

const feedForwardSchema = z.strictObject({
  cell: z.literal('feedForward'),
  units,
  ...normalised,
  /** Squashing function of the units. */
  activation: z.enum(['sigmoid', 'tanh', 'relu']),
});
const elmanSchema = z.strictObject({
  cell: z.literal('elman'),
  ...recurrent,
  ...normalised,
  /** tanh if left out. */
  activation: z.enum(['tanh', 'sigmoid', 'relu']).optional(),
});
const jordanSchema = z.strictObject({
  cell: z.literal('jordan'),
  ...recurrent,
  ...normalised,
  /** Classes of the layer's own softmax output, which is fed back and handed up. */
  outputs: units,
  /**
   * Whether training feeds back the target of the step before in place of the layer's own output, where a framewise head has
   * as many classes as the layer has outputs; false if left out.
   */
  teacherForcing: z.boolean().optional(),
});
const lstmSchema = z.strictObject({
  cell: z.literal('lstm'),
  ...recurrent,
  ...normalised,
  /** Whether the gates see the cell; false if left out. */
  peepholes: z.boolean().optional(),
  /** First value added to the forget gate's bias; 1, an open gate, if left out. */
  forgetBias: z.number().min(-10).max(10).optional(),
});
const gruSchema = z.strictObject({
  cell: z.literal('gru'),
  ...recurrent,
  ...normalised,
  /** Whether the reset gate acts before (if left out) or after the recurrent product. */
  reset: z.enum(['before', 'after']).optional(),
});
const clockworkSchema = z
  .strictObject({
    cell: z.literal('clockwork'),
    ...recurrent,
    layerNormalisation: z
      .boolean()
      .refine((isOn) => !isOn, { message: 'reason.network.normalisedClockwork' })
      .optional(),
    /** Steps between two updates of each module; the units are shared equally among the modules. */
    periods,
  })
  .refine((layer) => layer.units % layer.periods.length === 0, {
    path: ['units'],
    message: 'reason.network.modules',
  });
const scrnSchema = z.strictObject({
  cell: z.literal('scrn'),
  ...recurrent,
  ...normalised,
  contextUnits: units,
  /** Share of its old value that a context unit keeps at each step, or "learned" for each unit; 0.95 if left out. */
  decay: z.union([z.number().min(0).max(1), z.literal('learned')]).optional(),
});

const CELLS = [
  feedForwardSchema,
  elmanSchema,
  jordanSchema,
  lstmSchema,
  gruSchema,
  clockworkSchema,
  scrnSchema,
] as const;
export const layerSchema = z
  .discriminatedUnion('cell', CELLS)
  .refine((layer) => layer.units > 1 || layer.layerNormalisation !== true, {
    path: ['layerNormalisation'],
    message: 'reason.network.normalisedUnit',
  });
export type LayerSpec = z.infer<typeof layerSchema>;
export type CellName = LayerSpec['cell'];
/** The layers of one cell. */
export type LayerOf<K extends CellName> = Extract<LayerSpec, { readonly cell: K }>;

const odd = (largest: number) =>
  z
    .number()
    .int()
    .min(1)
    .max(largest)
    .refine((size) => size % 2 === 1, { message: 'reason.network.odd' });
/** A convolution over time and bands, rectified. */
export const convolutionSchema = z
  .strictObject({
    /** Channels that it hands up. */
    filters: z.number().int().min(1).max(512),
    /** Frames and bands under a filter, its own place in the middle. */
    frames: odd(15),
    bands: odd(31),
    /** Neighbouring bands of which only the largest value is handed up; those left over at the end are dropped. */
    pool: z.number().int().min(1).max(8),
    /** Layer normalisation of each frame, over all bands and filters, before it is rectified; false if left out. */
    layerNormalisation: z.boolean().optional(),
    /**
     * Batch normalisation of each filter, over all frames and bands, before it is rectified: in training by what the batch has,
     * afterwards by what training measured. None if left out.
     */
    normalisation: z.literal('batch').optional(),
  })
  .refine((convolution) => convolution.normalisation === undefined || convolution.layerNormalisation !== true, {
    path: ['normalisation'],
    message: 'reason.network.normalisedTwice',
  });
export type ConvolutionSpec = z.infer<typeof convolutionSchema>;

const frontSchema = z.strictObject({
  /** Bands of a frame. Its values are read as channels of so many bands each: static values, then their slopes. */
  bands: z.number().int().min(1).max(4096),
  convolutions: z.array(convolutionSchema).min(1).max(6),
});
export type FrontSpec = z.infer<typeof frontSchema>;

/** Frames put side by side, and thinned out, before the layers. */
export const stackSchema = z.strictObject({
  /** Frames of a step: its own and those before it. */
  frames: z.number().int().min(1).max(16),
  /** Frames from one step to the next: time is so many times shorter for the layers. */
  step: z.number().int().min(1).max(16),
});

export const voteStepsSchema = odd(63);
const MAX_FEATURES = 4096;
const networkFields = z.strictObject({
  /** D, values per input frame; of text, the slots of its encoding. */
  inputSize: z.number().int().min(1).max(MAX_SLOTS),
  /** How the text that the network reads is encoded; left out where it reads features. */
  text: textEncodingSchema.optional(),
  /** Convolutions before the layers, which see some frames ahead; none if left out. Features only. */
  front: frontSchema.optional(),
  /** Stacked frames before the layers, after convolutions or an embedding; every frame by itself if left out. */
  stack: stackSchema.optional(),
  /** A learned vector of so many values for each slot of a text, before the layers; none if left out. */
  embedding: z.strictObject({ size: z.number().int().min(1).max(MAX_FEATURES) }).optional(),
  layers: z.array(layerSchema).min(1).max(12),
  /** Dropout after each layer, in training only. */
  dropout: z.number().min(0).max(0.9),
  head: z.strictObject({
    /**
     * What is answered: a text shorter than the frames (ctc), a class for every frame (framewise), or one class for a whole
     * sequence, from the last layer's last step (lastStep), its mean (meanPool) or its largest values (maxPool).
     */
    kind: z.enum(['ctc', 'framewise', 'lastStep', 'meanPool', 'maxPool']),
    /** C, symbols of the alphabet, for CTC with the blank as the last class. */
    classes: z.number().int().min(2).max(20_000),
    /**
     * Steps, the own in the middle, whose mean is a step's score of every class but the last, which is the blank of CTC and
     * keeps its own: a symbol is told by all it is said in, its place by the blank. Every step for itself if left out.
     */
    voteSteps: voteStepsSchema.optional(),
  }),
});
/** The first disagreement between fields. */
function misfitOf({
  inputSize,
  text,
  embedding,
  front,
  head,
}: z.infer<typeof networkFields>): { path: PropertyKey[]; message: string } | null {
  if (head.voteSteps !== undefined && !answersEveryFrame(head))
    return { path: ['head', 'voteSteps'], message: 'reason.network.votes' };
  if (text !== undefined) {
    if (front !== undefined) return { path: ['front'], message: 'reason.network.frontOfText' };
    return inputSize === slotCount(text) ? null : { path: ['inputSize'], message: 'reason.network.slots' };
  }
  if (embedding !== undefined) return { path: ['embedding'], message: 'reason.network.embedding' };
  if (inputSize > MAX_FEATURES) return { path: ['inputSize'], message: 'reason.network.features' };
  return front === undefined ? null : misfitOfFront(inputSize, front);
}
function misfitOfFront(inputSize: number, front: FrontSpec): { path: PropertyKey[]; message: string } | null {
  if (inputSize % front.bands !== 0) return { path: ['front', 'bands'], message: 'reason.network.bands' };
  let { bands } = front;
  for (const [index, { pool }] of front.convolutions.entries()) {
    bands = Math.floor(bands / pool);
    if (bands === 0) return { path: ['front', 'convolutions', index, 'pool'], message: 'reason.network.pool' };
  }
  return null;
}
export const networkSchema = networkFields.superRefine((network, context) => {
  const misfit = misfitOf(network);
  if (misfit !== null) context.addIssue({ code: 'custom', path: misfit.path, message: misfit.message });
});
export type NetworkSpec = z.infer<typeof networkSchema>;
/** Frames from one step of the layers, and of the logits, to the next. */
export const framesPerStep = ({ stack }: Pick<NetworkSpec, 'stack'>): number => stack?.step ?? 1;
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

/** The directions in which a layer reads; a layer without memory reads forward. */
export const directionsOf = (layer: LayerSpec): readonly Direction[] =>
  layer.cell !== 'feedForward' && layer.direction === 'bidirectional' ? ['forward', 'reverse'] : ['forward'];
export const isNormalised = (layer: LayerSpec): boolean =>
  'layerNormalisation' in layer && layer.layerNormalisation === true;
/** Whether a network hears no frame ahead, so that it can listen frame by frame. */
export const isForwardOnly = ({
  front,
  layers,
  head,
}: Pick<NetworkSpec, 'front' | 'layers'> & { readonly head?: Pick<HeadSpec, 'voteSteps'> }): boolean =>
  front === undefined && head?.voteSteps === undefined && layers.every((layer) => directionsOf(layer).length === 1);
