import { afterAll, describe, expect, test } from 'vitest';
import { compiledLength, openCompiledProgram } from '../../../engine/network/compiled';
import { initialParameters } from '../../../engine/network/initialise';
import type { ParameterSet } from '../../../engine/network/parameters';
import type { LabelledBatch, NetworkProgram, TrainStepOptions } from '../../../engine/network/program';
import { liveHandles } from '../../../engine/runtime/tensors';
import type { NetworkSpec } from '../../../app/contract/network';
import { ctcNetwork, expectClose, makeBatch, rowOf } from './fixtures';

// Compiling takes most of the time: one program per spec, put back to its first state for every test.
const opened = new Map<NetworkSpec, NetworkProgram>();
afterAll(() => opened.forEach((program) => program.dispose()));
function open(spec: NetworkSpec): NetworkProgram {
  const initial = initialParameters(spec, 1);
  const program = opened.get(spec) ?? openCompiledProgram(spec, initial);
  opened.set(spec, program);
  const zeros: ParameterSet = new Map(
    [...initial].map(([name, value]) => [name, { ...value, values: new Float32Array(value.values.length) }]),
  );
  program.setParameters(initial);
  program.setOptimizerState({ step: 0, slots: new Map(program.slots.map((slot) => [slot, zeros])) });
  return program;
}
const step: TrainStepOptions = { learningRate: 0.01, seed: 1 };
const valuesOf = (set: ParameterSet) => [...set.values()].map(({ values }) => values);

const stacks = {
  forward: ctcNetwork(['forward', 'forward']),
  bidirectional: ctcNetwork(['bidirectional', 'bidirectional']),
  mixed: ctcNetwork(['bidirectional', 'forward']),
};
const withDropout = ctcNetwork(['bidirectional', 'forward'], { dropout: 0.3 });
const names = Object.keys(stacks) as (keyof typeof stacks)[];

describe.each(names)('a %s stack', (name) => {
  const spec = stacks[name];
  const lengths = [9, 4, 1, 7];

  test('padding changes no logit, no loss and no gradient', async () => {
    const program = open(spec);
    const [exact, padded] = [makeBatch(spec, lengths, 9), makeBatch(spec, lengths, 14)];
    const rows = async (batch: LabelledBatch) => {
      const logits = await program.logits(batch);
      return lengths.flatMap((length, row) => rowOf(logits, batch.N, spec.head.classes, row, length));
    };
    expectClose(await rows(padded), await rows(exact), 1e-5);
    expectClose(await program.losses(padded), await program.losses(exact), 1e-5);
    const [a, b] = [await program.gradients(exact), await program.gradients(padded)];
    valuesOf(a.gradients).forEach((values, k) => expectClose(valuesOf(b.gradients)[k] ?? [], values, 1e-5));
  });

  test('a row alone gives what it gives in a batch', async () => {
    const program = open(spec);
    const batch = makeBatch(spec, lengths, 9);
    const together = await program.logits(batch);
    const alone = makeBatch(spec, lengths.slice(0, 1), 9);
    expectClose(await program.logits(alone), rowOf(together, 4, spec.head.classes, 0, 9), 1e-5);
    expectClose(await program.losses(alone), (await program.losses(batch)).subarray(0, 1), 1e-5);
  });

  test('a batch cut in two equals the whole batch', async () => {
    const program = open(spec);
    const four = makeBatch(spec, lengths, 9);
    // three rows cannot be halved; a fourth without weight can
    const weights = Float32Array.of(0.5, 0.3, 0.2, 0);
    const three = { ...makeBatch(spec, lengths.slice(0, 3), 9), rowWeights: weights.slice(0, 3) };
    const [a, b] = [await program.gradients({ ...four, rowWeights: weights }), await program.gradients(three)];
    expect(a.loss).toBeCloseTo(b.loss, 5);
    valuesOf(a.gradients).forEach((values, k) => expectClose(valuesOf(b.gradients)[k] ?? [], values, 1e-5));
  });

  test('gradients equal finite differences', async () => {
    const program = open(spec);
    const batch = makeBatch(spec, lengths, 9);
    const start = program.parameters();
    const { gradients } = await program.gradients(batch);
    for (const parameter of start.values()) {
      const gradient = gradients.get(parameter.name)?.values ?? new Float32Array();
      // along the gradient itself, so that the difference is well above rounding
      const length = Math.hypot(...gradient);
      const moved = async (distance: number) => {
        const values = parameter.values.map((value, k) => value + (distance * (gradient[k] ?? 0)) / length);
        program.setParameters(new Map(start).set(parameter.name, { ...parameter, values }));
        return (await program.gradients(batch)).loss;
      };
      const slope = ((await moved(0.02)) - (await moved(-0.02))) / 0.04;
      expect(Math.abs(slope - length) / length).toBeLessThan(0.01);
    }
    program.setParameters(start);
  });
});

