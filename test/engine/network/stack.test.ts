// Stacked frames: a network that stacks them is a network without stack that reads the stacked frames.
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { networkSchema, type LayerSpec, type NetworkSpec } from '../../../app/contract/network';
import type { Rung } from '../../../app/contract/rung';
import { describeNetwork } from '../../../engine/network/describe';
import { initialParameters } from '../../../engine/network/initialise';
import { openProgram, openStream } from '../../../engine/network/open';
import { parameterCount } from '../../../engine/network/parameters';
import type { LabelledBatch, NetworkProgram, SequenceBatch } from '../../../engine/network/program';
import { labelsOfSteps, stepCount } from '../../../engine/network/stack';
import { expectClose, makeBatch, rowOf } from './fixtures';

const RUNGS = ['compiled', 'native', 'wasm'] as const;
const D = 3;
const LENGTHS = [11, 1, 4, 7];
const T = 11;
const layers = (direction: 'forward' | 'bidirectional'): LayerSpec[] => [
  { cell: 'lstm', units: 4, direction },
  { cell: 'gru', units: 3, direction },
];
const specOf = (
  stack: NetworkSpec['stack'],
  direction: 'forward' | 'bidirectional',
  kind: NetworkSpec['head']['kind'],
): NetworkSpec => ({
  inputSize: D,
  ...(stack && { stack }),
  layers: layers(direction),
  dropout: 0,
  head: { kind, classes: 4 },
});
const STACKS = [
  { frames: 2, step: 1 },
  { frames: 5, step: 2 },
  { frames: 2, step: 3 },
  { frames: 3, step: 3 },
  { frames: 1, step: 2 },
];

const opened: NetworkProgram[] = [];
afterAll(() => opened.forEach((program) => program.dispose()));
async function open(spec: NetworkSpec, rung: Rung): Promise<NetworkProgram> {
  const program = await openProgram(spec, initialParameters(spec, 1), rung);
  opened.push(program);
  return program;
}

/** The batch that a network without the stack reads: frames put side by side by the definition. */
function stackedBatch(spec: NetworkSpec, batch: LabelledBatch): LabelledBatch {
  const { frames, step } = spec.stack!;
  const { N } = batch;
  const steps = stepCount(spec, batch.T);
  const features = new Float32Array(steps * N * frames * D);
  for (let i = 0; i < steps; i++)
    for (let n = 0; n < N; n++)
      for (let j = 0; j < frames; j++) {
        const t = i * step - (frames - 1) + j;
        if (t < 0) continue;
        const at = (t * N + n) * D;
        features.set(batch.features.subarray(at, at + D), ((i * N + n) * frames + j) * D);
      }
  const lengths = batch.lengths.map((length) => Math.ceil(length / step));
  return { ...batch, features, T: steps, D: frames * D, lengths };
}
const stepped = (spec: NetworkSpec, batch: LabelledBatch): LabelledBatch =>
  spec.head.kind === 'framewise' ? { ...batch, labels: batch.labels.map((row) => labelsOfSteps(spec, row)) } : batch;
const rows = (spec: NetworkSpec, values: Float32Array, lengths: Int32Array): number[] =>
  [...lengths].flatMap((length, n) => rowOf(values, lengths.length, spec.head.classes, n, length));

