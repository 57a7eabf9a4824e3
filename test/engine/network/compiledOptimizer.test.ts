import { describe, expect, test } from 'vitest';
import { DataType } from '../../../engine/graph/attributes';
import { FunctionLibrary, record } from '../../../engine/graph/functions';
import { Graph } from '../../../engine/graph/graph';
import { GraphSession } from '../../../engine/graph/session';
import {
  buildUpdate,
  SessionVariables,
  UPDATE_INPUTS,
  updateNumbers,
  variableKinds,
  type VariableKind,
} from '../../../engine/network/compiledOptimizer';
import { sizeOf, type ParameterShape } from '../../../engine/network/parameters';
import type { Clipping, OptimizerSettings } from '../../../app/contract/trainingConfig';
import { PLAIN_LOSS, type TrainingRule } from '../../../engine/training/trainingRule';
import { readFloats, readScalar, withHandles } from '../../../engine/runtime/tensors';
import { expectClose, flat, readReference, shapeOf, type Nested } from './fixtures';

/** An optimiser over parameters a, b, … whose gradients are given from outside. */
class Bench {
  readonly #shapes: readonly ParameterShape[];
  readonly #session: GraphSession;
  #step = 0;

  constructor(
    values: readonly Nested[],
    private readonly rule: TrainingRule,
  ) {
    this.#shapes = values.map((value, k) => ({ name: `p${k}`, shape: shapeOf(value) }));
    const graph = new Graph();
    const variables = new SessionVariables(graph, this.#shapes, rule);
    const gradients = new Map(
      this.#shapes.map(({ name }) => [name, graph.placeholder(`gradient/${name}`, DataType.float)]),
    );
    const inputs = record(UPDATE_INPUTS, (name) => graph.placeholder(name, DataType.float));
    const loss = graph.placeholder('loss', DataType.float);
    const update = buildUpdate(
      graph,
      { learned: this.#shapes, measured: new Map() },
      variables,
      gradients,
      loss,
      inputs,
      rule,
    );
    graph.identity(update.norm, { name: 'norm', after: update.effects });
    this.#session = new GraphSession(graph, new FunctionLibrary());
    for (const kind of variableKinds(rule)) {
      withHandles((scope) => {
        const fill = this.#shapes.map(({ name, shape }, k) => {
          const data = kind === 'value' || kind === 'average' ? flat(values[k] ?? []) : new Float32Array(sizeOf(shape));
          return [`set/${kind}/${name}`, scope.copied(shape, data)] as const;
        });
        scope.ownAll(this.#session.run(Object.fromEntries(fill), [`set/${kind}`]));
      });
    }
  }
  /** One update; returns the norm before clipping. */
  update(gradients: readonly Float32Array[], learningRate: number, loss = 1): number {
    return withHandles((scope) => {
      const numbers = updateNumbers(++this.#step, learningRate, this.rule);
      const inputs: Record<string, number> = { loss: scope.float(loss) };
      for (const name of UPDATE_INPUTS) inputs[name] = scope.float(numbers[name]);
      this.#shapes.forEach(({ name, shape }, k) => {
        inputs[`gradient/${name}`] = scope.shared(shape, gradients[k] ?? new Float32Array());
      });
      const [norm] = scope.ownAll(this.#session.run(inputs, ['norm']));
      return readScalar(norm ?? -1);
    });
  }
  read(kind: VariableKind): Float32Array[] {
    const names = this.#shapes.map(({ name }) => `${kind}/${name}`);
    return withHandles((scope) => scope.ownAll(this.#session.run({}, names)).map(readFloats));
  }
}

const plain: TrainingRule = {
  isInParts: false,
  frozenLayers: 0,

  loss: PLAIN_LOSS,
  optimizer: { kind: 'adam' },
  clipping: { kind: 'none' },
  averageDecay: 0,
};

interface Walk {
  readonly lr: number;
  readonly momentum?: number;
  readonly weightDecay?: number;
  readonly trajectory: number[][];
}
const walks = readReference<Record<'adam' | 'adamw' | 'sgdMomentum' | 'rmsprop', Walk>>('optimizers');
const optimizers: readonly (readonly [OptimizerSettings, Walk])[] = [
  [{ kind: 'sgd', momentum: walks.sgdMomentum.momentum ?? NaN }, walks.sgdMomentum],
  [{ kind: 'rmsprop', squareDecay: 0.99 }, walks.rmsprop],
  [{ kind: 'adam' }, walks.adam],
  [{ kind: 'adamw', weightDecay: walks.adamw.weightDecay ?? NaN }, walks.adamw],
];

describe('updates', () => {
  test.each(optimizers)('$kind follows PyTorch step by step', (optimizer, { lr, trajectory }) => {
    const bench = new Bench([[1, -2, 0.5]], { ...plain, optimizer });
    const walked = trajectory.map(() => {
      const [p = new Float32Array()] = bench.read('value');
      const gradient = Float32Array.from([1, 3, 0.1], (factor, k) => 2 * factor * (p[k] ?? 0));
      bench.update([gradient], lr);
      return [...(bench.read('value')[0] ?? [])];
    });
    expectClose(walked.flat(), trajectory.flat());
  });
});

describe('clipping', () => {
  const reference = readReference<{
    grads: Nested[];
    maxNorm: number;
    globalNorm: number;
    clippedByNorm: Nested[];
    clipValue: number;
    clippedByValue: Nested[];
  }>('gradient-clipping');
  const clipped = (clipping: Clipping) => {
    const bench = new Bench(reference.grads, { ...plain, optimizer: { kind: 'sgd', momentum: 0 }, clipping });
    const norm = bench.update(reference.grads.map(flat), 0.1);
    // After one update the velocity is the gradient.
    return { norm, gradients: bench.read('velocity') };
  };
  test.each([
    ['none', { kind: 'none' }, reference.grads],
    ['by value', { kind: 'value', threshold: reference.clipValue }, reference.clippedByValue],
    ['by the global norm', { kind: 'norm', threshold: reference.maxNorm }, reference.clippedByNorm],
  ] as const)('%s: the update sees PyTorch’s gradients, the norm is the one before', (_, clipping, expected) => {
    const { norm, gradients } = clipped(clipping);
    expect(norm).toBeCloseTo(reference.globalNorm, 5);
    gradients.forEach((gradient, k) => expectClose(gradient, flat(expected[k] ?? []), 1e-6));
  });
});

describe.each([
  ['a gradient is NaN', Float32Array.of(NaN, 1, 1), 1],
  ['a gradient is infinite', Float32Array.of(Infinity, 1, 1), 1],
  ['the loss is NaN', Float32Array.of(1, 1, 1), NaN],
])('an update where %s', (_, gradient, loss) => {
  const clippings: Clipping[] = [{ kind: 'none' }, { kind: 'value', threshold: 1 }, { kind: 'norm', threshold: 1 }];
  const rules = optimizers.flatMap(([optimizer]) =>
    clippings.map((clipping): TrainingRule => ({ ...plain, optimizer, clipping, averageDecay: 0.9 })),
  );
  test.each(rules)('changes nothing: $optimizer.kind, clipping $clipping.kind', (rule) => {
    const bench = new Bench([[1, -2, 0.5]], rule);
    bench.update([Float32Array.of(0.3, -0.2, 0.1)], 0.1);
    const before = variableKinds(rule).map((kind) => bench.read(kind));
    bench.update([gradient], 0.1, loss);
    expect(variableKinds(rule).map((kind) => bench.read(kind))).toEqual(before);
  });
});