describe('training', () => {
  test('learns to say what it is shown', async () => {
    const spec = withDropout;
    const program = open(spec);
    const batch = makeBatch(spec, [12, 9, 10, 6], 12);
    const before = await program.losses(batch);
    for (let k = 0; k < 300; k++) await program.trainStep(batch, { ...step, learningRate: 0.03, seed: k });
    const after = await program.losses(batch);
    before.forEach((loss, row) => expect(after[row]).toBeLessThan(loss / 4));
  });

  test('framewise labels are learned too', async () => {
    const spec: NetworkSpec = { ...ctcNetwork(['forward']), head: { kind: 'framewise', classes: 4 } };
    const program = open(spec);
    const batch = makeBatch(spec, [8, 5], 8);
    const before = await program.losses(batch);
    for (let k = 0; k < 100; k++) await program.trainStep(batch, { ...step, learningRate: 0.03 });
    const after = await program.losses(batch);
    before.forEach((loss, row) => expect(after[row]).toBeLessThan(loss / 4));
  });

  test('the loss is the weighted sum of the rows', async () => {
    const program = open(stacks.forward);
    const batch = { ...makeBatch(stacks.forward, [6, 5], 6), rowWeights: Float32Array.of(0.25, 2) };
    const [first = NaN, second = NaN] = await program.losses(batch);
    const { loss } = await program.trainStep(batch, step);
    expect(loss).toBeCloseTo(0.25 * first + 2 * second, 4);
  });

  test('an empty text is learned as silence', async () => {
    const program = open(stacks.bidirectional);
    const batch = { ...makeBatch(stacks.bidirectional, [8, 8], 8) };
    const silent = { ...batch, labels: [new Int32Array(0), Int32Array.of(1, 2)] };
    for (let k = 0; k < 60; k++) await program.trainStep(silent, { ...step, learningRate: 0.03 });
    expect((await program.losses(silent))[0]).toBeLessThan(0.5);
  });

  test('a step that is not finite is skipped and changes nothing', async () => {
    const program = open(stacks.forward);
    const batch = makeBatch(stacks.forward, [6, 5], 6);
    await program.trainStep(batch, step);
    const before = [program.parameters(), program.optimizerState()];
    const broken = { ...batch, features: batch.features.map((value, k) => (k === 0 ? NaN : value)) };
    expect(await program.trainStep(broken, step)).toMatchObject({ isSkipped: true });
    expect([program.parameters(), program.optimizerState()]).toEqual(before);
  });

  test('resuming in another session is bit-identical', async () => {
    const spec = withDropout;
    const batch = makeBatch(spec, [9, 7, 5, 3], 9);
    const program = open(spec);
    for (let k = 0; k < 3; k++) await program.trainStep(batch, { ...step, seed: k });
    const resumed = openCompiledProgram(spec, program.parameters());
    resumed.setOptimizerState(program.optimizerState());
    for (let k = 3; k < 6; k++) {
      const options = { ...step, seed: k };
      expect(await resumed.trainStep(batch, options)).toEqual(await program.trainStep(batch, options));
    }
    expect(resumed.parameters()).toEqual(program.parameters());
    expect(resumed.optimizerState()).toEqual(program.optimizerState());
    resumed.dispose();
  });

  test('training writes into no array that a caller gave or got', async () => {
    const spec = stacks.forward;
    const given = initialParameters(spec, 4);
    const program = open(spec);
    program.setParameters(given);
    const got = program.parameters();
    await program.trainStep(makeBatch(spec, [6, 5], 6), step);
    expect(given).toEqual(initialParameters(spec, 4));
    expect(got).toEqual(given);
    expect(program.parameters()).not.toEqual(given);
  });
});

describe('dropout', () => {
  const spec = withDropout;
  const batch = makeBatch(spec, [9, 7, 5, 3], 9);
  const lossWith = async (seed: number) => (await open(spec).trainStep(batch, { ...step, seed })).loss;

  test('the same seed draws the same masks', async () => expect(await lossWith(7)).toBe(await lossWith(7)));
  test('another seed draws others', async () => expect(await lossWith(7)).not.toBe(await lossWith(8)));
  test('there is none in losses and gradients', async () => {
    const program = open(spec);
    const losses = await program.losses(batch);
    const { loss } = await program.gradients(batch);
    expect(loss).toBeCloseTo(
      losses.reduce((sum, rowLoss) => sum + rowLoss / 4, 0),
      5,
    );
  });
});

test('the number of native tensors stays flat over many steps', async () => {
  const program = open(stacks.mixed);
  const batch = makeBatch(stacks.mixed, [6, 5], 6);
  const round = async () => {
    await program.trainStep(batch, step);
    await program.gradients(batch);
    await program.losses(batch);
    await program.logits(batch);
    program.optimizerState();
    return liveHandles();
  };
  const first = await round();
  for (let k = 0; k < 50; k++) expect(await round()).toBe(first);
});

test('what is still to be compiled is told in steps of the layers, where frames are stacked', async () => {
  const spec = { ...ctcNetwork(['forward']), stack: { frames: 3, step: 3 } };
  const program = open(spec);
  const labels = [Int32Array.of(0), Int32Array.of(1)];
  const batchOf = (T: number) => ({ ...makeBatch(spec, [T, T - 2], T), labels });
  expect(program.shapeToCompile(batchOf(41))).toEqual({ T: 16, N: 2 });
  await program.trainStep(batchOf(41), step);
  // 12 and 14 steps are compiled as 16, 17 steps as 20.
  expect(program.shapeToCompile(batchOf(36))).toBeNull();
  expect(program.shapeToCompile(batchOf(50))).toEqual({ T: 20, N: 2 });
});

test('compiled lengths cover every length and are never much too long', () => {
  const lengths = new Set<number>();
  for (let T = 16; T <= 6000; T++) {
    expect(compiledLength(T)).toBeGreaterThanOrEqual(T);
    expect(compiledLength(T)).toBeLessThanOrEqual(1.28 * T);
    lengths.add(compiledLength(T));
  }
  expect(lengths.size).toBe(27);
  expect(compiledLength(1)).toBe(16);
});
