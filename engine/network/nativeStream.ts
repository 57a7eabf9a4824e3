// Live recognition on the native library: one sequence, the states of all layers carried along.
import { isForwardOnly, isNormalised, type LayerSpec, type NetworkSpec } from '../../app/contract/network';
import { cellOf } from '../cells/registry';
import type { Handle } from '../runtime/native';
import { readFloats, TensorScope, withHandles } from '../runtime/tensors';
import { NativeCell } from './nativeCell';
import { NativeGru } from './nativeGru';
import { isFastJoined, joinedElman, NativeJoined } from './nativeJoined';
import { output, valueOf, type NativeLayer } from './nativeLayer';
import { NativeLstm } from './nativeLstm';
import { INITIAL_STATE_NAMES, isInitialStateLearned, outputSize, type ParameterSet } from './parameters';
import type { NetworkStream } from './program';

class NativeStream implements NetworkStream {
  /** Weights of the head; lives as long as the stream. */
  readonly #scope = new TensorScope();
  readonly #layers: readonly NativeLayer[];
  readonly #headWeights: Handle;
  readonly #headBias: Float32Array;

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
    const { shape, values } = valueOf(parameters, 'head.weights');
    this.#headWeights = this.#scope.copied(shape, values);
    this.#headBias = valueOf(parameters, 'head.bias').values;
  }

  push(frames: Float32Array): Float32Array {
    const { inputSize } = this.spec;
    const count = frames.length / inputSize;
    if (!Number.isInteger(count)) throw new Error(`Expected ${inputSize} values per frame, but got ${frames.length}`);
    if (count === 0) return new Float32Array(0);
    return withHandles((scope) => {
      const x = scope.shared([count, inputSize], frames);
      const top = this.#layers.reduce((values, layer) => layer.push(scope, values, count), x);
      return this.#head(scope, top);
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
  #head(scope: TensorScope, x: Handle): Float32Array {
    const logits = readFloats(output(scope.run('MatMul', [], [x, this.#headWeights], 1), 0));
    const bias = this.#headBias;
    // A call of a kernel takes longer.
    for (let k = 0; k < logits.length; k++) logits[k]! += bias[k % bias.length]!;
    return logits;
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
  if (layer.cell === 'elman' && isFastJoined(inputs, layer.units))
    return new NativeJoined(joinedElman(layer.units, layer.activation ?? 'tanh', valuesOf), first);
  return new NativeCell({ cell, inputs, valuesOf, first });
}

/** Opens a stream over a network of forward layers. @throws Error where a layer reads backward. */
export function openNativeStream(spec: NetworkSpec, parameters: ParameterSet): NetworkStream {
  return new NativeStream(spec, parameters);
}
