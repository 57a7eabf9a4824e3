import { afterAll, describe, expect, test } from 'vitest';
import { networkSchema, type HeadSpec, type NetworkSpec } from '../../../app/contract/network';
import type { Rung } from '../../../app/contract/rung';
import { slotCount } from '../../../app/contract/textInput';
import { embed, EMBEDDING_WEIGHTS } from '../../../engine/network/embedding';
import { initialParameters } from '../../../engine/network/initialise';
import { openProgram, openStream } from '../../../engine/network/open';
import type { LabelledBatch, NetworkProgram } from '../../../engine/network/program';
import { letterNGramsFrom, oneOfNFrom } from '../../../engine/text/buildEncoding';
import { TextEncoder } from '../../../engine/text/textEncoder';
import { expectClose, rowOf } from './fixtures';

const TEXTS = ['the old man walks', 'a cat', 'walking men', 'the cat walked to a man'];
const SIZE = 4;
const CLASSES = 3;
const encodings = {
  'words, 1-of-N': oneOfNFrom(TEXTS.slice(0, 3), 'word', { maxKnown: 5, minCount: 1 }),
  'letter trigrams': letterNGramsFrom(TEXTS.slice(0, 3), { n: 3, maxPerWord: 8 }, { maxKnown: 20, minCount: 1 }),
};
type EncodingName = keyof typeof encodings;
const specFor = (name: EncodingName, kind: HeadSpec['kind'] = 'meanPool'): NetworkSpec => ({
  inputSize: slotCount(encodings[name]),
  text: encodings[name],
  embedding: { size: SIZE },
  layers: [{ cell: 'lstm', units: 5, direction: 'forward' }],
  dropout: 0,
  head: { kind, classes: CLASSES },
});

/** @param padding frames after the longest text, of values that must not matter */
function batchOf(name: EncodingName, padding = 0): LabelledBatch {
  const encoder = new TextEncoder(encodings[name]);
  const rows = TEXTS.map((text) => encoder.slotFrames(text));
  const lengths = Int32Array.from(TEXTS, (text) => encoder.tokens(text).length);
  const D = rows[0]!.length / lengths[0]!;
  const [T, N] = [Math.max(...lengths) + padding, TEXTS.length];
  const features = new Float32Array(T * N * D).fill(1e6);
  rows.forEach((row, n) => {
    for (let t = 0; t < lengths[n]!; t++) features.set(row.subarray(t * D, (t + 1) * D), (t * N + n) * D);
  });
  const labels = TEXTS.map((_, n) => Int32Array.of(n % CLASSES));
  return { features, T, N, D, lengths, labels, rowWeights: new Float32Array(N).fill(1 / N) };
}

const opened: NetworkProgram[] = [];
afterAll(() => opened.forEach((program) => program.dispose()));
async function open(spec: NetworkSpec, rung: Rung, parameters = initialParameters(spec, 1)): Promise<NetworkProgram> {
  const program = await openProgram(spec, parameters, rung);
  opened.push(program);
  return program;
}

