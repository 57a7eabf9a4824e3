// Every cell × direction × depth, with padded rows: the equations in double precision against finite differences, and the
// rungs against the equations.
import { describe, expect, test } from 'vitest';
import type { NetworkSpec } from '../../../app/contract/network';
import type { Rung } from '../../../app/contract/rung';
import { initialParameters } from '../../../engine/network/initialise';
import { openProgram } from '../../../engine/network/open';
import type { ParameterSet } from '../../../engine/network/parameters';
import type { LabelledBatch } from '../../../engine/network/program';
import { makeRandom } from '../../../engine/runtime/random';
import { isCompiledHere, STACKS } from './cellStacks';
import { expectClose, makeBatch, rowOf } from './fixtures';
import { differentiate, float64Inputs, framewiseLoss, readNetwork, type Float64Inputs } from './float64Network';

const LENGTHS = [7, 3, 1, 5];
const T = 9;
const PORTABLE: readonly Rung[] = ['native', 'wasm'];
const DIRECTIONS = 5;

/** Parameters that are nowhere near a special value; first states other than zero too. */
function parametersOf(spec: NetworkSpec): ParameterSet {
  const random = makeRandom(17);
  return new Map(
    [...initialParameters(spec, 3)].map(([name, { shape, values }]) => [
      name,
      { name, shape, values: values.map((value) => value + 0.3 * (2 * random() - 1)) },
    ]),
  );
}
function batchOf(spec: NetworkSpec): LabelledBatch {
  return { ...makeBatch(spec, LENGTHS, T), rowWeights: Float32Array.of(0.5, 0.2, 0.3, 0.7) };
}
const matricesOf = ({ parameters, x }: Float64Inputs) => [...parameters.values(), ...x];

describe.each(STACKS)('$name', ({ cell, shape, spec }) => {
  const parameters = parametersOf(spec);
  const batch = batchOf(spec);
  const inputs = float64Inputs(parameters, batch);
  const reading = differentiate(spec, inputs, batch);

  test(`the gradient equals finite differences along ${DIRECTIONS} directions`, () => {
    const random = makeRandom(5);
    for (let k = 0; k < DIRECTIONS; k++) {
      const direction = matricesOf(inputs).map(({ values }) => values.map(() => 2 * random() - 1));
      const lossAt = (distance: number): number => {
        const moved = float64Inputs(parameters, batch);
        matricesOf(moved).forEach(({ values }, i) =>
          values.forEach((_, j) => (values[j]! += distance * direction[i]![j]!)),
        );
        return framewiseLoss(readNetwork(spec, moved, batch.lengths, batch.labels), batch).loss;
      };
      const slope = (lossAt(1e-6) - lossAt(-1e-6)) / 2e-6;
      const expected = matricesOf(inputs).reduce(
        (sum, { gradient }, i) => sum + gradient.reduce((dot, value, j) => dot + value * direction[i]![j]!, 0),
        0,
      );
      expect(Math.abs(slope - expected)).toBeLessThan(1e-6 * Math.max(1, Math.abs(expected)));
    }
  });

  test('padding has no gradient', () => {
    inputs.x.forEach(({ gradient, columns }, t) =>
      gradient.forEach((value, k) => {
        if (t >= LENGTHS[Math.floor(k / columns)]!) expect(value).toBe(0);
      }),
    );
  });

  const rungs: readonly Rung[] = isCompiledHere(cell, shape) ? ['compiled', ...PORTABLE] : PORTABLE;
  test.each(rungs)('the %s rung computes the same outputs and gradients', async (rung) => {
    const program = await openProgram(spec, parameters, rung);
    const logits = await program.logits(batch);
    const { loss, gradients, inputGradient } = await program.gradients(batch);
    program.dispose();
    const rows = (values: ArrayLike<number>) =>
      LENGTHS.flatMap((length, row) => rowOf(Float32Array.from(values), batch.N, spec.head.classes, row, length));
    const heard = readNetwork(spec, float64Inputs(parameters, batch), batch.lengths);
    expectClose(rows(logits), rows(heard.flatMap(({ values }) => [...values])));
    expect(loss).toBeCloseTo(reading.loss, 4);
    expectClose(
      inputGradient,
      inputs.x.flatMap(({ gradient }) => [...gradient]),
    );
    expect([...gradients.keys()]).toEqual([...parameters.keys()]);
    for (const [name, { gradient }] of inputs.parameters) expectClose(gradients.get(name)!.values, gradient);
  });
});
