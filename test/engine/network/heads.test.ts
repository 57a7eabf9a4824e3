// Heads that answer once for a sequence, and what is added to a loss, on every rung.
import { afterAll, describe, expect, test } from 'vitest';
import type { HeadSpec, LayerSpec, NetworkSpec } from '../../../app/contract/network';
import type { Rung } from '../../../app/contract/rung';
import { initialParameters } from '../../../engine/network/initialise';
import { openProgram, openStream } from '../../../engine/network/open';
import type { NetworkProgram } from '../../../engine/network/program';
import { PLAIN_LOSS, USUAL_TRAINING, type LossSettings } from '../../../engine/training/trainingRule';
import { ctcNetwork, expectClose, makeBatch, rowOf } from './fixtures';

const CLASSES = 5;
const LENGTHS = [9, 4, 1, 7];
const networkWith = (kind: HeadSpec['kind'], directions: readonly ('forward' | 'bidirectional')[]): NetworkSpec => ({
  ...ctcNetwork(directions),
  head: { kind, classes: CLASSES },
});
const numbers = ({ gradients }: Awaited<ReturnType<NetworkProgram['gradients']>>): number[] =>
  [...gradients.values()].flatMap(({ values }) => [...values]);

const opened: NetworkProgram[] = [];
afterAll(() => opened.forEach((program) => program.dispose()));
async function open(spec: NetworkSpec, rung: Rung, loss: LossSettings = PLAIN_LOSS) {
  const program = await openProgram(spec, initialParameters(spec, 1), rung, { ...USUAL_TRAINING, loss });
  opened.push(program);
  return program;
}

/** Where a reading ends matters to the last step alone. */
const cases = [
  { kind: 'lastStep', direction: 'forward' },
  { kind: 'lastStep', direction: 'bidirectional' },
  { kind: 'meanPool', direction: 'bidirectional' },
  { kind: 'maxPool', direction: 'bidirectional' },
] as const;
describe.each(cases)('a $kind head on a $direction layer', ({ kind, direction }) => {
  const spec = networkWith(kind, ['forward', direction]);
  const exact = makeBatch(spec, LENGTHS, 9);
  const expected = open(spec, 'compiled').then(async (program) => ({
    program,
    logits: await program.logits(exact),
    losses: await program.losses(exact),
    gradients: await program.gradients(exact),
  }));

  test('answers once for each sequence, whatever the padding', async () => {
    const { program, logits, losses, gradients } = await expected;
    expect(logits).toHaveLength(LENGTHS.length * CLASSES);
    const padded = makeBatch(spec, LENGTHS, 14);
    expectClose(await program.logits(padded), logits, 1e-5);
    expectClose(await program.losses(padded), losses, 1e-5);
    expectClose(numbers(await program.gradients(padded)), numbers(gradients), 1e-5);
  });

  test('gives the same alone and in a batch', async () => {
    const { program, logits } = await expected;
    const alone = makeBatch(spec, LENGTHS.slice(0, 1), 9);
    expectClose(await program.logits(alone), logits.subarray(0, CLASSES), 1e-5);
  });

  test.each(['native', 'wasm'] as const)('gives the same on the %s rung', async (rung) => {
    const { logits, losses, gradients } = await expected;
    const program = await open(spec, rung);
    const padded = makeBatch(spec, LENGTHS, 12);
    expectClose(await program.logits(padded), logits);
    expectClose(await program.losses(padded), losses);
    expectClose(numbers(await program.gradients(padded)), numbers(gradients));
  });

  test('has the gradients that finite differences find', async () => {
    const { program, gradients } = await expected;
    const start = program.parameters();
    for (const parameter of start.values()) {
      const gradient = gradients.gradients.get(parameter.name)!.values;
      const length = Math.hypot(...gradient);
      const lossAt = async (distance: number): Promise<number> => {
        const values = parameter.values.map((value, k) => value + (distance * gradient[k]!) / length);
        program.setParameters(new Map(start).set(parameter.name, { ...parameter, values }));
        return (await program.gradients(exact)).loss;
      };
      // So short that no other step becomes the largest.
      const slope = ((await lossAt(0.002)) - (await lossAt(-0.002))) / 0.004;
      expect(Math.abs(slope - length) / length).toBeLessThan(0.02);
    }
    program.setParameters(start);
  });

  test('learns', async () => {
    const program = await open(spec, 'wasm');
    const before = await program.losses(exact);
    for (let k = 0; k < 60; k++) await program.trainStep(exact, { learningRate: 0.03, seed: k });
    const after = await program.losses(exact);
    before.forEach((loss, row) => expect(after[row]).toBeLessThan(loss / 2));
  });

  test('takes one label for a sequence and no stream', async () => {
    const { program } = await expected;
    const wrong = { ...exact, labels: exact.labels.map(() => Int32Array.of(1, 2)) };
    await expect(program.losses(wrong)).rejects.toThrow('Expected one label in row 0, but got 2');
    await expect(openStream(spec, program.parameters(), 'wasm')).rejects.toThrow(`but got ${kind}`);
  });
});

