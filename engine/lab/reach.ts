// How far gradients reach: ‖∂y[T]/∂s[T−k]‖ against k, y what the cell hands up and s all that it remembers, by backpropagation through time in double precision. Vanishing: the
// norm falls with every step; exploding: it grows (Bengio, Simard & Frasconi 1994; Pascanu, Mikolov & Bengio 2013).
//
// An LSTM's memory is multiplied by its forget gate and by nothing else on the direct way, which cures the vanishing; the ways
// through its gates have weights in them, so that it still explodes where these are large. Without biases and with soft inputs the units
// stay where they change most; loud ones drive them to where they hardly change, which hides the growth.
import type { ResultOf, SettingsOf } from '../../app/contract/lab';
import { CURVE_CELLS } from '../../app/contract/labExperiments';
import type { LayerSpec } from '../../app/contract/network';
import { unreachable } from '../../app/errors';
import { cellOf } from '../cells/registry';
import { makeRandom } from '../runtime/random';
import { matrix, type Matrix } from './float64';
import { readLayer, type ReadStep } from './layerReading';
import { numberOrNull } from './numbers';

type CurveCell = (typeof CURVE_CELLS)[number];
/** D */
const INPUTS = 4;

export function reach(settings: SettingsOf<'reach'>): ResultOf<'reach'> {
  return { curves: CURVE_CELLS.map((cell) => ({ cell, norms: normsOf(layerOf(cell, settings), settings) })) };
}

/**
 * Frobenius norms for k = 0 … distance. As many rows as y has values hear the same; row i goes back from value i, so that one
 * way back brings every row of the Jacobian.
 */
function normsOf(layer: LayerSpec, { distance, seed, scale, loudness }: SettingsOf<'reach'>): (number | null)[] {
  const random = makeRandom(seed);
  const N = cellOf(layer).outputs;
  const x = Array.from({ length: distance + 1 }, () => {
    const row = Array.from({ length: INPUTS }, () => loudness * (2 * random() - 1));
    return matrix(N, INPUTS, Array.from({ length: N }, () => row).flat());
  });
  const [reading] = readLayer(x, { layer, random, scale, hasDrawnBiases: false });
  if (reading === undefined) throw new Error('Expected a reading');
  const last = reading.steps.at(-1) as ReadStep;
  last.output.backward(Float64Array.from({ length: N * N }, (_, k) => (Math.floor(k / N) === k % N ? 1 : 0)));
  return reading.steps.toReversed().map(({ states }) => numberOrNull(frobenius(states)));
}

const frobenius = (states: readonly Matrix[]): number =>
  Math.sqrt(
    states.reduce((sum, { gradient }) => sum + gradient.reduce((squares, value) => squares + value * value, 0), 0),
  );

function layerOf(cell: CurveCell, { units, forgetBias }: SettingsOf<'reach'>): LayerSpec {
  const direction = 'forward' as const;
  switch (cell) {
    case 'elman':
    case 'gru':
      return { cell, units, direction };
    case 'lstm':
      return { cell, units, direction, forgetBias };
    case 'clockwork': {
      const periods = [1, 2, 4, 8].filter((_, index) => index < units);
      const modules = [4, 3, 2, 1].find((count) => count <= periods.length && units % count === 0) as number;
      return { cell, units, direction, periods: periods.slice(0, modules) };
    }
    case 'scrn':
      return { cell, units, direction, contextUnits: Math.max(1, Math.floor(units / 4)), decay: 0.95 };
    default:
      return unreachable(cell);
  }
}
