import { beforeAll, describe, expect, test } from 'vitest';
import type { NetworkSpec } from '../../../app/contract/network';
import { openCompiledProgram } from '../../../engine/network/compiled';
import { initialParameters } from '../../../engine/network/initialise';
import type { ParameterSet } from '../../../engine/network/parameters';
import { openPortableProgram } from '../../../engine/network/portable';
import { openPortableBackend } from '../../../engine/network/portableBackend';
import type { LabelledBatch, NetworkProgram, TrainStepOptions, TrainStepResult } from '../../../engine/network/program';
import { ctcNetwork, expectClose, makeBatch, rowOf } from './fixtures';

const step: TrainStepOptions = { learningRate: 0.01, seed: 1 };
const stacks = {
  forward: ctcNetwork(['forward', 'forward']),
  bidirectional: ctcNetwork(['bidirectional', 'bidirectional']),
  framewise: { ...ctcNetwork(['bidirectional']), head: { kind: 'framewise', classes: 5 } },
} satisfies Record<string, NetworkSpec>;
const LENGTHS = [9, 4, 1, 7];
const numbersOf = (steps: readonly TrainStepResult[]): number[] =>
  steps.flatMap(({ loss, gradientNorm, isSkipped }) => [loss, gradientNorm, Number(isSkipped)]);

const expectSameSet = (actual: ParameterSet, expected: ParameterSet, tolerance?: number): void => {
  expect([...actual.keys()]).toEqual([...expected.keys()]);
  for (const [name, { values }] of expected) expectClose(actual.get(name)!.values, values, tolerance);
};
/** One row without a text, one without weight. */
function batchFor(spec: NetworkSpec): LabelledBatch {
  const batch = makeBatch(spec, LENGTHS, 11);
  return { ...batch, rowWeights: Float32Array.of(0.5, 0.25, 0.25, 0) };
}
async function withProgram<R>(program: NetworkProgram, use: (program: NetworkProgram) => Promise<R>): Promise<R> {
  try {
    return await use(program);
  } finally {
    program.dispose();
  }
}
type StackName = keyof typeof stacks;
const stackNames = Object.keys(stacks) as StackName[];

/** What a program gives for a batch, and what five training steps make of it. */
async function outcomeOf(program: NetworkProgram, batch: LabelledBatch) {
  const logits = await program.logits(batch);
  const losses = await program.losses(batch);
  const gradients = await program.gradients(batch);
  const steps: TrainStepResult[] = [];
  for (let k = 0; k < 5; k++) steps.push(await program.trainStep(batch, step));
  return { logits, losses, gradients, steps, parameters: program.parameters(), optimizer: program.optimizerState() };
}
type Outcome = Awaited<ReturnType<typeof outcomeOf>>;
const expectedOutcomes = new Map<StackName, Outcome>();
const compiled = (name: StackName): Outcome => expectedOutcomes.get(name)!;
// The compiled rung compiles each shape first.
beforeAll(async () => {
  for (const name of stackNames) {
    const program = openCompiledProgram(stacks[name], initialParameters(stacks[name], 1));
    expectedOutcomes.set(name, await withProgram(program, (opened) => outcomeOf(opened, batchFor(stacks[name]))));
  }
}, 60_000);

