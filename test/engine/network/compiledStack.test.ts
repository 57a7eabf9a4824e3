import { describe, expect, test } from 'vitest';
import { DataType } from '../../../engine/graph/attributes';
import { FunctionLibrary } from '../../../engine/graph/functions';
import { Graph, type Value } from '../../../engine/graph/graph';
import { GraphSession } from '../../../engine/graph/session';
import { buildLayerStack } from '../../../engine/network/compiledStack';
import { directionsOf } from '../../../engine/network/parameters';
import { readFloats, withHandles } from '../../../engine/runtime/tensors';
import {
  expectClose,
  flat,
  fromTorch,
  layersOf,
  readReference,
  shapeOf,
  type Nested,
  type RecurrentReference,
} from './fixtures';

/** Runs the reference's layers forward and, from its cotangent, back. */
function runStack(reference: RecurrentReference, compiledLength: number) {
  const layers = layersOf(reference);
  const [T = 0, N = 0, D = 0] = shapeOf(reference.input);
  const graph = new Graph();
  const library = new FunctionLibrary();
  const weights = fromTorch(reference.weights, layers, D, 'sum');
  const lengths = graph.placeholder('lengths', DataType.int32);
  const parameters = new Map([...weights].map(([name, { shape, values }]) => [name, graph.constant(shape, values)]));
  const context = {
    graph,
    library,
    lengths,
    steps: graph.reduce('Max', lengths, [0]),
    compiledLength: graph.int(compiledLength),
    isTraining: true,
    batchParts: 1,
  } as const;
  const state = (values: readonly Nested[] | undefined, index: number) =>
    graph.constant(
      [N, layers[0]?.units ?? 0],
      flat(values?.[index] ?? Array<number>(N * (layers[0]?.units ?? 0)).fill(0)),
    );
  let index = 0;
  const initial = layers.map(
    (layer) =>
      new Map(
        directionsOf(layer).map((direction) => {
          const states = { h: state(reference.initialHidden, index), c: state(reference.initialCell, index) };
          index++;
          return [direction, states];
        }),
      ),
  );
  const stack = buildLayerStack(context, layers, graph.placeholder('x', DataType.float), D, parameters, null, initial);
  const gradients = new Map<string, Value>();
  graph.identity(stack.output, { name: 'output' });
  graph.identity(stack.backward(graph.placeholder('cotangent', DataType.float), gradients), { name: 'inputGradient' });
  for (const [name, value] of gradients) graph.identity(value, { name: `gradient/${name}` });
  const session = new GraphSession(graph, library);
  const names = [...weights.keys()];
  const [output, inputGradient, ...parameterGradients] = withHandles((scope) => {
    const cotangent = flat(reference.outputCotangent);
    const inputs = {
      x: scope.shared([T, N, D], flat(reference.input)),
      cotangent: scope.shared([T, N, cotangent.length / (T * N)], cotangent),
      lengths: scope.shared([N], Int32Array.from(reference.lengths ?? Array<number>(N).fill(T))),
    };
    const outputs = ['output', 'inputGradient', ...names.map((name) => `gradient/${name}`)];
    return scope.ownAll(session.run(inputs, outputs)).map(readFloats);
  });
  session.close();
  return {
    output: output ?? new Float32Array(),
    inputGradient: inputGradient ?? new Float32Array(),
    gradients: new Map(names.map((name, k) => [name, parameterGradients[k] ?? new Float32Array()])),
    expected: fromTorch(reference.grads, layers, D, 'first'),
  };
}

describe.each(['lstm-uni-1layer', 'lstm-uni-2layer', 'lstm-bi-1layer', 'lstm-bi-2layer', 'lstm-bi-padded'])(
  '%s',
  (name) => {
    const reference = readReference<RecurrentReference>(name);
    const result = runStack(reference, 9);

    test('outputs equal PyTorch', () => expectClose(result.output, flat(reference.output)));
    test('the input gradient equals PyTorch', () => expectClose(result.inputGradient, flat(reference.inputGrad)));
    test.each([...result.expected.keys()])('the gradient of %s equals PyTorch', (parameter) => {
      expectClose(result.gradients.get(parameter) ?? [], result.expected.get(parameter)?.values ?? [NaN]);
    });
  },
);

test('a loop compiled longer than the sequences computes the same', () => {
  const reference = readReference<RecurrentReference>('lstm-bi-padded');
  const [exact, longer] = [runStack(reference, 7), runStack(reference, 30)];
  expect(longer.output).toEqual(exact.output);
  expect(longer.gradients).toEqual(exact.gradients);
});
