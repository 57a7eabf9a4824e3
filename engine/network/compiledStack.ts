// The recurrent layers of a network on top of each other, with dropout after each in training.
import type { LayerSpec } from '../../app/contract/network';
import { attribute, DataType } from '../graph/attributes';
import type { Graph, Value } from '../graph/graph';
import { buildLayer, type LayerPass, type LayerStates, type RecurrentPass } from './compiledLayer';
import type { ParameterValues, PassContext } from './compiledPass';
import { outputSize } from './parameters';

/** Dropout's share and this step's seed, both given at run time. */
export interface DropoutInputs {
  /** Scalar in [0, 1). */
  readonly rate: Value;
  /** [2] int32; the same seed draws the same masks. */
  readonly seed: Value;
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
  const { graph } = context;
  const passes: { readonly pass: RecurrentPass; readonly mask: Value | null }[] = [];
  let output = x;
  let inputs = inputSize;
  layers.forEach((layer, index) => {
    const pass = buildLayer(context, layer, index, output, inputs, parameters, initialStates[index]);
    const mask = dropout === null ? null : dropoutMask(graph, pass.output, dropout, index);
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

/** 0 where a value is dropped, 1/(1 − rate) where it is kept; drawn from (seed, layer) alone. */
function dropoutMask(graph: Graph, like: Value, { rate, seed }: DropoutInputs, layer: number): Value {
  const attr = {
    dtype: attribute.type(DataType.float),
    T: attribute.type(DataType.int32),
    Tseed: attribute.type(DataType.int32),
  };
  const layerSeed = graph.add(seed, graph.ints(0, layer));
  const uniform = graph.result('StatelessRandomUniform', [graph.shapeOf(like), layerSeed], attr, DataType.float);
  const isKept = graph.binary('GreaterEqual', uniform, rate, DataType.bool);
  return graph.divide(graph.cast(isKept, DataType.float), graph.subtract(graph.float(1), rate));
}
