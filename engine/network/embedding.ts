// Learned embeddings: one vector for every slot; a step's input is the sum of its slots' vectors (Bengio et al., "A Neural
// Probabilistic Language Model", JMLR 2003, the matrix C).
//
// Letters: V slots, E values of a vector, K slots of a step at most, R steps of all sequences together.
import type { NetworkSpec } from '../../app/contract/network';
import { slotsPerStep } from '../../app/contract/textInput';

export const EMBEDDING_WEIGHTS = 'embedding.weights';

/** Names and shapes of the embedding's parameters: [V, E], or none. */
export const embeddingShapes = ({
  embedding,
  inputSize,
}: Pick<NetworkSpec, 'embedding' | 'inputSize'>): { readonly name: string; readonly shape: readonly number[] }[] =>
  embedding === undefined ? [] : [{ name: EMBEDDING_WEIGHTS, shape: [inputSize, embedding.size] }];

/** Values per step that a batch holds: the slots of an embedding, else the inputs themselves. */
export const batchWidth = ({ embedding, inputSize, text }: NetworkSpec): number =>
  embedding === undefined || text === undefined ? inputSize : slotsPerStep(text);
/** Values per step that the first layer reads. */
export const layerInputSize = ({ embedding, inputSize }: Pick<NetworkSpec, 'embedding' | 'inputSize'>): number =>
  embedding?.size ?? inputSize;

/** Vectors to sum. */
export interface Embedding {
  /** [V, E] */
  readonly weights: Float32Array;
  /** E */
  readonly size: number;
  /** K */
  readonly slots: number;
}

/** Sums of vectors [R, E]. @param slots [R, K], below 0 where there is none */
export function embed(slots: Float32Array, { weights, size, slots: K }: Embedding): Float32Array {
  const sums = new Float32Array((slots.length / K) * size);
  slots.forEach((slot, at) => {
    if (slot < 0) return;
    const row = Math.floor(at / K);
    for (let e = 0; e < size; e++) sums[row * size + e]! += weights[slot * size + e]!;
  });
  return sums;
}

/** ∂L/∂weights [V, E] from ∂L/∂sums [R, E]. @param slots [R, K] */
export function embeddingGradient(
  slots: Float32Array,
  sumsGradient: Float32Array,
  { weights, size, slots: K }: Embedding,
): Float32Array {
  const gradient = new Float32Array(weights.length);
  slots.forEach((slot, at) => {
    if (slot < 0) return;
    const row = Math.floor(at / K);
    for (let e = 0; e < size; e++) gradient[slot * size + e]! += sumsGradient[row * size + e]!;
  });
  return gradient;
}

export interface EmbeddedBatch {
  /** What the first layer reads, [T, N, width]. */
  readonly features: Float32Array;
  readonly width: number;
  /** Gradients of the embedding's parameters, in the order of embeddingShapes, from ∂L/∂features. */
  gradients(featuresGradient: Float32Array): Float32Array[];
}
/** The slots of a padded batch. */
interface SlotBatch {
  /** [T, N, D] */
  readonly features: Float32Array;
  readonly N: number;
  readonly D: number;
  /** [N] */
  readonly lengths: Int32Array;
}
/** @param weights of the embedding; undefined where the network has none */
export function embedBatch(
  spec: NetworkSpec,
  { features, N, D, lengths }: SlotBatch,
  weights: Float32Array | undefined,
): EmbeddedBatch {
  if (spec.embedding === undefined || weights === undefined) return { features, width: D, gradients: () => [] };
  const embedding: Embedding = { weights, size: spec.embedding.size, slots: D };
  const slots = features.map((slot, at) => {
    const frame = Math.floor(at / D);
    return Math.floor(frame / N) < lengths[frame % N]! ? slot : -1;
  });
  return {
    features: embed(slots, embedding),
    width: embedding.size,
    gradients: (gradient) => [embeddingGradient(slots, gradient, embedding)],
  };
}
