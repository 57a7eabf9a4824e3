// What the window asks of texts, answered by small models that were learned here.
import { promises as fs } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { tagConfigSchema, textLabelConfigSchema } from '../../../app/contract/labelConfig';
import { textMethods } from '../../../app/contract/texts';
import { textRecipe } from '../../../app/textRecipes';
import { evaluateOnTexts } from '../../../engine/labelling/evaluateLabeller';
import { TagPath } from '../../../engine/labelling/tagOrder';
import { TextShelf } from '../../../engine/labelling/textShelf';
import { readModel, writeModel, type TextLabeller } from '../../../engine/library/modelFiles';
import { makeTextHandlers } from '../../../engine/serve/textHandlers';
import { trainOnTexts } from '../../../engine/training/trainLabeller';
import { temporaryFolder } from '../temporary';
import { journeys, opinions } from './tasks';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 180_000 });

const UNITS = 16;
const tagging = tagConfigSchema.parse({
  ...textRecipe('slots'),
  id: 'journey',
  text: { kind: 'letterNGrams', hasWords: true },
  network: { embedding: { size: UNITS }, layers: [{ cell: 'gru', units: UNITS, direction: 'forward' }], dropout: 0 },
  training: { epochs: 8, learningRate: 0.02, batchFrames: 400, maxRows: 32, warmUpSteps: 5, validationFraction: 0.1 },
});
const judging = textLabelConfigSchema.parse({
  ...textRecipe('sentiment'),
  id: 'opinion',
  text: { kind: 'oneOfN', minCount: 1 },
  network: { layers: [{ cell: 'lstm', units: 12, direction: 'forward' }], dropout: 0, head: 'lastStep' },
  training: { epochs: 12, learningRate: 0.02, batchFrames: 400, maxRows: 32, warmUpSteps: 5, validationFraction: 0.1 },
});

let folder: string;
let models: string;
let own: string;
beforeAll(async () => {
  folder = await fs.mkdtemp(join(tmpdir(), 'unroll-test-'));
  [models, own] = [join(folder, 'assets'), join(folder, 'own')];
  for (const [config, rows] of [
    [tagging, journeys(1, 400)],
    [judging, opinions(1, 400)],
  ] as const) {
    const out = join(folder, config.id);
    await trainOnTexts(config, rows, { out, cache: join(out, 'cache'), rung: 'wasm', hooks: {} });
    const { manifest, parameters } = await readModel(join(out, 'model'));
    await writeModel(join(config === tagging ? models : own, config.id), manifest, parameters, { dtype: 'F32' });
  }
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));
async function room() {
  const shelf = new TextShelf(models, own, 'wasm');
  return makeTextHandlers({ shelf, folder: join(await temporaryFolder(), 'traces'), rung: 'wasm' });
}

describe('the models that read text', () => {
  it('are listed with what they answer, those that came with the product first', async () => {
    const reply = textMethods['texts.models'].reply.parse(await (await room())['texts.models']({}));
    expect(reply.models).toMatchObject([
      { id: 'journey', answers: 'tags', isBundled: true, embeddingSize: 16, vocabulary: null },
      { id: 'opinion', answers: 'label', isBundled: false, embeddingSize: null },
    ]);
    expect(reply.models[1]!.vocabulary).toContain('hardly');
  });

  it('that are not there are said to be missing', async () => {
    const handlers = await room();
    await expect(handlers['texts.read']({ modelId: 'none', texts: ['a'] })).rejects.toMatchObject({
      code: 'model.missing',
    });
  });
});

describe('a text that is read', () => {
  it('has marks on the words as they were typed, by the verb before them', async () => {
    const texts = ['They will probably reach Minburg  today', 'They will probably leave Minburg  today', '  '];
    const { readings } = textMethods['texts.read'].reply.parse(
      await (await room())['texts.read']({ modelId: 'journey', texts }),
    );
    const told = readings.map(({ words, marks }, at) =>
      marks.map(({ kind, firstWord, endWord }) => [
        kind,
        texts[at]!.slice(words[firstWord]!.start, words[endWord - 1]!.end),
      ]),
    );
    expect(told).toEqual([[['destination', 'Minburg']], [['departure', 'Minburg']], []]);
    expect(readings[0]!.words.map(({ text, isKnown }) => [text, isKnown])).toContainEqual(['probably', true]);
    expect(readings[0]!.words.find(({ text }) => text === 'minburg')!.isKnown).toBe(false);
  });

  it('has the labels of a model of labels, the most probable one first', async () => {
    const { readings } = await (
      await room()
    )['texts.read']({ modelId: 'opinion', texts: ['truly the film was good', 'hardly the film was good'] });
    expect(readings.map(({ labels }) => labels[0]!.label)).toEqual(['positive', 'negative']);
    expect(readings[0]!.labels.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 5);
  });
});

