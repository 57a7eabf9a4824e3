// Parameters of a network that has learned nothing yet.
import type { NetworkSpec } from '../../app/contract/network';
import { makeRandom } from '../runtime/random';
import { newParameters, type ParameterSet, type ParameterValue } from './parameters';

/** What each cell says of its own, and uniform in ±1/√inputs for the head, in ±1/√E for vectors of E values. The same seed gives the same parameters. */
export function initialParameters(spec: NetworkSpec, seed: number): ParameterSet {
  const random = makeRandom(seed);
  return new Map(
    newParameters(spec).map(({ name, shape, initial }): [string, ParameterValue] => [
      name,
      { name, shape, values: initial(random) },
    ]),
  );
}
