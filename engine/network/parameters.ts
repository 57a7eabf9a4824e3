// Names, shapes and order of a network's parameters, from its spec alone.
//
// A layer's parameters are its cell's (engine/cells) once for each direction.
import { directionsOf, type LayerSpec, type NetworkSpec } from '../../app/contract/network';
import type { CellState } from '../cells/cell';
import { uniform } from '../cells/cellParameters';
import { cellOf } from '../cells/registry';
import { embeddingShapes } from './embedding';
import { frontOutputSize, frontParameters } from './front';
import { stackedSize } from './stack';
import { hasTarget } from './teacherForcing';

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

/** Names of the first states where they are learned. */
export const INITIAL_STATE_NAMES: Readonly<Record<CellState['name'], string>> = {
  hidden: 'initialHidden',
  cell: 'initialCell',
  output: 'initialOutput',
  context: 'initialContext',
};

/** Values per step that a layer hands up. */
export const outputSize = (layer: LayerSpec): number => cellOf(layer).outputs * (isConcatenated(layer) ? 2 : 1);
/** Whether a layer puts two readings side by side; else it has one, or adds them up. */
export const isConcatenated = (layer: LayerSpec): boolean =>
  layer.cell !== 'feedForward' && directionsOf(layer).length > 1 && layer.merge !== 'sum';
/**
 * The layers as they run. A head of the last step needs both readings of a last layer that adds them up: each ends at a step of
 * its own. So they come side by side, and the head adds them up (addsReadings).
 */
export const runningLayers = (spec: Pick<NetworkSpec, 'layers' | 'head'>): readonly LayerSpec[] =>
  addsReadings(spec)
    ? spec.layers.map((layer, index) =>
        index === spec.layers.length - 1 && layer.cell !== 'feedForward' ? { ...layer, merge: 'concatenate' } : layer,
      )
    : spec.layers;
/** Whether the head adds the last layer's two readings up. */
export const addsReadings = ({ layers, head }: Pick<NetworkSpec, 'layers' | 'head'>): boolean => {
  const last = layers.at(-1);
  return head.kind === 'lastStep' && last !== undefined && directionsOf(last).length > 1 && !isConcatenated(last);
};
export const isInitialStateLearned = (layer: LayerSpec): boolean =>
  layer.cell !== 'feedForward' && layer.initialState === 'learned';

/** Parameters of one direction of a layer: the cell's, then the first states where they are learned. */
function directionParameters(layer: LayerSpec, inputs: number): readonly NewParameter[] {
  const cell = cellOf(layer);
  const states = isInitialStateLearned(layer) ? cell.states : [];
  return [
    ...cell.parameters(inputs).map(({ name, shape, mask, initial }) => ({
      name,
      shape,
      count: mask === null ? sizeOf(shape) : mask.reduce((sum, exists) => sum + exists, 0),
      initial,
    })),
    ...states.map(({ name, size }) => ({
      name: INITIAL_STATE_NAMES[name],
      shape: [size],
      count: size,
      initial: () => new Float32Array(size),
    })),
  ];
}

/** A parameter before anything is learned. */
export interface NewParameter extends ParameterShape {
  /** Values that are learned; the others, where a cell has no weight, stay 0. */
  readonly count: number;
  /** @param random uniform in [0, 1) */
  readonly initial: (random: () => number) => Float32Array;
  /** Whether training measures it instead of learning it by gradients; false if left out. */
  readonly isMeasured?: boolean;
}
/** All parameters in their fixed order: the embedding or the front's, layers from the input up, forward before reverse, then the head. */
export function newParameters(spec: NetworkSpec): NewParameter[] {
  const { layers, head } = spec;
  const vectors = embeddingShapes(spec).map(({ name, shape }) => newParameter(name, shape, frontOutputSize(spec)));
  let inputs = stackedSize(spec);
  const ofLayers = layers.flatMap((layer, index) => {
    const parameters = directionsOf(layer).flatMap((direction) =>
      directionParameters(layer, inputs).map((parameter) => ({
        ...parameter,
        name: `layer${index}.${direction}.${parameter.name}`,
      })),
    );
    inputs = outputSize(layer);
    return parameters;
  });
  return [
    ...vectors,
    ...frontParameters(spec),
    ...ofLayers,
    headWeights(spec, inputs),
    newParameter('head.bias', [head.classes], inputs),
  ];
}
/**
 * Uniform in ±1/√inputs. Above a layer whose own output has a target each of its outputs starts as the answer of its class:
 * what is fed back and what is answered then come to mean the same.
 */
function headWeights({ layers, head }: NetworkSpec, inputs: number): NewParameter {
  const weights = newParameter('head.weights', [inputs, head.classes], inputs);
  if (!hasTarget(layers.at(-1)!, head)) return weights;
  const initial = (random: () => number): Float32Array =>
    weights
      .initial(random)
      .map((value, k) =>
        Math.floor(k / head.classes) % head.classes === k % head.classes ? value + OWN_ANSWER : value,
      );
  return { ...weights, initial };
}
/** Logit of a class that the layer below is sure of, at first. */
const OWN_ANSWER = 4;

/** Uniform in ±1/√fanIn. */
const newParameter = (name: string, shape: readonly number[], fanIn: number): NewParameter => ({
  name,
  shape,
  count: sizeOf(shape),
  initial: uniform(shape, fanIn),
});
export const parameterShapes = (spec: NetworkSpec): ParameterShape[] =>
  newParameters(spec).map(({ name, shape }) => ({ name, shape }));
export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);
/** Values that a network learns. */
export const parameterCount = (spec: NetworkSpec): number =>
  newParameters(spec).reduce((sum, { count }) => sum + count, 0);
/** Values that are stored: those too that stay 0. */
export const storedCount = (spec: NetworkSpec): number =>
  parameterShapes(spec).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