it('signs of punctuation are words by themselves, each where it was typed', async () => {
  const text = 'Leave, (Minburg)!';
  const { readings } = await (await room())['texts.read']({ modelId: 'journey', texts: [text] });
  const typed = readings[0]!.words.map(({ start, end }) => text.slice(start, end));
  expect(typed).toEqual(['Leave', ',', '(', 'Minburg', ')', '!']);
});

describe('the gates of a text', () => {
  it('are there at every word, and the last hidden values give the tags that were told', async () => {
    const text = 'we must leave old minburg today';
    const trace = textMethods['texts.trace'].reply.parse(
      await (await room())['texts.trace']({ modelId: 'journey', text }),
    );
    expect(trace.words).toEqual(text.split(' '));
    expect(trace.answers.map(({ label }) => label)).toEqual(['O', 'O', 'O', 'O', 'B-departure', 'O']);
    const of = (direction: string, activation: string): Float32Array =>
      trace.series.find((each) => each.direction === direction && each.activation === activation)!.values;
    const { parameters, manifest } = (await readModel(join(models, 'journey'))) as TextLabeller;
    const [weights, bias] = [parameters.get('head.weights')!.values, parameters.get('head.bias')!.values];
    const C = manifest.labels.length;
    const inputs = (t: number): number[] => [...of('forward', 'hidden').subarray(UNITS * t, UNITS * (t + 1))];
    const logits = trace.words.flatMap((_, t) =>
      Array.from(bias, (b, c) => inputs(t).reduce((sum, h, k) => sum + h * weights[k * C + c]!, b)),
    );
    const tags = new TagPath(manifest.labels, manifest.tagOrder!).best(Float32Array.from(logits));
    expect(Array.from(tags, (tag) => manifest.labels[tag])).toEqual(trace.answers.map(({ label }) => label));
    // A gate lies between shut and open; before the verb both readings of two sentences that differ there are the same.
    expect([...of('forward', 'updateGate')].every((gate) => gate > 0 && gate < 1)).toBe(true);
    const other = await (await room())['texts.trace']({ modelId: 'journey', text: text.replace('leave', 'reach') });
    const arriving = other.series.find((each) => each.direction === 'forward' && each.activation === 'hidden')!.values;
    expect([...arriving.subarray(0, 2 * UNITS)]).toEqual([...of('forward', 'hidden').subarray(0, 2 * UNITS)]);
    expect([...arriving.subarray(2 * UNITS, 3 * UNITS)]).not.toEqual([
      ...of('forward', 'hidden').subarray(2 * UNITS, 3 * UNITS),
    ]);
  });

  it.each([
    ['', 'text.empty'],
    ['word '.repeat(200), 'text.tooLong'],
  ])('are not there of a text without words or with too many', async (text, code) => {
    await expect((await room())['texts.trace']({ modelId: 'journey', text })).rejects.toMatchObject({ code });
  });
});

describe('the vector of a word', () => {
  it('is the sum of its slots’ vectors, also of a word never seen', async () => {
    const { size, vectors } = textMethods['texts.vectors'].reply.parse(
      await (await room())['texts.vectors']({ modelId: 'journey', words: ['Leave', 'leaveburg'] }),
    );
    const weights = ((await readModel(join(models, 'journey'))) as TextLabeller).parameters.get('embedding.weights')!;
    for (const { slots, values } of vectors)
      for (let e = 0; e < size; e++)
        expect(values[e]).toBeCloseTo(
          slots.reduce((sum, slot) => sum + weights.values[slot * size + e]!, 0),
          5,
        );
    expect(vectors[0]).toMatchObject({ word: 'leave', isKnown: true });
    expect(vectors[0]!.nearest.map(({ word }) => word)).not.toContain('leave');
    expect(vectors[1]!.slots.length).toBeGreaterThan(3);
  });

  it('is not there where words are read as they are encoded', async () => {
    const asked = (await room())['texts.vectors']({ modelId: 'opinion', words: ['good'] });
    await expect(asked).rejects.toMatchObject({ code: 'text.noEmbedding' });
  });
});

it('the models of this test have learned what they are asked', async () => {
  const { tags } = await evaluateOnTexts(
    (await readModel(join(models, 'journey'))) as TextLabeller,
    journeys(2, 60),
    'wasm',
  );
  expect(tags!.f1).toBeGreaterThan(0.9);
});