describe.each([
  ['lastStep', 'the last frame’s', (row: number[][]) => row.at(-1)!],
  [
    'meanPool',
    'the mean over the frames of the',
    (row: number[][]) => row[0]!.map((_, k) => row.reduce((sum, frame) => sum + frame[k]!, 0) / row.length),
  ],
] as const)('a %s head', (kind, name, answerOf) => {
  test(`gives ${name} logits of a framewise head with the same parameters`, async () => {
    const spec = networkWith(kind, ['forward']);
    const batch = makeBatch(spec, LENGTHS, 9);
    const logits = await (await open(spec, 'wasm')).logits(batch);
    const framewise = await (await open(networkWith('framewise', ['forward']), 'wasm')).logits(batch);
    LENGTHS.forEach((length, row) => {
      const values = rowOf(framewise, LENGTHS.length, CLASSES, row, length);
      const frames = Array.from({ length }, (_, t) => values.slice(t * CLASSES, (t + 1) * CLASSES));
      expectClose(logits.subarray(row * CLASSES, (row + 1) * CLASSES), answerOf(frames), 1e-5);
    });
  });
});

test('a lastStep head over both readings takes each where it ends', async () => {
  // The reverse reading ends at the first frame: to change it must change the answer, as the last frame does.
  const spec = networkWith('lastStep', ['bidirectional']);
  const program = await open(spec, 'wasm');
  const batch = makeBatch(spec, [6], 6);
  const zeroed = program.parameters();
  const weights = zeroed.get('head.weights')!;
  const half = weights.values.length / 2;
  const onlyReverse = new Map(zeroed).set('head.weights', {
    ...weights,
    values: weights.values.map((value, k) => (k < half ? 0 : value)),
  });
  program.setParameters(onlyReverse);
  const before = await program.logits(batch);
  const D = spec.inputSize;
  const changed = { ...batch, features: batch.features.map((value, k) => (k < 5 * D ? value : value + 1)) };
  const after = await program.logits(changed);
  expect(Math.max(...after.map((value, k) => Math.abs(value - before[k]!)))).toBeGreaterThan(1e-4);
});

test.each(['compiled', 'native', 'wasm'] as const)(
  'a lastStep head over two readings that are added up adds their last steps, on the %s rung',
  async (rung) => {
    const beside = networkWith('lastStep', ['forward', 'bidirectional']);
    const added: NetworkSpec = {
      ...beside,
      layers: [beside.layers[0]!, { ...beside.layers[1]!, merge: 'sum' } as LayerSpec],
    };
    const [sum, both] = [await open(added, rung), await open(beside, rung)];
    const weights = sum.parameters().get('head.weights')!;
    const twice = {
      ...weights,
      shape: [2 * weights.shape[0]!, CLASSES],
      values: Float32Array.of(...weights.values, ...weights.values),
    };
    both.setParameters(new Map(sum.parameters()).set('head.weights', twice));
    const batch = makeBatch(added, LENGTHS, 11);
    expectClose(await sum.logits(batch), await both.logits(batch), 1e-5);
    const [actual, expected] = [await sum.gradients(batch), await both.gradients(batch)];
    expect(actual.loss).toBeCloseTo(expected.loss, 5);
    expectClose(actual.inputGradient, expected.inputGradient, 1e-5);
    for (const [name, { values }] of actual.gradients) {
      const other = expected.gradients.get(name)!.values;
      const whole = name === 'head.weights' ? values.map((_, k) => other[k]! + other[k + values.length]!) : other;
      expectClose(values, whole, 1e-5);
    }
    expect((await sum.trainStep(batch, { learningRate: 0.01, seed: 1 })).isSkipped).toBe(false);
  },
);

describe.each<readonly [HeadSpec['kind'], LossSettings]>([
  ['ctc', { labelSmoothing: 0.1, classWeights: null }],
  ['framewise', { labelSmoothing: 0.1, classWeights: [1, 2, 0.5, 1, 3] }],
  ['maxPool', { labelSmoothing: 0.1, classWeights: [1, 2, 0.5, 1, 3] }],
])('%s with smoothing and class weights', (kind, loss) => {
  const spec = networkWith(kind, ['forward']);
  const batch = makeBatch(spec, LENGTHS, 11);

  test('trains all rungs alike and leaves the plain losses as they are', async () => {
    const compiled = await open(spec, 'compiled', loss);
    const wasm = await open(spec, 'wasm', loss);
    const plain = await open(spec, 'wasm');
    const [a, b] = [await compiled.gradients(batch), await wasm.gradients(batch)];
    expect(b.loss).toBeCloseTo(a.loss, 4);
    expect(b.loss).not.toBeCloseTo((await plain.gradients(batch)).loss, 2);
    expectClose(numbers(b), numbers(a));
    expectClose(await compiled.losses(batch), await plain.losses(batch));
    expectClose(await wasm.losses(batch), await plain.losses(batch), 1e-6);
  });
});

test.each([
  ['ctc', { labelSmoothing: 0, classWeights: [1, 1, 1, 1, 1] }, 'CTC has no class for a frame'],
  ['framewise', { labelSmoothing: 0, classWeights: [1, 1] }, 'Expected 5 class weights'],
  ['framewise', { labelSmoothing: 1, classWeights: null }, 'Expected label smoothing'],
] as const)('%s takes no loss that does not suit it: %j', async (kind, loss, message) => {
  await expect(open(networkWith(kind, ['forward']), 'wasm', loss)).rejects.toThrow(message);
  await expect(open(networkWith(kind, ['forward']), 'compiled', loss)).rejects.toThrow(message);
});
