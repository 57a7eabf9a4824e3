// What all contenders compute: one LSTM layer over random frames, with a dense layer after it where a loss is needed.
import type { NetworkSpec } from '../../app/contract/network';
import type { LabelledBatch } from '../../engine/network/program';
import { makeRandom } from '../../engine/runtime/random';

export interface LayerSize {
  readonly T: number;
  readonly N: number;
  readonly D: number;
  readonly H: number;
  readonly direction: 'forward' | 'bidirectional';
}
/** C, for a CTC head with the blank. */
export const CLASSES = 29;
export const SEED = 1;
export const LEARNING_RATE = 1e-3;
export const MAX_GRADIENT_NORM = 1;
export const WEIGHT_DECAY = 0.01;
/** Symbols of each row's CTC label. */
export const LABEL_LENGTH = 20;

export const sizeText = ({ T, N, D, H, direction }: LayerSize): string =>
  `T ${T}, N ${N}, D ${D}, H ${H}, ${direction === 'forward' ? 'one direction' : 'both directions'}`;
export const outputWidth = ({ H, direction }: LayerSize): number => (direction === 'forward' ? H : 2 * H);

export type HeadKind = Extract<NetworkSpec['head']['kind'], 'ctc' | 'framewise'>;
export const specFor = ({ D, H, direction }: LayerSize, kind: HeadKind): NetworkSpec => ({
  inputSize: D,
  layers: [{ cell: 'lstm', units: H, direction }],
  dropout: 0,
  head: { kind, classes: CLASSES },
});

/** Uniform in −1…1. */
export function randomFloats(length: number): Float32Array {
  const random = makeRandom(SEED);
  return Float32Array.from({ length }, () => 2 * random() - 1);
}

/** The class of frame t in row n. */
export const classAt = (t: number, n: number): number => (t + n) % (CLASSES - 1);

export function batchFor({ T, N, D }: LayerSize, kind: HeadKind): LabelledBatch {
  const symbols = kind === 'ctc' ? LABEL_LENGTH : T;
  return {
    features: randomFloats(T * N * D),
    T,
    N,
    D,
    lengths: new Int32Array(N).fill(T),
    labels: Array.from({ length: N }, (_, n) => Int32Array.from({ length: symbols }, (__, t) => classAt(t, n))),
    rowWeights: new Float32Array(N).fill(1 / N),
  };
}
