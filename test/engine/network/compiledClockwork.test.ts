// The Clockwork's body of several steps against its body of one.
import { describe, expect, test } from 'vitest';
import { directionsOf, type Direction, type LayerOf, type NetworkSpec } from '../../../app/contract/network';
import { DataType } from '../../../engine/graph/attributes';
import { FunctionLibrary } from '../../../engine/graph/functions';
import { Graph, type Value } from '../../../engine/graph/graph';
import { GraphSession } from '../../../engine/graph/session';
import { buildLayer } from '../../../engine/network/compiledLayer';
import type { PassContext } from '../../../engine/network/compiledPass';
import { initialParameters } from '../../../engine/network/initialise';
import { outputSize } from '../../../engine/network/parameters';
import { makeRandom } from '../../../engine/runtime/random';
import { readFloats, withHandles } from '../../../engine/runtime/tensors';
import { expectClose } from './fixtures';

const T = 21;
const N = 4;
const D = 3;
const LENGTHS = [21, 13, 1, 8];

type Body = NonNullable<PassContext['clockworkBody']>;
type Layer = LayerOf<'clockwork'>;

function randomFloats(seed: number, length: number): Float32Array {
  const random = makeRandom(seed);
  return Float32Array.from({ length }, () => 2 * random() - 1);
}

/** Output, gradients and last states of a layer over padded rows, by name. */
function run(layer: Layer, body: Body, { isThinned = false, lengths = LENGTHS } = {}): Map<string, Float32Array> {
  const graph = new Graph();
  const spec: NetworkSpec = { inputSize: D, layers: [layer], dropout: 0, head: { kind: 'framewise', classes: 2 } };
  const drawn = [...initialParameters(spec, 3)].filter(([name]) => name.startsWith('layer'));
  const parameters = new Map(
    drawn.map(([name, { shape, values }], k) => [name, graph.constant(shape, randomFloats(k, values.length))]),
  );
  const rowLengths = graph.placeholder('lengths', DataType.int32);
  const context: PassContext = {
    graph,
    library: new FunctionLibrary(),
    lengths: rowLengths,
    steps: graph.reduce('Max', rowLengths, [0]),
    compiledLength: graph.int(25),
    isTraining: true,
    batchParts: directionsOf(layer).length > 1 ? 1 : 2,
    clockworkBody: body,
  };
  const size = [N, layer.units] as const;
  const each = (seed: number) =>
    new Map<Direction, Value>(
      directionsOf(layer).map((direction, k) => [
        direction,
        graph.constant(size, randomFloats(seed + k, N * layer.units)),
      ]),
    );
  const pass = buildLayer(context, layer, 0, graph.placeholder('x', DataType.float), D, parameters, {
    initialStates: new Map([...each(20)].map(([direction, state]) => [direction, [state]])),
    ...(isThinned && { recurrentMasks: each(30) }),
  });
  const named = new Map<string, Value>([['output', pass.output]]);
  for (const [direction, states] of pass.final) named.set(`final.${direction}`, states[0]!);
  const gradients = new Map<string, Value>();
  named.set('input', pass.backward(graph.placeholder('cotangent', DataType.float), gradients));
  for (const [name, value] of gradients) named.set(name, value);
  for (const [name, value] of named) graph.identity(value, { name: `result/${name}` });
  const session = new GraphSession(graph, context.library);
  const width = outputSize(layer);
  const results = withHandles((scope) => {
    const inputs = {
      x: scope.shared([T, N, D], randomFloats(40, T * N * D)),
      cotangent: scope.shared([T, N, width], randomFloats(41, T * N * width)),
      lengths: scope.shared([N], Int32Array.from(lengths)),
    };
    const names = [...named.keys()].map((name) => `result/${name}`);
    return scope.ownAll(session.run(inputs, names)).map(readFloats);
  });
  session.close();
  return new Map([...named.keys()].map((name, k) => [name, results[k]!]));
}

function expectSame(layer: Layer, options: Parameters<typeof run>[2] = {}): void {
  const [one, several] = [run(layer, 'step', options), run(layer, 'unrolled', options)];
  expect([...several.keys()]).toEqual([...one.keys()]);
  for (const [name, values] of one) expectClose(several.get(name)!, values);
}

describe.each(['forward', 'bidirectional'] as const)('%s', (direction) => {
  test.each([
    ['that double', [1, 2, 4, 8]],
    ['longer than the body', [1, 2, 4, 8, 16, 32]],
    ['of three', [1, 3]],
    ['without a fastest of 1', [2, 6]],
    ['with a body of six steps', [1, 2, 6]],
  ])('periods %s: the same outputs, gradients and last states', (_, periods) => {
    expectSame({ cell: 'clockwork', units: 3 * periods.length, periods, direction });
  });
  test('so with dropout on the recurrence', () => {
    expectSame({ cell: 'clockwork', units: 8, periods: [1, 2, 4, 16], direction }, { isThinned: true });
  });
  test('and with learned first states', () => {
    expectSame({ cell: 'clockwork', units: 6, periods: [1, 2, 4], direction, initialState: 'learned' });
  });
});

test('a row without steps keeps its first state', () => {
  expectSame({ cell: 'clockwork', units: 4, periods: [1, 2], direction: 'forward' }, { lengths: [21, 0, 5, 2] });
});
