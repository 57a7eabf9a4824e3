import { afterAll, describe, expect, test } from 'vitest';
import type { LayerSpec, NetworkSpec } from '../../../app/contract/network';
import type { Rung } from '../../../app/contract/rung';
import { statesOf, type CarriedStates } from '../../../engine/network/carriedStates';
import { initialParameters } from '../../../engine/network/initialise';
import { openProgram } from '../../../engine/network/open';
import type { ParameterSet } from '../../../engine/network/parameters';
import type { LabelledBatch, NetworkProgram, TrainStepResult } from '../../../engine/network/program';
import { USUAL_TRAINING, type TrainingRule } from '../../../engine/training/trainingRule';
import { trainTruncated } from '../../../engine/training/truncated';
import { expectClose, makeBatch } from '../network/fixtures';

const T = 12;
/** Of parts of four steps: the last part's end, within the first, a part's end, within the last. */
const LENGTHS = [12, 3, 8, 10];
const specOf = (...layers: LayerSpec[]): NetworkSpec => ({
  inputSize: 5,
  layers,
  dropout: 0,
  head: { kind: 'framewise', classes: 4 },
});
const direction = 'forward';
const stacks = {
  'LSTM and GRU': specOf({ cell: 'lstm', units: 6, direction }, { cell: 'gru', units: 4, direction }),
  'Elman with a learned first state': specOf({ cell: 'elman', units: 6, direction, initialState: 'learned' }),
  'feed-forward and Clockwork': specOf(
    { cell: 'feedForward', units: 5, activation: 'tanh' },
    { cell: 'clockwork', units: 6, direction, periods: [1, 2, 4] },
  ),
};
type StackName = keyof typeof stacks;
const inParts: TrainingRule = { ...USUAL_TRAINING, isInParts: true };
/** The step is the gradient itself. */
const bareGradient: TrainingRule = {
  ...inParts,
  optimizer: { kind: 'sgd', momentum: 0 },
  clipping: { kind: 'none' },
};
const optionsOf = (part: number) => ({ learningRate: 0.02, seed: part });
const still = () => ({ learningRate: 0, seed: 0 });

// Compiling takes most of the time: one program for each network and rule, put back to its first state for every test.
const opened = new Map<string, NetworkProgram>();
afterAll(() => opened.forEach((program) => program.dispose()));
/** @param copy to have several at once */
async function open(spec: NetworkSpec, rung: Rung, rule: TrainingRule, copy = 0): Promise<NetworkProgram> {
  const key = JSON.stringify([spec, rung, rule, copy]);
  const initial = initialParameters(spec, 1);
  const program = opened.get(key) ?? (await openProgram(spec, initial, rung, rule));
  opened.set(key, program);
  const zeros: ParameterSet = new Map(
    [...initial].map(([name, value]) => [name, { ...value, values: new Float32Array(value.values.length) }]),
  );
  program.setParameters(initial);
  program.setOptimizerState({ step: 0, slots: new Map(program.slots.map((slot) => [slot, zeros])) });
  return program;
}
const numbers = (set: ParameterSet): number[] => [...set.values()].flatMap(({ values }) => [...values]);
const stateNumbers = (states: CarriedStates | null): number[] => [...states!.values()].flatMap((values) => [...values]);
const total = (parts: readonly TrainStepResult[]): number => parts.reduce((sum, { loss }) => sum + loss, 0);

