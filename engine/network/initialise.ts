// Parameters of a network that has learned nothing yet.
import type { NetworkSpec } from '../../app/contract/network';
import { INITIAL_FORGET_BIAS } from '../cells/lstm';
import { makeRandom } from '../runtime/random';
import { EMBEDDING_WEIGHTS, layerInputSize } from './embedding';
import { parameterShapes, sizeOf, type ParameterSet, type ParameterValue } from './parameters';

/**
 * Uniform in ±1/√H for a recurrent layer of H units and ±1/√inputs for the head (as PyTorch), ±1/√E for vectors of E values;
 * the forget gate starts open.
 * The same seed gives the same parameters.
 */
export function initialParameters(spec: NetworkSpec, seed: number): ParameterSet {
  const random = makeRandom(seed);
  const headInputs = parameterShapes(spec).find(({ name }) => name === 'head.weights')?.shape[0] ?? 1;
  const draw = (size: number, fanIn: number): Float32Array =>
    Float32Array.from({ length: size }, () => (2 * random() - 1) / Math.sqrt(fanIn));
  return new Map(
    parameterShapes(spec).map(({ name, shape }): [string, ParameterValue] => {
      const units = spec.layers[layerOf(name)]?.units;
      const values = draw(sizeOf(shape), name === EMBEDDING_WEIGHTS ? layerInputSize(spec) : (units ?? headInputs));
      if (units !== undefined && name.endsWith('.bias')) {
        for (let unit = units; unit < 2 * units; unit++) values[unit] = (values[unit] ?? 0) + INITIAL_FORGET_BIAS;
      }
      return [name, { name, shape, values }];
    }),
  );
}

/** "layer3.forward.bias" → 3; "head.bias" → −1 */
const layerOf = (name: string): number => Number(/^layer(\d+)\./.exec(name)?.[1] ?? -1);