const HEADS = ['framewise', 'lastStep'] as const;
describe.each(RUNGS)('on the %s rung', (rung) => {
  describe.each(STACKS.slice(0, 3).map((stack, index) => ({ ...stack, index })))(
    '$frames frames every $step',
    ({ index, ...stack }) => {
      // What is stacked does not know the head: where each is compiled, each stack is tried with one of them.
      const heads = rung === 'compiled' ? [HEADS[index % HEADS.length]!] : HEADS;
      test.each(heads)('computes what the layers make of the stacked frames: %s', async (kind) => {
        const spec = specOf(stack, 'bidirectional', kind);
        const plain = { ...specOf(undefined, 'bidirectional', kind), inputSize: stack.frames * D };
        const batch = stepped(spec, makeBatch(spec, LENGTHS, T));
        const direct = stackedBatch(spec, batch);
        // Its definition needs no compiling: that takes longest here.
        const [program, layersAlone] = [
          await open(spec, rung),
          await open(plain, rung === 'compiled' ? 'native' : rung),
        ];
        layersAlone.setParameters(program.parameters());
        const [logits, expected] = [await program.logits(batch), await layersAlone.logits(direct)];
        if (kind === 'framewise')
          expectClose(rows(spec, logits, direct.lengths), rows(spec, expected, direct.lengths), 1e-5);
        else expectClose(logits, expected, 1e-5);
        expectClose(await program.losses(batch), await layersAlone.losses(direct), 1e-5);
        const [own, other] = [await program.gradients(batch), await layersAlone.gradients(direct)];
        expect(own.loss).toBeCloseTo(other.loss, 5);
        for (const [name, { values }] of own.gradients) expectClose(values, other.gradients.get(name)!.values, 1e-5);
        // A frame's gradient is the sum over the steps that hear it.
        const input = new Float32Array(batch.features.length);
        for (let i = 0; i < direct.T; i++)
          for (let n = 0; n < batch.N; n++)
            for (let j = 0; j < stack.frames; j++)
              for (let d = 0; d < D; d++) {
                const t = i * stack.step - (stack.frames - 1) + j;
                if (t >= 0)
                  input[(t * batch.N + n) * D + d]! +=
                    other.inputGradient[((i * batch.N + n) * stack.frames + j) * D + d]!;
              }
        expectClose(own.inputGradient, input, 1e-5);
      });
    },
  );

  test('padding changes nothing, and a row is the same alone and in a batch', async () => {
    const spec = specOf({ frames: 4, step: 3 }, 'bidirectional', 'ctc');
    const program = await open(spec, rung);
    const batchOf = (lengths: readonly number[], padded: number): LabelledBatch => ({
      ...makeBatch(spec, lengths, padded),
      labels: lengths.map((length) => new Int32Array(Math.min(1, Math.floor(length / 6)))),
    });
    const [exact, padded] = [batchOf(LENGTHS, T), batchOf(LENGTHS, T + 5)];
    expectClose(await program.losses(padded), await program.losses(exact), 1e-5);
    const [short, long] = [await program.gradients(exact), await program.gradients(padded)];
    for (const [name, { values }] of short.gradients) expectClose(long.gradients.get(name)!.values, values, 1e-5);
    expectClose(await program.losses(batchOf([11], T)), (await program.losses(exact)).subarray(0, 1), 1e-5);
  });

  test('stacks what convolutions hand up', async () => {
    const spec: NetworkSpec = {
      ...specOf({ frames: 3, step: 2 }, 'forward', 'framewise'),
      front: { bands: 3, convolutions: [{ filters: 4, frames: 3, bands: 3, pool: 1 }] },
    };
    const [program, reference] = [await open(spec, rung), await open(spec, 'wasm')];
    const batch = stepped(spec, makeBatch(spec, LENGTHS, T));
    const [own, other] = [await program.gradients(batch), await reference.gradients(batch)];
    expect(own.loss).toBeCloseTo(other.loss, 5);
    for (const [name, { values }] of own.gradients) expectClose(values, other.gradients.get(name)!.values);
    const padded = stepped(spec, makeBatch(spec, LENGTHS, T + 4));
    expectClose(await program.losses(padded), await program.losses(batch), 1e-5);
  });
});

test.each(['native', 'wasm'] as const)(
  'a stream gives the whole sequence’s steps, in any pieces, on the %s rung',
  async (rung) => {
    for (const stack of STACKS) {
      const spec = specOf(stack, 'forward', 'framewise');
      const parameters = initialParameters(spec, 1);
      const batch: SequenceBatch = makeBatch(spec, [T], T);
      const program = await open(spec, 'wasm');
      const whole = await program.logits(batch);
      const stream = await openStream(spec, parameters, rung);
      await fc.assert(
        fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 6 }), async (sizes) => {
          stream.reset();
          let at = 0;
          const heard = [...sizes, T].flatMap((size) => {
            const to = Math.min(T, at + size);
            const logits = stream.push(batch.features.subarray(at * D, to * D));
            at = to;
            return [...logits];
          });
          expectClose(heard, whole);
        }),
        { numRuns: 8, seed: 1 },
      );
      stream.dispose();
    }
  },
);

test('a text is too long for the steps, not for the frames', async () => {
  const spec = specOf({ frames: 3, step: 3 }, 'forward', 'ctc');
  const program = await open(spec, 'wasm');
  const batch = { ...makeBatch(spec, [11], T), labels: [Int32Array.of(0, 1, 2, 0, 1)] };
  await expect(program.losses(batch)).rejects.toThrow('Row 0 of the batch has 4 frames');
  await expect(program.losses({ ...batch, labels: [Int32Array.of(0, 1, 2, 0)] })).resolves.toHaveLength(1);
});

test('is described as what it hands to the first layer, at no weights of its own', () => {
  const spec = specOf({ frames: 4, step: 3 }, 'forward', 'ctc');
  const { layers: rowsOf, parameters } = describeNetwork(spec);
  expect(rowsOf[0]).toMatchObject({
    name: 'stack',
    kind: '4 frames every 3',
    inputs: D,
    outputs: 4 * D,
    parameters: 0,
  });
  expect(rowsOf[1]).toMatchObject({ name: 'layer0', inputs: 4 * D });
  expect(parameters).toBe(parameterCount(spec));
});

test('without a field it is not there, and out of bounds it is refused', () => {
  const spec = specOf(undefined, 'forward', 'ctc');
  expect(networkSchema.parse(spec)).toEqual(spec);
  expect(networkSchema.safeParse({ ...spec, stack: { frames: 0, step: 1 } }).error?.issues[0]?.path).toEqual([
    'stack',
    'frames',
  ]);
  expect(networkSchema.safeParse({ ...spec, stack: { frames: 1, step: 17 } }).error?.issues[0]?.path).toEqual([
    'stack',
    'step',
  ]);
});
