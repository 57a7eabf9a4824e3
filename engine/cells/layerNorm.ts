// Layer normalisation (Ba, Kiros & Hinton, "Layer Normalization", 2016), in the form of the paper's equation 4:
//
//   h′ = f( g∘(a − μ)/σ + b )       a = x·Wx + h·Wh; μ and σ over the units of a at this step, for each sequence by itself
//
// The sum of both products is normalised, not each product (the paper's supplement, equations 20 to 31, normalises them
// apart). Each gate's sum has μ, σ, gain g and shift b of its own, as if it were a layer. What is not a product with the input
// or the memory stays outside: peepholes are added afterwards, and the LSTM's cell and the SCRN's context are left as they
// are. σ = √(mean of (a − μ)² + 1e-5).
import type { CellMath, CellParameter, StepInputs } from './cell';
import { constant } from './cellParameters';

/** Added to the variance, so that equal values can be divided. */
export const VARIANCE_FLOOR = 1e-5;

/** Names of g and b. */
export interface GainAndShift {
  readonly gain: string;
  readonly shift: string;
}
const USUAL: GainAndShift = { gain: 'gain', shift: 'shift' };

/**
 * The gain g, 1 at first, and the shift b, which takes the place of the projection's bias after the normalisation.
 * @param bias as it would be without normalisation
 */
export const gainAndShift = (bias: CellParameter, { gain, shift } = USUAL): CellParameter[] => [
  constant(gain, 'vector', bias.shape, 1),
  { ...bias, name: shift, role: 'vector' },
];

/** g∘(a − μ)/σ + b of a [N, k·units], μ and σ of each block of `units` columns. */
export const layerNormalised = <V>(
  m: CellMath<V>,
  a: V,
  units: number,
  vector: StepInputs<V>['vector'],
  { gain, shift } = USUAL,
): V => m.add(m.multiply(m.standardise(a, units), vector(gain)), vector(shift));
