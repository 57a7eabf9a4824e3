// What all contenders compute: layers of one cell over random frames, with a dense layer after them where a loss is needed.
import { unreachable } from '../../app/errors';
import type { LayerSpec, NetworkSpec } from '../../app/contract/network';
import type { LabelledBatch } from '../../engine/network/program';
import { outputSize } from '../../engine/network/parameters';
import { makeRandom } from '../../engine/runtime/random';

/** Cells as they are measured: each with the settings of its paper. */
export const BENCH_CELLS = [
  'feedForward',
  'elman',
  'jordan',
  'lstm',
  'lstm-peepholes',
  'gru-before',
  'gru-after',
  'clockwork',
  'scrn',
] as const;
export type BenchCell = (typeof BENCH_CELLS)[number];

export interface LayerSize {
  readonly cell: BenchCell;
  /** Layers on top of each other. */
  readonly depth: number;
  readonly T: number;
  readonly N: number;
  readonly D: number;
  readonly H: number;
  readonly direction: 'forward' | 'bidirectional';
  /** Rows of lengths from T down to T/2, padded; all of length T if left out. */
  readonly lengths?: 'mixed';
}
/** C, for a CTC head with the blank. */
export const CLASSES = 29;
export const SEED = 1;
export const LEARNING_RATE = 1e-3;
export const MAX_GRADIENT_NORM = 1;
export const WEIGHT_DECAY = 0.01;
/** Symbols of each row's CTC label. */
export const LABEL_LENGTH = 20;

export const sizeText = ({ cell, depth, T, N, D, H, direction, lengths }: LayerSize): string =>
  `${depth > 1 ? `${depth} layers of ` : ''}${cell}, T ${T}${lengths === 'mixed' ? ' and shorter' : ''}, N ${N}, D ${D}, H ${H}, ${direction === 'forward' ? 'one direction' : 'both directions'}`;

/** Frames of each row. */
export const lengthsOf = ({ T, N, lengths }: LayerSize): Int32Array =>
  Int32Array.from({ length: N }, (_, n) =>
    lengths === 'mixed' && N > 1 ? T - Math.round((n * T) / (2 * (N - 1))) : T,
  );

export function layerSpec({ cell, H: units, direction }: LayerSize): LayerSpec {
  switch (cell) {
    case 'feedForward':
      return { cell, units, activation: 'tanh' };
    case 'elman':
      return { cell, units, direction };
    case 'jordan':
      return { cell, units, outputs: CLASSES, direction };
    case 'lstm':
      return { cell, units, direction };
    case 'lstm-peepholes':
      return { cell: 'lstm', units, direction, peepholes: true };
    case 'gru-before':
      return { cell: 'gru', units, direction, reset: 'before' };
    case 'gru-after':
      return { cell: 'gru', units, direction, reset: 'after' };
    case 'clockwork':
      return { cell, units, direction, periods: [1, 2, 4, 8] };
    case 'scrn':
      return { cell, units, contextUnits: units / 4, direction };
    default:
      return unreachable(cell);
  }
}
export const outputWidth = (size: LayerSize): number => outputSize(layerSpec(size));

/** With clipping by global norm before it. */
export type BenchOptimizer = 'adam' | 'adamw';
export type HeadKind = Extract<NetworkSpec['head']['kind'], 'ctc' | 'framewise'>;
export const specFor = (size: LayerSize, kind: HeadKind): NetworkSpec => ({
  inputSize: size.D,
  layers: new Array<LayerSpec>(size.depth).fill(layerSpec(size)),
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

export function batchFor(size: LayerSize, kind: HeadKind): LabelledBatch {
  const { T, N, D } = size;
  const lengths = lengthsOf(size);
  const labelOf = (n: number): Int32Array =>
    Int32Array.from({ length: kind === 'ctc' ? LABEL_LENGTH : lengths[n]! }, (_, t) => classAt(t, n));
  return {
    features: randomFloats(T * N * D),
    T,
    N,
    D,
    lengths,
    labels: Array.from({ length: N }, (_, n) => labelOf(n)),
    rowWeights: new Float32Array(N).fill(1 / N),
  };
}
