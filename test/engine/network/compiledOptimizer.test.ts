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
import { PLAIN_UPDATE, type UpdateRule } from '../../../engine/training/optimiser';
import { readFloats, readScalar, withHandles } from '../../../engine/runtime/tensors';
import { expectClose, flat, readReference, shapeOf, type Nested } from './fixtures';

/** An optimiser over parameters a, b, … whose gradients are given from outside. */
class Bench {
  readonly #shapes: readonly ParameterShape[];
  readonly #session: GraphSession;
  #step = 0;

  constructor(
    values: readonly Nested[],
    private readonly rule: UpdateRule = PLAIN_UPDATE,
  ) {
    this.#shapes = values.map((value, k) => ({ name: `p${k}`, shape: shapeOf(value) }));
    const graph = new Graph();
    const variables = new SessionVariables(graph, this.#shapes, rule);
    const gradients = new Map(
      this.#shapes.map(({ name }) => [name, graph.placeholder(`gradient/${name}`, DataType.float)]),
    );
    const inputs = record(UPDATE_INPUTS, (name) => graph.placeholder(name, DataType.float));
    const loss = graph.placeholder('loss', DataType.float);
    const update = buildUpdate(graph, this.#shapes, variables, gradients, loss, inputs, rule);
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
  update(gradients: readonly Float32Array[], options: Parameters<typeof updateNumbers>[1], loss = 1): number {
    return withHandles((scope) => {
      const numbers = updateNumbers(++this.#step, options, this.rule);
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

const plain = { learningRate: 0.1, weightDecay: 0, maxGradientNorm: Infinity };

describe('updates', () => {
  const reference =
    readReference<Record<'adam' | 'adamw', { lr: number; weightDecay?: number; trajectory: number[][] }>>('optimizers');
  test.each(['adam', 'adamw'] as const)('%s follows PyTorch step by step', (name) => {
    const { lr, weightDecay = 0, trajectory } = reference[name];
    const bench = new Bench([[1, -2, 0.5]]);
    const walked = trajectory.map(() => {
      const [p = new Float32Array()] = bench.read('value');
      const gradient = Float32Array.from([1, 3, 0.1], (factor, k) => 2 * factor * (p[k] ?? 0));
      bench.update([gradient], { ...plain, learningRate: lr, weightDecay });
      return [...(bench.read('value')[0] ?? [])];
    });
    expectClose(walked.flat(), trajectory.flat());
  });
});

describe('clipping by the global norm', () => {
  const reference = readReference<{ grads: Nested[]; maxNorm: number; globalNorm: number; clippedByNorm: Nested[] }>(
    'gradient-clipping',
  );
  const clipped = () => {
    const bench = new Bench(reference.grads);
    const norm = bench.update(reference.grads.map(flat), { ...plain, maxGradientNorm: reference.maxNorm });
    return { norm, moment1: bench.read('moment1') };
  };
  test('the norm is the one before clipping', () => expect(clipped().norm).toBeCloseTo(reference.globalNorm, 5));
  test('the update sees the clipped gradients', () => {
    // after one update the first moment is a tenth of the gradient
    clipped().moment1.forEach((moment, k) =>
      expectClose(
        moment.map((m) => 10 * m),
        flat(reference.clippedByNorm[k] ?? []),
      ),
    );
  });
});

describe('an update that is not finite', () => {
  test.each([
    ['a gradient is NaN', Float32Array.of(NaN, 1, 1), 1],
    ['a gradient is infinite', Float32Array.of(Infinity, 1, 1), 1],
    ['the loss is NaN', Float32Array.of(1, 1, 1), NaN],
  ])('changes no parameter, no moment and no average: %s', (_, gradient, loss) => {
    const rule = { averageDecay: 0.9 };
    const bench = new Bench([[1, -2, 0.5]], rule);
    bench.update([Float32Array.of(0.3, -0.2, 0.1)], { ...plain, weightDecay: 0.1 });
    const before = variableKinds(rule).map((kind) => bench.read(kind));
    bench.update([gradient], { ...plain, weightDecay: 0.1 }, loss);
    expect(variableKinds(rule).map((kind) => bench.read(kind))).toEqual(before);
  });
});
