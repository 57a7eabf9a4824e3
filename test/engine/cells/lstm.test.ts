import { describe, expect, test } from 'vitest';
import { GraphMath, gateScale } from '../../../engine/cells/graphMath';
import { LSTM_GATE_KINDS, lstmBackward, lstmDerivatives, lstmStep } from '../../../engine/cells/lstm';
import { FunctionLibrary } from '../../../engine/graph/functions';
import { Graph } from '../../../engine/graph/graph';
import { GraphSession } from '../../../engine/graph/session';
import { makeRandom } from '../../../engine/runtime/random';
import { readFloats, withHandles } from '../../../engine/runtime/tensors';
import { float64Math, matrix, type Matrix } from '../../../engine/lab/float64';

type Row = readonly number[];
const zip = (a: Row, b: Row, of: (x: number, y: number) => number): Row => a.map((x, k) => of(x, b[k] ?? NaN));
const row64 = (values: Row): Matrix => matrix(1, values.length, values);
const valuesOf = (m: Matrix): Row => [...m.values];

const H = 3;
const random = makeRandom(11);
const draw = (length: number): number[] => Array.from({ length }, () => 3 * (2 * random() - 1));
const [z, c, dh, dc] = [draw(4 * H), draw(H), draw(H), draw(H)];

/** A scalar whose gradient lstmBackward must give: ⟨dh, h′⟩ + ⟨dc, c′⟩. */
function objective(atZ: Row, atC: Row): number {
  const step = lstmStep(float64Math, row64(atZ), row64(atC));
  const dot = (a: Row, b: Row) => zip(a, b, (x, y) => x * y).reduce((sum, x) => sum + x);
  return dot(dh, valuesOf(step.h)) + dot(dc, valuesOf(step.c));
}
const moved = (row: Row, at: number, by: number): Row => row.map((x, k) => (k === at ? x + by : x));
const slopes = (row: Row, of: (moved: Row) => number): number[] =>
  row.map((_, k) => (of(moved(row, k, 1e-6)) - of(moved(row, k, -1e-6))) / 2e-6);

describe('the LSTM cell', () => {
  const step = lstmStep(float64Math, row64(z), row64(c));
  const derivatives = lstmDerivatives(float64Math, step, row64(c));
  const back = lstmBackward(float64Math, derivatives, row64(dh), row64(dc));
  const expectClose = (actual: Row, expected: Row, digits: number) =>
    actual.forEach((value, k) => expect(value).toBeCloseTo(expected[k] ?? NaN, digits));

  test('the backward equations are the derivative by the preactivations', () => {
    expectClose(
      back.dz.flatMap(valuesOf),
      slopes(z, (at) => objective(at, c)),
      7,
    );
  });
  test('and by the previous cell', () => {
    expectClose(
      valuesOf(back.dc),
      slopes(c, (at) => objective(z, at)),
      7,
    );
  });
  test('an open forget gate and a shut input gate keep the cell', () => {
    const held = lstmStep(float64Math, row64([-50, -50, -50, 50, 50, 50, 1, 2, 3, 0, 0, 0]), row64(c));
    expectClose(valuesOf(held.c), c, 12);
  });
  test('the graph computes the same, with its scaled preactivations', () => {
    const graph = new Graph();
    const math = new GraphMath(graph, 'scaled');
    const row = (values: Row) => graph.constant([1, values.length], Float32Array.from(values));
    const inGraph = lstmStep(math, graph.multiply(row(z), gateScale(graph, LSTM_GATE_KINDS, H)), row(c));
    const backInGraph = lstmBackward(math, lstmDerivatives(math, inGraph, row(c)), row(dh), row(dc));
    const results = { h: inGraph.h, c: inGraph.c, dz: math.join(backInGraph.dz), dc: backInGraph.dc };
    for (const [name, value] of Object.entries(results)) graph.identity(value, { name });
    const session = new GraphSession(graph, new FunctionLibrary());
    const values = withHandles((scope) => scope.ownAll(session.run({}, Object.keys(results))).map(readFloats));
    session.close();
    const expected = [step.h, step.c, float64Math.join(back.dz), back.dc].map(valuesOf);
    values.forEach((actual, k) => expectClose([...actual], expected[k] ?? [], 5));
  });
});