describe.each(Object.keys(encodings) as EncodingName[])('an embedding of %s', (name) => {
  const spec = specFor(name);
  const batch = batchOf(name);
  const K = batch.D;
  const compiled = open(spec, 'compiled').then(async (program) => ({
    program,
    logits: await program.logits(batch),
    gradients: await program.gradients(batch),
  }));

  test.each(['compiled', 'native', 'wasm'] as const)('gives the layers sums of vectors: %s', async (rung) => {
    const { text: _text, embedding: _embedding, ...rest } = spec;
    const layers: NetworkSpec = { ...rest, inputSize: SIZE };
    const parameters = initialParameters(spec, 1);
    const weights = parameters.get(EMBEDDING_WEIGHTS)!.values;
    const ofLayers = new Map([...parameters].filter(([key]) => key !== EMBEDDING_WEIGHTS));
    const slots = batch.features.map((slot) => (slot === 1e6 ? -1 : slot));
    const summed = { ...batch, features: embed(slots, { weights, size: SIZE, slots: K }), D: SIZE };
    const expected = await (await open(layers, 'wasm', ofLayers)).logits(summed);
    expectClose(await (await open(spec, rung)).logits(batch), expected, 1e-5);
  });

  test.each(['native', 'wasm'] as const)('has the compiled rung’s gradients: %s', async (rung) => {
    const { gradients, loss, inputGradient } = await (await open(spec, rung)).gradients(batch);
    const expected = (await compiled).gradients;
    expect(loss).toBeCloseTo(expected.loss, 5);
    expect([...gradients.keys()]).toEqual([...expected.gradients.keys()]);
    for (const [key, { values }] of expected.gradients) expectClose(gradients.get(key)!.values, values);
    expectClose(inputGradient, expected.inputGradient);
  });

  test('has the gradient that finite differences find', async () => {
    const { program, gradients } = await compiled;
    const start = program.parameters();
    const parameter = start.get(EMBEDDING_WEIGHTS)!;
    const gradient = gradients.gradients.get(EMBEDDING_WEIGHTS)!.values;
    const length = Math.hypot(...gradient);
    const lossAt = async (distance: number): Promise<number> => {
      const values = parameter.values.map((value, k) => value + (distance * gradient[k]!) / length);
      program.setParameters(new Map(start).set(EMBEDDING_WEIGHTS, { ...parameter, values }));
      return (await program.gradients(batch)).loss;
    };
    const slope = ((await lossAt(0.02)) - (await lossAt(-0.02))) / 0.04;
    program.setParameters(start);
    expect(Math.abs(slope - length) / length).toBeLessThan(0.01);
  });

  test('does not see padding', async () => {
    const { program, logits, gradients } = await compiled;
    const padded = batchOf(name, 4);
    expectClose(await program.logits(padded), logits, 1e-6);
    const again = await program.gradients(padded);
    for (const [key, { values }] of gradients.gradients) expectClose(again.gradients.get(key)!.values, values, 1e-6);
    expectClose(await (await open(spec, 'wasm')).logits(padded), logits, 1e-5);
  });

  test('is learned', async () => {
    const program = await open(spec, 'wasm');
    const before = program.parameters().get(EMBEDDING_WEIGHTS)!.values;
    const losses = await program.losses(batch);
    for (let k = 0; k < 80; k++) await program.trainStep(batch, { learningRate: 0.03, seed: k });
    (await program.losses(batch)).forEach((loss, row) => expect(loss).toBeLessThan(losses[row]! / 2));
    expect(program.parameters().get(EMBEDDING_WEIGHTS)!.values).not.toEqual(before);
  });

  test.each(['compiled', 'wasm'] as const)('streams word by word: %s', async (rung) => {
    const framewise = specFor(name, 'framewise');
    const parameters = initialParameters(framewise, 1);
    const whole = await (await open(framewise, 'wasm', parameters)).logits(batch);
    const length = batch.lengths[3]!;
    const stream = await openStream(framewise, parameters, rung);
    const encoder = new TextEncoder(encodings[name]);
    const frames = encoder.slotFrames(TEXTS[3]!);
    const heard = Array.from({ length }, (_, t) => [...stream.push(frames.subarray(t * K, (t + 1) * K))]).flat();
    stream.dispose();
    expectClose(heard, rowOf(whole, batch.N, CLASSES, 3, length));
  });
});

test('a slot that there is not is refused', async () => {
  const spec = specFor('words, 1-of-N');
  const batch = batchOf('words, 1-of-N');
  const program = await open(spec, 'wasm');
  for (const wrong of [spec.inputSize, 0.5, -2, NaN]) {
    const features = batch.features.map((slot, at) => (at === 0 ? wrong : slot));
    await expect(program.logits({ ...batch, features })).rejects.toThrow('in row 0');
  }
});

describe('a spec', () => {
  const spec = specFor('letter trigrams');
  const refusal = (value: unknown) => networkSchema.safeParse(value).error?.issues[0];
  test('with a text and an embedding is one', () => expect(networkSchema.parse(spec)).toEqual(spec));
  test('whose size is not that of its text is refused', () => {
    expect(refusal({ ...spec, inputSize: 7 })).toMatchObject({ path: ['inputSize'] });
  });
  test('with an embedding of no text is refused', () => {
    const { text: _text, ...without } = spec;
    expect(refusal({ ...without, inputSize: 7 })).toMatchObject({ path: ['embedding'] });
  });
  test('of more features than there may be is refused', () => {
    const { text: _text, embedding: _embedding, ...without } = spec;
    expect(refusal({ ...without, inputSize: 4097 })).toMatchObject({ path: ['inputSize'] });
  });
});
