// The recurrent layers of a network on top of each other, with dropout after each in training.
import { directionsOf, type Direction, type LayerSpec } from '../../app/contract/network';
import { cellOf } from '../cells/registry';
import { attribute, DataType } from '../graph/attributes';
import type { Graph, Value } from '../graph/graph';
import { buildLayer, type LayerPass, type LayerStates, type RecurrentPass } from './compiledLayer';
import { at, type ParameterValues, type PassContext } from './compiledPass';
import { maskNumber, recurrentDropoutOf } from './dropout';
import { outputSize } from './parameters';

/** Dropout after each layer, and what is given at run time of all dropout. */
export interface DropoutInputs {
  /** Share that is dropped after each layer, in [0, 1). */
  readonly rate: number;
  /** Scalar: 1 in training; 0: nothing is dropped. */
  readonly isOn: Value;
  /** [2] int32; the same seed draws the same masks. */
  readonly seed: Value;
  /** [2] int32, of the masks that hold for a whole sequence. */
  readonly sequenceSeed: Value;
}

export interface StackPass extends LayerPass {
  /** Of each layer; training passes only. */
  readonly final: readonly LayerStates[];
}

/**
 * Builds all layers over x [T, N, inputSize].
 * @param dropout null: none.
 * @param initialStates of each layer; a layer left out starts as it says.
 * @returns output [T, N, size of the last layer] and the way back through all layers.
 */
export function buildLayerStack(
  context: PassContext,
  layers: readonly LayerSpec[],
  x: Value,
  inputSize: number,
  parameters: ParameterValues,
  dropout: DropoutInputs | null,
  initialStates: readonly LayerStates[] = [],
): StackPass {
  const { graph, lengths } = context;
  const passes: { readonly pass: RecurrentPass; readonly mask: Value | null }[] = [];
  let output = x;
  let inputs = inputSize;
  layers.forEach((layer, index) => {
    const pass = buildLayer(context, layer, index, output, inputs, parameters, {
      ...(initialStates[index] && { initialStates: initialStates[index] }),
      ...(dropout && { recurrentMasks: recurrentMasks(graph, layer, index, lengths, dropout) }),
    });
    const mask = dropout === null ? null : outputMask(graph, pass.output, index, dropout);
    passes.push({ pass, mask });
    output = mask === null ? pass.output : graph.multiply(pass.output, mask);
    inputs = outputSize(layer);
  });
  return {
    output,
    final: passes.map(({ pass }) => pass.final),
    backward: (outputGradient, gradients) =>
      passes.reduceRight(
        (gradient, { pass, mask }) =>
          pass.backward(mask === null ? gradient : graph.multiply(gradient, mask), gradients),
        outputGradient,
      ),
  };
}

/** Of what a layer hands up; null where nothing is dropped. */
function outputMask(graph: Graph, output: Value, layer: number, { rate, isOn, seed }: DropoutInputs): Value | null {
  if (rate === 0) return null;
  return dropoutMask(graph, graph.shapeOf(output), graph.multiply(isOn, graph.float(rate)), {
    seed,
    mask: maskNumber(layer, 'output'),
  });
}

/** Of the memory of each direction, [N, size of the first state]; none where nothing is dropped. */
function recurrentMasks(
  graph: Graph,
  layer: LayerSpec,
  index: number,
  lengths: Value,
  { isOn, sequenceSeed: seed }: DropoutInputs,
): ReadonlyMap<Direction, Value> {
  const rate = recurrentDropoutOf(layer);
  if (rate === 0) return new Map();
  const shape = graph.concat([graph.shapeOf(lengths), graph.ints(at(cellOf(layer).states, 0).size)], 0);
  const share = graph.multiply(isOn, graph.float(rate));
  return new Map(
    directionsOf(layer).map((direction) => [
      direction,
      dropoutMask(graph, shape, share, { seed, mask: maskNumber(index, direction) }),
    ]),
  );
}

/**
 * 0 where a value is dropped, 1/(1 − rate) where it is kept.
 * @param rate scalar
 * @param from the seed [2] and the mask's number, from which alone it is drawn
 */
function dropoutMask(
  graph: Graph,
  shape: Value,
  rate: Value,
  { seed, mask }: { readonly seed: Value; readonly mask: number },
): Value {
  const attr = {
    dtype: attribute.type(DataType.float),
    T: attribute.type(DataType.int32),
    Tseed: attribute.type(DataType.int32),
  };
  const ownSeed = graph.add(seed, graph.ints(0, mask));
  const uniform = graph.result('StatelessRandomUniform', [shape, ownSeed], attr, DataType.float);
  const isKept = graph.binary('GreaterEqual', uniform, rate, DataType.bool);
  return graph.divide(graph.cast(isKept, DataType.float), graph.subtract(graph.float(1), rate));
}
