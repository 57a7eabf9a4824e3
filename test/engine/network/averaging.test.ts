import { describe, expect, test } from 'vitest';
import { initialParameters } from '../../../engine/network/initialise';
import { openProgram } from '../../../engine/network/open';
import type { ParameterSet } from '../../../engine/network/parameters';
import type { NetworkProgram, TrainStepOptions } from '../../../engine/network/program';
import { USUAL_TRAINING } from '../../../engine/training/trainingRule';
import { ctcNetwork, expectClose, makeBatch } from './fixtures';

const spec = ctcNetwork(['forward']);
const batch = makeBatch(spec, [9, 6], 9);
const step: TrainStepOptions = { learningRate: 0.05, seed: 1 };
const DECAY = 0.3;
const initial = initialParameters(spec, 1);
const numbers = (set: ParameterSet): number[] => [...set.values()].flatMap(({ values }) => [...values]);

describe.each(['compiled', 'native', 'wasm'] as const)('averaged weights on the %s rung', (rung) => {
  const withProgram = async (
    averageDecay: number,
    use: (program: NetworkProgram) => Promise<void>,
    parameters = initial,
  ): Promise<void> => {
    const program = await openProgram(spec, parameters, rung, { ...USUAL_TRAINING, averageDecay });
    try {
      await use(program);
    } finally {
      program.dispose();
    }
  };

  test('follow every update, faster at the start', () =>
    withProgram(DECAY, async (program) => {
      let expected = numbers(initial);
      for (let t = 1; t <= 6; t++) {
        await program.trainStep(batch, step);
        const decay = Math.min(DECAY, (1 + t) / (10 + t));
        const values = numbers(program.parameters());
        expected = expected.map((average, i) => decay * average + (1 - decay) * values[i]!);
        expectClose(numbers(program.recognitionParameters()), expected, 1e-6);
      }
      expect(numbers(program.recognitionParameters())).not.toEqual(numbers(program.parameters()));
    }));

  test('are what is recognised and validated with', () =>
    withProgram(DECAY, async (program) => {
      for (let t = 0; t < 4; t++) await program.trainStep(batch, step);
      await withProgram(
        0,
        async (averaged) => {
          expect(await program.logits(batch)).toEqual(await averaged.logits(batch));
          expect(await program.losses(batch)).toEqual(await averaged.losses(batch));
        },
        program.recognitionParameters(),
      );
    }));

  test('change nothing about training', () =>
    withProgram(DECAY, async (program) => {
      await withProgram(0, async (plain) => {
        for (let t = 0; t < 3; t++)
          expect(await program.trainStep(batch, step)).toEqual(await plain.trainStep(batch, step));
        expect(program.parameters()).toEqual(plain.parameters());
        expect(plain.recognitionParameters()).toEqual(plain.parameters());
      });
    }));

  test('stand still in a step that is not finite', () =>
    withProgram(DECAY, async (program) => {
      await program.trainStep(batch, step);
      const before = program.recognitionParameters();
      const broken = { ...batch, features: batch.features.map((value, k) => (k === 0 ? NaN : value)) };
      expect(await program.trainStep(broken, step)).toMatchObject({ isSkipped: true });
      expect(program.recognitionParameters()).toEqual(before);
    }));

  test('go on bit by bit where a state was saved', () =>
    withProgram(DECAY, async (program) => {
      await program.trainStep(batch, step);
      await withProgram(DECAY, async (resumed) => {
        resumed.setParameters(program.parameters());
        resumed.setOptimizerState(program.optimizerState());
        await program.trainStep(batch, step);
        await resumed.trainStep(batch, step);
        expect(resumed.recognitionParameters()).toEqual(program.recognitionParameters());
      });
    }));
});