describe.each(['compiled', 'native', 'wasm'] as const)('on the %s rung', (rung) => {
  describe.each(Object.keys(stacks) as StackName[])('%s', (name) => {
    const spec = stacks[name];
    const batch = makeBatch(spec, LENGTHS, T);

    test('parts longer than the sequences are whole training steps', async () => {
      const [program, whole] = [await open(spec, rung, inParts), await open(spec, rung, USUAL_TRAINING)];
      for (let k = 0; k < 2; k++) {
        const expected = await whole.trainStep(batch, optionsOf(0));
        const { parts } = await trainTruncated(program, spec, batch, { steps: 16, optionsOf, before: null });
        expect(parts).toHaveLength(1);
        expect(parts[0]!.loss).toBeCloseTo(expected.loss, 5);
        expect(parts[0]!.gradientNorm).toBeCloseTo(expected.gradientNorm, 5);
      }
      expectClose(numbers(program.parameters()), numbers(whole.parameters()), 1e-5);
    });

    test('the state is carried over: parts lose together what the whole loses', async () => {
      const program = await open(spec, rung, inParts);
      const pass = async (steps: number) =>
        trainTruncated(program, spec, batch, { steps, optionsOf: still, before: null });
      const [whole, cut] = [await pass(12), await pass(4)];
      expect(cut.parts).toHaveLength(3);
      expect(total(cut.parts)).toBeCloseTo(total(whole.parts), 5);
      expectClose(stateNumbers(cut.after), stateNumbers(whole.after), 1e-6);
    });

    test('a later part goes on where an earlier call ended', async () => {
      const full = makeBatch(spec, [12, 12], T);
      const stretch = (start: number, end: number): LabelledBatch => ({
        ...full,
        T: end - start,
        features: full.features.subarray(start * 2 * full.D, end * 2 * full.D),
        lengths: new Int32Array(2).fill(end - start),
        labels: full.labels.map((row) => row.subarray(start, end)),
      });
      const [together, apart] = [await open(spec, rung, inParts), await open(spec, rung, inParts, 1)];
      await trainTruncated(together, spec, full, { steps: 4, optionsOf, before: null });
      const first = await trainTruncated(apart, spec, stretch(0, 8), { steps: 4, optionsOf, before: null });
      await trainTruncated(apart, spec, stretch(8, 12), {
        steps: 4,
        optionsOf: (k) => optionsOf(k + 2),
        before: first.after,
      });
      expect(numbers(apart.parameters())).toEqual(numbers(together.parameters()));
    });

    test('no gradient flows back into the state: a part’s gradient is that of the part alone', async () => {
      const program = await open(spec, rung, bareGradient);
      const full = makeBatch(spec, [4, 4], 4);
      const before = (await program.trainPart(full, still(), null)).after;
      const next = makeBatch(spec, [4, 4], 4, 2);
      const start = program.parameters();
      await program.trainPart(next, { learningRate: 1, seed: 0 }, before);
      const moved = program.parameters();
      for (const parameter of start.values()) {
        const after = moved.get(parameter.name)!.values;
        const gradient = parameter.values.map((value, k) => value - after[k]!);
        const length = Math.hypot(...gradient);
        if (parameter.name.includes('.initial')) {
          expect(length).toBe(0);
          continue;
        }
        const lossAt = async (distance: number): Promise<number> => {
          const values = parameter.values.map((value, k) => value + (distance * gradient[k]!) / length);
          program.setParameters(new Map(start).set(parameter.name, { ...parameter, values }));
          return (await program.trainPart(next, still(), before)).loss;
        };
        const slope = ((await lossAt(0.02)) - (await lossAt(-0.02))) / 0.04;
        expect(Math.abs(slope - length) / length).toBeLessThan(0.01);
      }
    });
  });

  test('rows that have ended keep their state and take no part in what follows', async () => {
    const spec = stacks['LSTM and GRU'];
    const batch = makeBatch(spec, LENGTHS, T);
    const program = await open(spec, rung, inParts);
    const { after } = await trainTruncated(program, spec, batch, { steps: 4, optionsOf: still, before: null });
    const alone = await trainTruncated(program, spec, makeBatch(spec, LENGTHS.slice(0, 2), T), {
      steps: 12,
      optionsOf: still,
      before: null,
    });
    for (const { key, size } of statesOf(spec))
      expectClose(after!.get(key)!.subarray(size, 2 * size), alone.after!.get(key)!.subarray(size), 1e-6);
  });

  test('a part may be a single step', async () => {
    const spec = stacks['LSTM and GRU'];
    const batch = makeBatch(spec, [3, 2], 3);
    const program = await open(spec, rung, inParts);
    const pass = async (steps: number) =>
      trainTruncated(program, spec, batch, { steps, optionsOf: still, before: null });
    expect(total((await pass(1)).parts)).toBeCloseTo(total((await pass(3)).parts), 5);
  });

  test('after a part that is skipped the next starts from the state before it', async () => {
    const spec = stacks['LSTM and GRU'];
    const batch = makeBatch(spec, [12, 12], T);
    const rowSize = 2 * spec.inputSize;
    const broken = {
      ...batch,
      features: batch.features.map((v, k) => (Math.floor(k / (4 * rowSize)) === 1 ? NaN : v)),
    };
    const program = await open(spec, rung, inParts);
    const { parts, after } = await trainTruncated(program, spec, broken, { steps: 4, optionsOf, before: null });
    expect(parts.map(({ isSkipped }) => isSkipped)).toEqual([false, true, false]);
    expect(stateNumbers(after).every(Number.isFinite)).toBe(true);
  });
});

test.each(['native', 'wasm'] as const)('the %s rung trains in parts as the compiled one', async (rung) => {
  for (const spec of Object.values(stacks)) {
    const batch = makeBatch(spec, LENGTHS, T);
    const [compiled, portable] = [await open(spec, 'compiled', inParts), await open(spec, rung, inParts)];
    const pass = (program: NetworkProgram) =>
      trainTruncated(program, spec, batch, { steps: 4, optionsOf, before: null });
    const [expected, actual] = [await pass(compiled), await pass(portable)];
    expectClose(stateNumbers(actual.after), stateNumbers(expected.after));
    expectClose(numbers(portable.parameters()), numbers(compiled.parameters()), 2e-4);
  }
});

describe('training in parts is refused', () => {
  const lstm = stacks['LSTM and GRU'];
  test.each([
    ['where a layer reads backward', specOf({ cell: 'lstm', units: 3, direction: 'bidirectional' }), 'forward layers'],
    ['where the loss needs the whole', { ...lstm, head: { kind: 'ctc', classes: 4 } } as const, 'framewise head'],
  ])('%s', async (_, spec, message) => {
    await expect(open(spec, 'wasm', inParts)).rejects.toThrow(message);
    await expect(open(spec, 'compiled', inParts)).rejects.toThrow(message);
  });
  test('by a program that was not opened for it', async () => {
    const program = await open(lstm, 'wasm', USUAL_TRAINING);
    await expect(program.trainPart(makeBatch(lstm, [4], 4), still(), null)).rejects.toThrow('rule for parts');
  });
  test('where parts would put a clock out of step', async () => {
    const spec = stacks['feed-forward and Clockwork'];
    const program = await open(spec, 'wasm', inParts);
    const batch = makeBatch(spec, LENGTHS, T);
    await expect(trainTruncated(program, spec, batch, { steps: 6, optionsOf, before: null })).rejects.toThrow(
      'multiple of the periods',
    );
  });
  test('with states of other rows', async () => {
    const program = await open(lstm, 'wasm', inParts);
    const { after } = await program.trainPart(makeBatch(lstm, [4, 4], 4), still(), null);
    await expect(program.trainPart(makeBatch(lstm, [4], 4), still(), after)).rejects.toThrow('of the state layer0');
  });
});
