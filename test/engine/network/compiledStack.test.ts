import { describe, expect, test } from 'vitest';
import { directionsOf } from '../../../app/contract/network';
import { DataType } from '../../../engine/graph/attributes';
import { FunctionLibrary } from '../../../engine/graph/functions';
import { Graph, type Value } from '../../../engine/graph/graph';
import { GraphSession } from '../../../engine/graph/session';
import { cellOf } from '../../../engine/cells/registry';
import { INITIAL_STATE_NAMES } from '../../../engine/network/parameters';
import { buildLayerStack } from '../../../engine/network/compiledStack';
import { readFloats, withHandles } from '../../../engine/runtime/tensors';
import { expectClose } from './fixtures';
import { cellReference, REFERENCES, type CellReference } from './references';

/** Runs the reference's layers forward and, from its cotangent, back. */
function runStack(reference: CellReference, compiledLength: number) {
  const { layers, T, N, D, weights, lengths, outputCotangent } = reference;
  const graph = new Graph();
  const library = new FunctionLibrary();
  const lengthsInput = graph.placeholder('lengths', DataType.int32);
  const parameters = new Map([...weights].map(([name, { shape, values }]) => [name, graph.constant(shape, values)]));
  const context = {
    graph,
    library,
    lengths: lengthsInput,
    steps: graph.reduce('Max', lengthsInput, [0]),
    compiledLength: graph.int(compiledLength),
    isTraining: true,
    batchParts: 1,
  } as const;
  const initial = layers.map(
    (layer, index) =>
      new Map(
        directionsOf(layer).map((direction) => {
          const given = reference.initial.get(`layer${index}.${direction}`);
          const states = cellOf(layer).states.map(({ size }, k) =>
            graph.constant([N, size], given?.[k] ?? new Float32Array(N * size)),
          );
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
  const names = [...gradients.keys()];
  const [output, inputGradient, ...others] = withHandles((scope) => {
    const inputs = {
      x: scope.shared([T, N, D], reference.input),
      cotangent: scope.shared([T, N, outputCotangent.length / (T * N)], outputCotangent),
      lengths: scope.shared([N], lengths),
    };
    const outputs = ['output', 'inputGradient', ...names.map((name) => `gradient/${name}`)];
    return scope.ownAll(session.run(inputs, outputs)).map(readFloats);
  }) as [Float32Array, Float32Array, ...Float32Array[]];
  session.close();
  return { output, inputGradient, gradients: new Map(names.map((name, k) => [name, others[k]!])) };
}

describe.each(REFERENCES)('%s', (name) => {
  const reference = cellReference(name);
  const result = runStack(reference, 11);

  test('outputs equal PyTorch', () => expectClose(result.output, reference.output));
  test('the input gradient equals PyTorch', () => expectClose(result.inputGradient, reference.inputGradient));
  test.each([...reference.gradients.keys()])('the gradient of %s equals PyTorch', (parameter) => {
    expectClose(result.gradients.get(parameter)!, reference.gradients.get(parameter)!.values);
  });
  test('the first states’ gradients equal PyTorch where it has them', () => {
    const [layer] = reference.layers;
    for (const [prefix, states] of reference.initialGradients) {
      cellOf(layer!).states.forEach(({ name: state }, k) =>
        expectClose(result.gradients.get(`${prefix}.${INITIAL_STATE_NAMES[state]}`)!, states[k]!),
      );
    }
  });
});

test('a loop compiled longer than the sequences computes the same', () => {
  const reference = cellReference('lstm-bi-padded');
  const [exact, longer] = [runStack(reference, 7), runStack(reference, 30)];
  expect(longer.output).toEqual(exact.output);
  expect(longer.gradients).toEqual(exact.gradients);
});
