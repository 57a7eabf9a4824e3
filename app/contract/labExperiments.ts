// What can be set in each experiment of the laboratory, and what comes out of it.
import { z } from 'zod';
import { between, finite, numbers, seed, whole } from './labNumbers';
import { layerSchema } from './network';
import { float32, fraction } from './schema';
import { clippingSchema } from './trainingConfig';

/** A number for every step of a sequence, and how it changes with the one weight. */
const curveSchema = z.strictObject({ values: z.array(finite).max(2000), gradients: z.array(finite).max(2000) });
export type TransitionCurve = z.infer<typeof curveSchema>;

export const transitionSettings = z.strictObject({
  /** w, from the unit to itself. */
  weight: between(-2, 2).default(1.01),
  /** The first step hears 1, all others 0. */
  steps: whole(1, 2000).default(1000),
  unit: z.enum(['linear', 'sigmoid', 'tanh', 'relu']).default('linear'),
  /** How far the forget gate of the memory cell beside it is open. */
  forgetGate: fraction.default(0.99),
});
export const transitionResult = z.strictObject({
  /** y[t] and dy[t]/dw for t = 1 … steps. */
  unit: curveSchema,
  /** c[t] and dc[t]/df of an LSTM's cell whose input gate is open at the first step alone. */
  memory: curveSchema,
  /** The largest |y[t]|. */
  largest: finite,
});

export const surfaceSettings = z.strictObject({
  /** Times that the unit is fed back to itself. */
  steps: whole(1, 200).default(50),
  /** What the unit is to end at. */
  target: fraction.default(0.7),
  weightFrom: between(-20, 20).default(3.6),
  weightTo: between(-20, 20).default(6.2),
  biasFrom: between(-20, 20).default(-3.4),
  biasTo: between(-20, 20).default(0.2),
  /** Points along each side. */
  grid: whole(2, 201).default(121),
  /** Where the ball is dropped. */
  weight: between(-20, 20).default(5),
  bias: between(-20, 20).default(-2.2),
  learningRate: between(0, 10).default(0.5),
  clipping: clippingSchema.default({ kind: 'norm', threshold: 0.5 }),
  optimizer: z.enum(['sgd', 'momentum', 'adam']).default('sgd'),
  descents: whole(0, 1000).default(40),
});
const descentSchema = z.strictObject({
  /** From the start on, one more than there are descents; shorter where it flew past all numbers. */
  weights: numbers(1001),
  biases: numbers(1001),
  errors: numbers(1001),
  /** Before clipping, of each descent. */
  gradientNorms: numbers(1001),
  isClipped: z.array(z.boolean()).max(1001),
  longestStep: z.number(),
});
export type Descent = z.infer<typeof descentSchema>;
export const surfaceResult = z.strictObject({
  /** E, by weight and within it by bias, [grid, grid] */
  errors: float32(201 * 201),
  gradientNorms: float32(201 * 201),
  /** Where the gradient is largest, and how much larger it is there than at the middle one of all points. */
  steepest: z.strictObject({ weight: z.number(), bias: z.number(), gradientNorm: z.number() }),
  cliffRatio: finite,
  /** Without clipping and with it. */
  asItIs: descentSchema,
  clipped: descentSchema,
});

/** Weights of x1, x2, x3 and the bias. */
const fourWeights = z.tuple([z.number(), z.number(), z.number(), z.number()]);
/** Of the memory cell's input and of its three gates. */
export const cellWeights = z.strictObject({
  input: fourWeights,
  inputGate: fourWeights,
  forgetGate: fourWeights,
  outputGate: fourWeights,
});
export type CellWeights = z.infer<typeof cellWeights>;
const WORKED_WEIGHTS: CellWeights = {
  input: [1, 0, 0, 0],
  inputGate: [0, 100, 0, -10],
  forgetGate: [0, 100, 0, 10],
  outputGate: [0, 0, 100, -10],
};
const held = fraction.nullable().default(null);
export const memoryCellSettings = z.strictObject({
  /** x1, x2, x3 of each step: x2 = 1 stores x1, x2 = −1 forgets, x3 = 1 lets the memory out. */
  inputs: z
    .array(z.tuple([between(-100, 100), between(-100, 100), between(-100, 100)]))
    .min(1)
    .max(50)
    .default([
      [1, 0, 0],
      [3, 1, 0],
      [2, 0, 0],
      [4, 1, 0],
      [2, 0, 0],
      [1, 0, 1],
      [3, -1, 0],
      [6, 1, 0],
      [1, 0, 1],
    ]),
  weights: cellWeights.default(WORKED_WEIGHTS),
  /** What squashes the cell's input and output: the worked example has neither. */
  squash: z.enum(['linear', 'tanh']).default('linear'),
  /** Gates held by hand at every step; null: as the weights say. */
  inputGate: held,
  forgetGate: held,
  outputGate: held,
});
const cellStep = z.strictObject({
  /** Weighted sums: of the cell's input and of the three gates. */
  z: z.number(),
  zi: z.number(),
  zf: z.number(),
  zo: z.number(),
  /** g(z), and the gates. */
  g: z.number(),
  inputGate: fraction,
  forgetGate: fraction,
  outputGate: fraction,
  /** g·i, c·f, c′, h(c′), a */
  stored: z.number(),
  kept: z.number(),
  cell: z.number(),
  squashed: z.number(),
  output: z.number(),
  /** d(last output)/d of this step's: backwards through the tape. */
  toCell: z.number(),
  toInput: z.number(),
  toInputGate: z.number(),
  toForgetGate: z.number(),
  toOutputGate: z.number(),
});
export const memoryCellResult = z.strictObject({ steps: z.array(cellStep).max(50) });
export type MemoryCellStep = z.infer<typeof cellStep>;