describe.each(['native', 'wasm'] as const)('the %s rung', (rung) => {
  const portable = async <R>(spec: NetworkSpec, use: (program: NetworkProgram) => Promise<R>): Promise<R> =>
    withProgram(await openPortableProgram(spec, initialParameters(spec, 1), rung), use);

  describe.each(stackNames)('on a %s stack', (name) => {
    const spec = stacks[name];
    const batch = batchFor(spec);
    const outcome = portable(spec, (program) => outcomeOf(program, batch));

    test('gives the compiled rung’s logits', async () => {
      const { logits } = await outcome;
      LENGTHS.forEach((length, row) => {
        const rowFrom = (values: Float32Array) => rowOf(values, batch.N, spec.head.classes, row, length);
        expectClose(rowFrom(logits), rowFrom(compiled(name).logits));
      });
    });

    test('gives its losses', async () => expectClose((await outcome).losses, compiled(name).losses));

    test('gives its gradients', async () => {
      const { gradients } = await outcome;
      expect(gradients.loss).toBeCloseTo(compiled(name).gradients.loss, 4);
      expectSameSet(gradients.gradients, compiled(name).gradients.gradients);
      expectClose(gradients.inputGradient, compiled(name).gradients.inputGradient);
    });

    test('takes its training steps', async () => {
      const { steps, parameters, optimizer } = await outcome;
      const expected = compiled(name);
      expectClose(numbersOf(steps), numbersOf(expected.steps), 1e-3);
      expectSameSet(parameters, expected.parameters, 2e-4);
      expect(optimizer.step).toBe(5);
      for (const [slot, values] of expected.optimizer.slots) expectSameSet(optimizer.slots.get(slot)!, values);
    });
  });

  test('is not changed by padding', async () => {
    const spec = stacks.bidirectional;
    await portable(spec, async (program) => {
      const [exact, padded] = [makeBatch(spec, LENGTHS, 9), makeBatch(spec, LENGTHS, 15)];
      expectClose(await program.losses(padded), await program.losses(exact), 1e-6);
      const [a, b] = [await program.gradients(exact), await program.gradients(padded)];
      expectSameSet(b.gradients, a.gradients, 1e-6);
    });
  });

  test('learns an empty text as silence', async () => {
    const spec = stacks.forward;
    const batch = { ...makeBatch(spec, [8, 8], 8), labels: [new Int32Array(0), Int32Array.of(1, 2)] };
    await portable(spec, async (program) => {
      for (let k = 0; k < 60; k++) await program.trainStep(batch, { ...step, learningRate: 0.03 });
      expect((await program.losses(batch))[0]).toBeLessThan(0.5);
    });
  });

  test('names a text that is too long for its frames', async () => {
    const batch = { ...makeBatch(stacks.forward, [3, 8], 8), labels: [Int32Array.of(1, 1, 1), Int32Array.of(2)] };
    await portable(stacks.forward, async (program) => {
      await expect(program.trainStep(batch, step)).rejects.toMatchObject({
        code: 'batch.labelTooLong',
        params: { row: 0, frames: 3, required: 5 },
      });
    });
  });

  test('skips a step that is not finite and changes nothing', async () => {
    const batch = makeBatch(stacks.forward, [6, 5], 6);
    await portable(stacks.forward, async (program) => {
      await program.trainStep(batch, step);
      const before = [program.parameters(), program.optimizerState()];
      const broken = { ...batch, features: batch.features.map((value, k) => (k === 0 ? NaN : value)) };
      expect(await program.trainStep(broken, step)).toMatchObject({ isSkipped: true });
      expect([program.parameters(), program.optimizerState()]).toEqual(before);
    });
  });

  test('resumes bit-identically', async () => {
    const spec = ctcNetwork(['bidirectional', 'forward'], { dropout: 0.3 });
    const batch = makeBatch(spec, [9, 7, 5, 3], 9);
    await portable(spec, async (program) => {
      await program.trainStep(batch, step);
      await portable(spec, async (resumed) => {
        resumed.setParameters(program.parameters());
        resumed.setOptimizerState(program.optimizerState());
        expect(await resumed.trainStep(batch, step)).toEqual(await program.trainStep(batch, step));
        expect(resumed.parameters()).toEqual(program.parameters());
      });
    });
  });

  test('drops the same values for the same seed, others for another, none outside training', async () => {
    const spec = ctcNetwork(['forward', 'bidirectional'], { dropout: 0.5 });
    const batch = makeBatch(spec, [9, 7], 9);
    const lossWith = (seed: number): Promise<number> =>
      portable(spec, async (program) => (await program.trainStep(batch, { ...step, seed })).loss);
    expect(await lossWith(7)).toBe(await lossWith(7));
    expect(await lossWith(7)).not.toBe(await lossWith(8));
    await portable(spec, async (program) => {
      const [first, second] = await program.losses(batch);
      expect((await program.gradients(batch)).loss).toBeCloseTo((first! + second!) / 2, 5);
      expect(await program.losses(batch)).toEqual(Float32Array.of(first!, second!));
    });
  });

  test('writes into no array that a caller gave or got', async () => {
    const given = initialParameters(stacks.forward, 4);
    await withProgram(await openPortableProgram(stacks.forward, given, rung), async (program) => {
      const got = program.parameters();
      await program.trainStep(makeBatch(stacks.forward, [6, 5], 6), step);
      expect(given).toEqual(initialParameters(stacks.forward, 4));
      expect(got).toEqual(given);
      expect(program.parameters()).not.toEqual(given);
    });
  });

  test('keeps the number of tensors flat', async () => {
    const spec = ctcNetwork(['bidirectional', 'forward'], { dropout: 0.2 });
    const batch = makeBatch(spec, [6, 5], 8);
    const backend = await openPortableBackend(rung);
    await portable(spec, async (program) => {
      const counts: number[] = [];
      for (let k = 0; k < 10; k++) {
        await program.trainStep(batch, step);
        await program.gradients(batch);
        await program.losses(batch);
        counts.push(backend.tidy((tf) => tf.memory().numTensors));
      }
      expect(new Set(counts).size).toBe(1);
    });
  });
});
