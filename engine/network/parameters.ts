// Names, shapes and order of a network's parameters, from its spec alone.
//
// Letters: D inputs of a layer, H units, C classes. Gate order of an LSTM's 4H columns: i, f, g, o (as PyTorch's rows).
import type { Direction, LayerSpec, NetworkSpec } from '../../app/contract/network';
import { embeddingShapes, layerInputSize } from './embedding';

export interface ParameterShape {
  /** "layer0.forward.inputWeights", "head.bias", … : also the tensor's name in weights.safetensors. */
  readonly name: string;
  readonly shape: readonly number[];
}
export interface ParameterValue extends ParameterShape {
  readonly values: Float32Array;
}
/** Every parameter of a network by name. */
export type ParameterSet = ReadonlyMap<string, ParameterValue>;

export const directionsOf = (layer: LayerSpec): readonly Direction[] =>
  layer.direction === 'bidirectional' ? ['forward', 'reverse'] : ['forward'];
/** Values per step that a layer hands up. */
export const outputSize = (layer: LayerSpec): number => layer.units * directionsOf(layer).length;

/** All parameters in their fixed order: the embedding, layers from the input up, forward before reverse, then the head. */
export function parameterShapes(spec: NetworkSpec): ParameterShape[] {
  const shapes: ParameterShape[] = embeddingShapes(spec);
  let inputs = layerInputSize(spec);
  spec.layers.forEach((layer, index) => {
    for (const direction of directionsOf(layer)) {
      const prefix = `layer${index}.${direction}`;
      shapes.push({ name: `${prefix}.inputWeights`, shape: [inputs, 4 * layer.units] });
      shapes.push({ name: `${prefix}.recurrentWeights`, shape: [layer.units, 4 * layer.units] });
      shapes.push({ name: `${prefix}.bias`, shape: [4 * layer.units] });
    }
    inputs = outputSize(layer);
  });
  shapes.push(
    { name: 'head.weights', shape: [inputs, spec.head.classes] },
    { name: 'head.bias', shape: [spec.head.classes] },
  );
  return shapes;
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);
export const parameterCount = (spec: NetworkSpec): number =>
  parameterShapes(spec).reduce((sum, parameter) => sum + sizeOf(parameter.shape), 0);