export const CURVE_CELLS = ['elman', 'lstm', 'gru', 'clockwork', 'scrn'] as const;
export const reachSettings = z.strictObject({
  /** Steps that the gradient goes back. */
  distance: whole(2, 200).default(100),
  units: whole(2, 32).default(16),
  /** Bias of the LSTM's forget gate. */
  forgetBias: between(-4, 8).default(1),
  /** What every recurrent weight is multiplied by. */
  scale: between(0, 10).default(1),
  /** Largest input; 0: the memory is at rest. Loud ones drive units to where they hardly change, which holds gradients down. */
  loudness: between(0, 3).default(0),
  seed,
});
export const reachResult = z.strictObject({
  curves: z
    .array(
      z.strictObject({
        cell: z.enum(CURVE_CELLS),
        /** ‖∂y[T]/∂s[T−k]‖, Frobenius, y what the cell hands up and s all that it remembers, for k = 0 … distance. */
        norms: z.array(finite).max(201),
      }),
    )
    .max(8),
});

export const parametersSettings = z.strictObject({
  inputs: whole(1, 2048).default(39),
  units: whole(1, 2048).default(128),
});
export const parametersResult = z.strictObject({
  cells: z
    .array(
      z.strictObject({
        cell: z.enum(['elman', 'gru', 'lstm', 'lstmPeepholes']),
        /** As the formula has it, and as the network counts its own. */
        formula: z.string(),
        byFormula: z.number(),
        counted: z.number(),
        /** To Elman's. */
        times: z.number(),
      }),
    )
    .max(8),
});

export const ARCHITECTURES = ['elman', 'jordan', 'deep', 'bidirectional', 'lstm', 'gru', 'clockwork', 'scrn'] as const;
export const unrolledSettings = z.strictObject({
  architecture: z.enum(ARCHITECTURES).default('elman'),
  /** What the network hears, a number a step. */
  inputs: z.array(between(-10, 10)).min(2).max(12).default([1, 0, 0, 0, 0, 0]),
  units: whole(1, 8).default(2),
  /** Step whose output the gradients are of, from 1; the last if left out. */
  outputStep: whole(1, 12).optional(),
  seed,
});
/** A value of the network at one step and the gradient of the chosen output that reaches it. */
const unrolledNode = z.strictObject({
  layer: whole(0, 3),
  direction: z.enum(['forward', 'reverse']),
  /** 0: before the first step, a0. */
  step: whole(0, 12),
  name: z.string().max(32),
  values: numbers(64),
  gradients: numbers(64),
});
export type UnrolledNode = z.infer<typeof unrolledNode>;
export const unrolledResult = z.strictObject({
  layers: z.array(layerSchema).max(4),
  nodes: z.array(unrolledNode).max(1000),
  /** Sum of the top's values at each step, and |d chosen output/d input| of each step: what the output has seen. */
  outputs: numbers(12),
  outputStep: whole(1, 12),
  inputGradients: numbers(12),
});

export const trellisSettings = z.strictObject({
  word: z
    .string()
    .min(1)
    .max(12)
    .refine((word) => !/\s/.test(word), { message: 'reason.lab.word' })
    .default('two'),
  frames: whole(1, 48).default(15),
  /** How sure the network is at the frames of the best way: 0 not at all. */
  sureness: between(0, 10).default(3),
  seed,
});
export const trellisResult = z.strictObject({
  /** Classes: the word's letters once each, then the blank. */
  symbols: z.array(z.string()).max(13),
  blank: whole(0, 12),
  /** z: blank, l1, blank, l2, …, as classes, [S] */
  states: z.array(whole(0, 12)).max(25),
  /** [frames, classes] */
  probabilities: numbers(48 * 13),
  /** ln α and ln β (β without the frame's own probability), [frames, S]; null: no way leads there. */
  alpha: z.array(finite).max(48 * 25),
  beta: z.array(finite).max(48 * 25),
  /** Share of all ways that is in the state at the frame, [frames, S] */
  occupancy: numbers(48 * 25),
  /** State of the best single way at each frame. */
  bestPath: z.array(whole(0, 24)).max(48),
  /** −ln p(word) */
  loss: z.number(),
  /** p(word): all ways together; and the best way's alone. */
  probability: fraction,
  bestPathProbability: fraction,
  /** Number of ways. */
  paths: z.number(),
  /** Most probable class at each frame as text, ∅ the blank, and what is left of it. */
  perFrame: z.string().max(400),
  collapsed: z.string().max(400),
});

const words = z.array(z.string().min(1).max(64)).min(1);
export const wordsSettings = z.strictObject({
  /** Words that the encodings know. */
  known: words.max(2000).default(['arrive', 'leave', 'taipei', 'on', 'november', 'second']),
  words: words.max(100).default(['arrive', 'arriving', 'taipei', 'tapei', 'leaves']),
  /** Letters of an n-gram. */
  n: whole(1, 6).default(3),
});
export const wordsResult = z.strictObject({
  /** Slots of each encoding, that for the other included. */
  oneOfNSlots: z.number(),
  hashedSlots: z.number(),
  words: z
    .array(
      z.strictObject({
        word: z.string(),
        isKnown: z.boolean(),
        /** Its one slot; the last is "other". */
        slot: z.number(),
        nGrams: z.array(z.string()).max(70),
        /** Slots of the n-grams, and how many of them are known. */
        hashed: z.array(z.number()).max(70),
        knownNGrams: z.number(),
        /** The known word whose n-grams are most alike, by the cosine of the vectors. */
        nearest: z.strictObject({ word: z.string(), cosine: z.number() }).nullable(),
      }),
    )
    .max(100),
  /** Pairs of different words of the list that get the same vector. */
  oneOfNCollisions: z.number(),
  hashedCollisions: z.number(),
});
