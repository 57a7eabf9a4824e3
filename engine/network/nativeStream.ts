// Live recognition on the native library: one sequence, the states of all layers carried along.
import { isForwardOnly, isNormalised, type LayerSpec, type NetworkSpec } from '../../app/contract/network';
import { cellOf } from '../cells/registry';
import type { Handle } from '../runtime/native';
import { readFloats, TensorScope, withHandles } from '../runtime/tensors';
import { NativeCell } from './nativeCell';
import { NativeGru } from './nativeGru';
import { isFastJoined, joinedElman, joinedGru, NativeJoined, type JoinedStep } from './nativeJoined';
import { output, valueOf, type NativeLayer } from './nativeLayer';
import { NativeLstm } from './nativeLstm';
import { INITIAL_STATE_NAMES, isInitialStateLearned, outputSize, type ParameterSet } from './parameters';
import type { NetworkStream } from './program';

class NativeStream implements NetworkStream {
  /** Weights of the head; lives as long as the stream. */
  readonly #scope = new TensorScope();
  readonly #layers: readonly NativeLayer[];
  readonly #headWeights: Handle;
  readonly #headBias: Handle;

  constructor(
    private readonly spec: NetworkSpec,
    parameters: ParameterSet,
  ) {
    if (!isForwardOnly(spec)) throw new Error('Expected forward layers only: a reverse reading cannot be streamed');
    let inputs = spec.inputSize;
    this.#layers = spec.layers.map((layer, index) => {
      const opened = openLayer(layer, inputs, (name) => valueOf(parameters, `layer${index}.forward.${name}`).values);
      inputs = outputSize(layer);
      return opened;
    });
    const head = (name: string): Handle => {
      const { shape, values } = valueOf(parameters, `head.${name}`);
      return this.#scope.copied(shape, values);
    };
    this.#headWeights = head('weights');
    this.#headBias = head('bias');
  }

  push(frames: Float32Array): Float32Array {
    const { inputSize } = this.spec;
    const count = frames.length / inputSize;
    if (!Number.isInteger(count)) throw new Error(`Expected ${inputSize} values per frame, but got ${frames.length}`);
    if (count === 0) return new Float32Array(0);
    return withHandles((scope) => {
      const x = scope.shared([count, inputSize], frames);
      const top = this.#layers.reduce((values, layer) => layer.push(scope, values, count), x);
      return readFloats(this.#head(scope, top));
    });
  }
  reset(): void {
    for (const layer of this.#layers) layer.reset();
  }
  dispose(): void {
    for (const layer of this.#layers) layer.dispose();
    this.#scope.dispose();
  }

  /** x [n, H] → logits [n, C] */
  #head(scope: TensorScope, x: Handle): Handle {
    const product = output(scope.run('MatMul', [], [x, this.#headWeights], 1), 0);
    return output(scope.run('BiasAdd', [], [product, this.#headBias], 1), 0);
  }
}

/** @param valuesOf of a parameter by its name inside the layer. */
function openLayer(layer: LayerSpec, inputs: number, valuesOf: (name: string) => Float32Array): NativeLayer {
  const cell = cellOf(layer);
  const first = cell.states.map(({ name, size }) =>
    isInitialStateLearned(layer) ? valuesOf(INITIAL_STATE_NAMES[name]) : new Float32Array(size),
  );
  // The kernels normalise nothing.
  if (isNormalised(layer)) return new NativeCell({ cell, inputs, valuesOf, first });
  if (layer.cell === 'lstm')
    return new NativeLstm({ inputs, units: layer.units, hasPeepholes: layer.peepholes === true, valuesOf, first });
  if (layer.cell === 'gru' && layer.reset !== 'after') return new NativeGru({ units: layer.units, valuesOf, first });
  const joined = joinedStepOf(layer, inputs, valuesOf);
  if (joined !== null) return new NativeJoined(joined, first);
  return new NativeCell({ cell, inputs, valuesOf, first });
}

/** null where kernels one by one are faster, or the only way. */
function joinedStepOf(layer: LayerSpec, inputs: number, valuesOf: (name: string) => Float32Array): JoinedStep | null {
  const { units } = layer;
  if (layer.cell === 'gru' && isFastJoined(inputs, units, 2 * units)) return joinedGru(units, inputs, valuesOf);
  if (layer.cell === 'elman' && isFastJoined(inputs, units, units))
    return joinedElman(units, layer.activation ?? 'tanh', valuesOf);
  return null;
}

/** Opens a stream over a network of forward layers. @throws Error where a layer reads backward. */
export function openNativeStream(spec: NetworkSpec, parameters: ParameterSet): NetworkStream {
  return new NativeStream(spec, parameters);
}
