// Small networks of every cell.
import { isNormalised, type LayerSpec, type NetworkSpec } from '../../../app/contract/network';

type Recurrent = Exclude<LayerSpec, { cell: 'feedForward' }>;
/** Omit over every member of the union. */
type Without<L, K extends PropertyKey> = L extends unknown ? Omit<L, K> : never;
export type RecurrentVariant = Without<Recurrent, 'direction' | 'merge' | 'initialState'>;
export type CellVariant = RecurrentVariant | Extract<LayerSpec, { cell: 'feedForward' }>;

export const RECURRENT_VARIANTS = {
  elman: { cell: 'elman', units: 4 },
  'elman, sigmoid': { cell: 'elman', units: 4, activation: 'sigmoid' },
  'elman, relu': { cell: 'elman', units: 4, activation: 'relu' },
  jordan: { cell: 'jordan', units: 4, outputs: 3 },
  'jordan, teacher forcing': { cell: 'jordan', units: 4, outputs: 3, teacherForcing: true },
  lstm: { cell: 'lstm', units: 4 },
  'lstm, peepholes': { cell: 'lstm', units: 4, peepholes: true },
  'gru, reset before': { cell: 'gru', units: 4, reset: 'before' },
  'gru, reset after': { cell: 'gru', units: 4, reset: 'after' },
  clockwork: { cell: 'clockwork', units: 6, periods: [1, 2, 5] },
  'clockwork, periods that double': { cell: 'clockwork', units: 6, periods: [1, 2, 8] },
  scrn: { cell: 'scrn', units: 4, contextUnits: 3 },
  'elman, normalised': { cell: 'elman', units: 6, layerNormalisation: true },
  'jordan, normalised': { cell: 'jordan', units: 6, outputs: 3, layerNormalisation: true },
  'lstm, normalised': { cell: 'lstm', units: 6, layerNormalisation: true },
  'lstm, peepholes, normalised': { cell: 'lstm', units: 6, peepholes: true, layerNormalisation: true },
  'gru, reset before, normalised': { cell: 'gru', units: 6, reset: 'before', layerNormalisation: true },
  'gru, reset after, normalised': { cell: 'gru', units: 6, reset: 'after', layerNormalisation: true },
  'scrn, normalised': { cell: 'scrn', units: 6, contextUnits: 3, layerNormalisation: true },
  'scrn, learned decay': { cell: 'scrn', units: 4, contextUnits: 3, decay: 'learned' },
} as const satisfies Readonly<Record<string, RecurrentVariant>>;
export const VARIANTS: Readonly<Record<string, CellVariant>> = {
  'feedForward, sigmoid': { cell: 'feedForward', units: 4, activation: 'sigmoid' },
  'feedForward, tanh': { cell: 'feedForward', units: 4, activation: 'tanh' },
  'feedForward, relu': { cell: 'feedForward', units: 4, activation: 'relu' },
  'feedForward, normalised': { cell: 'feedForward', units: 6, activation: 'sigmoid', layerNormalisation: true },
  ...RECURRENT_VARIANTS,
};

interface StackShape {
  readonly direction: Recurrent['direction'];
  readonly depth: 1 | 2;
  readonly merge?: 'concatenate' | 'sum';
  readonly initialState?: 'zero' | 'learned';
}
export const SHAPES: Readonly<Record<string, StackShape>> = {
  'one layer': { direction: 'forward', depth: 1 },
  'two layers, first states learned': { direction: 'forward', depth: 2, initialState: 'learned' },
  'one bidirectional layer': { direction: 'bidirectional', depth: 1 },
  'two bidirectional layers, added up, first states learned': {
    direction: 'bidirectional',
    depth: 2,
    merge: 'sum',
    initialState: 'learned',
  },
};

/** A layer without memory has no first state and reads forward. */
const MEMORYLESS_SHAPES: typeof SHAPES = {
  'one layer': { direction: 'forward', depth: 1 },
  'two layers': { direction: 'forward', depth: 2 },
};
export const shapesOf = ({ cell }: CellVariant): typeof SHAPES => (cell === 'feedForward' ? MEMORYLESS_SHAPES : SHAPES);

/** A framewise network; of two layers, with a dense layer between them. */
export function stackOf(variant: CellVariant, { depth, ...rest }: StackShape): NetworkSpec {
  const layer = variant.cell === 'feedForward' ? variant : ({ ...variant, ...rest } as LayerSpec);
  const dense: LayerSpec = {
    cell: 'feedForward',
    units: 5,
    activation: 'tanh',
    ...(isNormalised(layer) && { layerNormalisation: true }),
  };
  return {
    inputSize: 3,
    layers: depth === 1 ? [layer] : [layer, dense, layer],
    dropout: 0,
    head: { kind: 'framewise', classes: 3 },
  };
}

/** Every variant in every shape. */
export const STACKS = Object.entries(VARIANTS).flatMap(([cell, variant]) =>
  Object.entries(shapesOf(variant)).map(([shape, sizes]) => ({
    ...{ cell, shape },
    name: `${cell}, ${shape}`,
    spec: stackOf(variant, sizes),
  })),
);

/**
 * One of each way in which the compiled rung makes a layer: a way back by hand, one that TensorFlow finds, a clock whose loop is
 * unrolled, one that is not, what is told beforehand, no memory.
 */
const COMPILED_IN_EVERY_SHAPE: readonly string[] = [
  'lstm',
  'gru, reset before',
  'clockwork, periods that double',
  'clockwork',
  'jordan, teacher forcing',
  'feedForward, tanh',
];
export const isWayOfCompiling = (cell: string): boolean => COMPILED_IN_EVERY_SHAPE.includes(cell);
/**
 * Whether the compiled rung is tried in a shape. Compiling takes most of the time, and a single layer brings a cell nothing that
 * two do not: first states of zero and readings side by side are made around the cell's loop, in the same way for all of a kind.
 */
export const isCompiledHere = (cell: string, shape: string): boolean =>
  isWayOfCompiling(cell) || !shape.startsWith('one ');
