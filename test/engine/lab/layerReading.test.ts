import { describe, expect, it } from 'vitest';
import type { LayerSpec } from '../../../app/contract/network';
import { matrix, type Matrix } from '../../../engine/lab/float64';
import { handedUp, readLayer } from '../../../engine/lab/layerReading';
import { makeRandom } from '../../../engine/runtime/random';

const LAYERS: readonly LayerSpec[] = [
  { cell: 'elman', units: 3, direction: 'bidirectional' },
  { cell: 'jordan', units: 3, direction: 'forward', outputs: 2 },
  { cell: 'lstm', units: 3, direction: 'forward', peepholes: true },
  { cell: 'gru', units: 3, direction: 'forward', reset: 'after' },
  { cell: 'clockwork', units: 4, direction: 'forward', periods: [1, 2] },
  { cell: 'scrn', units: 3, direction: 'forward', contextUnits: 2 },
];
const VALUES = [0.5, -1, 0.25, 0.8, -0.3];

function read(layer: LayerSpec, values: readonly number[]): { x: Matrix[]; last: Matrix } {
  const x = values.map((value) => matrix(1, 1, [value]));
  const last = handedUp(readLayer(x, { layer, random: makeRandom(7), scale: 1.5 })).at(-1) as Matrix;
  return { x, last };
}
const sumOf = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, value) => sum + value, 0);

describe('a layer read in double precision', () => {
  it.each(LAYERS)('brings gradients to the inputs as finite differences do: $cell', (layer) => {
    const { x, last } = read(layer, VALUES);
    last.backward(new Float64Array(last.values.length).fill(1));
    VALUES.forEach((_, t) => {
      const moved = (delta: number): number =>
        sumOf(
          read(
            layer,
            VALUES.map((value, k) => (k === t ? value + delta : value)),
          ).last.values,
        );
      expect(x[t]?.gradient[0]).toBeCloseTo((moved(1e-6) - moved(-1e-6)) / 2e-6, 7);
    });
  });
});
