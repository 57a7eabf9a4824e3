// Each shape of task is learned from rows to a saved model, which then answers what it has never seen.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import {
  soundLabelConfigSchema,
  tagConfigSchema,
  textLabelConfigSchema,
  type TextLabelConfig,
} from '../../../app/contract/labelConfig';
import { readSound } from '../../../engine/commands/readSound';
import { readManifest } from '../../../engine/data/manifest';
import type { TextRow } from '../../../engine/data/textTable';
import { evaluateOnSounds, evaluateOnTexts } from '../../../engine/labelling/evaluateLabeller';
import { readModel, type SoundLabeller, type TextLabeller } from '../../../engine/library/modelFiles';
import type { ParameterSet } from '../../../engine/network/parameters';
import { trainOnSounds, trainOnTexts } from '../../../engine/training/trainLabeller';
import type { TrainModelHooks } from '../../../engine/training/prepareRun';
import { temporaryFolder } from '../temporary';
import { journeys, opinions } from './tasks';

vi.setConfig({ testTimeout: 180_000 });

const about = { id: 'tiny', name: { en: 'Tiny', zh: '小' }, understands: { en: 'Little.', zh: '不多。' } };
const training = { batchFrames: 400, maxRows: 32, learningRate: 0.02, warmUpSteps: 5, validationFraction: 0.1 };
const tagging = tagConfigSchema.parse({
  task: 'tagText',
  ...about,
  text: { kind: 'letterNGrams' },
  network: { embedding: { size: 16 }, layers: [{ cell: 'gru', units: 16, direction: 'forward' }], dropout: 0 },
  training: { ...training, epochs: 6 },
});
const judging = textLabelConfigSchema.parse({
  task: 'classifyText',
  ...about,
  text: { kind: 'oneOfN', minCount: 1 },
  network: { layers: [{ cell: 'lstm', units: 16, direction: 'forward' }], dropout: 0, head: 'lastStep' },
  training: { ...training, epochs: 12 },
});

async function learned(config: TextLabelConfig, rows: readonly TextRow[], out: string, hooks: TrainModelHooks = {}) {
  return trainOnTexts(config, rows, { out, cache: join(out, 'cache'), rung: 'wasm', hooks });
}
async function textModel(out: string): Promise<TextLabeller> {
  return (await readModel(join(out, 'model'))) as TextLabeller;
}
const numbers = (parameters: ParameterSet): number[][] => [...parameters.values()].map(({ values }) => [...values]);

describe('a tag for every token', () => {
  it('names the slot of cities never seen by a verb before them', async () => {
    const out = await temporaryFolder();
    const { report } = await learned(tagging, journeys(1, 400), out);
    expect(report).toMatchObject({ epoch: 6, symbolError: null });
    expect(report!.slotF1).toBeGreaterThan(0.95);
    const model = await textModel(out);
    expect(model.manifest.labels).toEqual(['B-departure', 'B-destination', 'I-departure', 'I-destination', 'O']);
    const unseen = journeys(2, 100, { isUnseen: true });
    const { tags, accuracy, sequences } = await evaluateOnTexts(model, unseen, 'wasm');
    expect(sequences).toBe(100);
    expect(tags!.f1).toBeGreaterThan(0.9);
    expect(tags!.tokenAccuracy).toBeGreaterThan(0.95);
    expect(accuracy).toBeGreaterThan(0.85);
  });

  it('cannot be told without a memory', async () => {
    const out = await temporaryFolder();
    const network = { ...tagging.network, layers: [{ cell: 'feedForward', units: 16, activation: 'tanh' }] };
    await learned(tagConfigSchema.parse({ ...tagging, network }), journeys(1, 400), out);
    const { tags } = await evaluateOnTexts(await textModel(out), journeys(2, 100), 'wasm');
    expect(tags!.f1).toBeLessThan(0.8);
  });

  it('is learned in parts, and by a Jordan layer that is told the tags', async () => {
    const layers = [{ cell: 'jordan', units: 12, outputs: 5, direction: 'forward', teacherForcing: true }];
    const config = {
      ...tagging,
      network: { ...tagging.network, layers },
      training: { ...tagging.training, epochs: 3 },
    };
    const inParts = tagConfigSchema.parse({ ...config, training: { ...config.training, truncation: { steps: 4 } } });
    const { report } = await learned(inParts, journeys(1, 200), await temporaryFolder());
    expect(report!.tokenAccuracy).toBeGreaterThan(0.7);
    const four = { ...config, network: { ...config.network, layers: [{ ...layers[0]!, outputs: 4 }] } };
    await expect(learned(tagConfigSchema.parse(four), journeys(1, 20), await temporaryFolder())).rejects.toMatchObject({
      code: 'training.teacherTags',
      params: { outputs: 4, classes: 5 },
    });
  });
});

describe('one label for a text', () => {
  it.each(['lastStep', 'meanPool', 'maxPool'] as const)('is told by a word that turns another, %s', async (head) => {
    const out = await temporaryFolder();
    const config = { ...judging, network: { ...judging.network, head } };
    const { report } = await learned(config, opinions(1, 500), out);
    expect(report!.accuracy).toBeGreaterThan(0.8);
    expect(report).not.toHaveProperty('slotF1');
    const { accuracy, tags, labels } = await evaluateOnTexts(await textModel(out), opinions(2, 100), 'wasm');
    expect(accuracy).toBeGreaterThan(0.9);
    expect(tags).toBeNull();
    expect(labels.map(({ label }) => label)).toEqual(['negative', 'positive']);
  });

  it('that was paused in the middle of an epoch and gone on with ends with the same weights', async () => {
    const config = textLabelConfigSchema.parse({
      ...judging,
      network: { ...judging.network, dropout: 0.2 },
      training: { ...judging.training, epochs: 3, classWeights: 'balanced', labelSmoothing: 0.1 },
    });
    const rows = opinions(1, 120);
    const whole = await learned(config, rows, await temporaryFolder());
    const out = await temporaryFolder();
    let steps = 0;
    const pausing: TrainModelHooks = { onStep: () => void steps++, control: () => (steps >= 3 ? 'pause' : 'goOn') };
    expect(await learned(config, rows, out, pausing)).toMatchObject({ kind: 'paused' });
    const goneOn = await learned(config, rows, out);
    if (whole.kind === 'paused' || goneOn.kind === 'paused') throw new Error('Expected models');
    expect(numbers(goneOn.parameters)).toEqual(numbers(whole.parameters));
    expect(numbers((await textModel(out)).parameters)).toEqual(numbers(whole.parameters));
  });

  it('goes not on with other texts', async () => {
    const config = { ...judging, training: { ...judging.training, epochs: 1 } };
    const out = await temporaryFolder();
    await learned(config, opinions(1, 60), out);
    await expect(learned(config, opinions(2, 60), out)).rejects.toMatchObject({ code: 'checkpoint.invalid' });
  });

  it('weighs what is rare as its weight says', async () => {
    const rare = [...opinions(1, 400).filter(({ labels }, index) => labels === 'negative' || index % 20 === 0)];
    // A layer without memory cannot tell: it says what is likelier, or weighs more.
    const network = { ...judging.network, layers: [{ cell: 'feedForward', units: 4, activation: 'tanh' }] };
    const recalls = [];
    for (const classWeights of [null, { positive: 100 }]) {
      const config = { ...judging, network, training: { ...judging.training, epochs: 2, classWeights } };
      const out = await temporaryFolder();
      await learned(textLabelConfigSchema.parse(config), rare, out);
      const { labels } = await evaluateOnTexts(await textModel(out), opinions(2, 60), 'wasm');
      recalls.push(labels.find(({ label }) => label === 'positive')!.recall);
    }
    expect(recalls).toEqual([0, 1]);
  });

  it('writes down what it is for people', async () => {
    const out = await temporaryFolder();
    await learned({ ...judging, training: { ...judging.training, epochs: 1 } }, opinions(1, 40), out);
    const card = await fs.readFile(join(out, 'MODEL_CARD.md'), 'utf8');
    expect(card).toContain('- Answers: one label for the whole, one of 2: negative, positive');
    expect(card).toMatch(/- Text: 1-of-N words, \d+ known and one slot for all others/);
  });

  it.each([
    ['of one kind alone', opinions(1, 40).map((row) => ({ ...row, labels: 'same' })), {}, 'training.labels'],
    ['weighed that no row has', opinions(1, 40), { classWeights: { neutral: 2 } }, 'training.noLabel'],
  ])('%s is refused', async (_what, rows, more, code) => {
    const config = textLabelConfigSchema.parse({ ...judging, training: { ...judging.training, ...more } });
    await expect(learned(config, rows, await temporaryFolder())).rejects.toMatchObject({ code });
  });

  it('of words that are too rare to be known is refused', async () => {
    const config = textLabelConfigSchema.parse({ ...judging, text: { kind: 'oneOfN', minCount: 900 } });
    await expect(learned(config, opinions(1, 40), await temporaryFolder())).rejects.toMatchObject({
      code: 'text.nothingKnown',
      params: { count: 900 },
    });
  });
});

describe('one label for a sound', () => {
  const CLIPS = join(import.meta.dirname, '../../fixtures/audio');
  const keywords = ['asterisk_digits_7', 'asterisk_digits_8', 'asterisk_goodbye', 'asterisk_letters_b'];
  const config = soundLabelConfigSchema.parse({
    task: 'classifySound',
    ...about,
    frontEnd: {
      kind: 'mfcc',
      sampleRateHz: 8000,
      windowMs: 32,
      hopMs: 20,
      window: 'hamming',
      melBands: 20,
      coefficients: 12,
      deltas: 1,
      deltaSpan: 2,
      tailMs: 100,
      normalisation: { kind: 'none' },
    },
    network: { layers: [{ cell: 'gru', units: 12, direction: 'bidirectional' }], dropout: 0, head: 'meanPool' },
    training: { ...training, epochs: 30, validationFraction: 0 },
    augmentation: { copies: 2 },
  });

  it('finds the keyword, from a list to a saved model', async () => {
    const folder = await temporaryFolder();
    const list = join(folder, 'keywords.tsv');
    await fs.writeFile(list, keywords.map((name) => `${join(CLIPS, name)}.wav\t${name.slice(9)}`).join('\n'));
    const rows = await readManifest(list);
    const out = join(folder, 'run');
    await trainOnSounds(config, rows, { out, cache: join(folder, 'cache'), rung: 'wasm' });
    const model = (await readModel(join(out, 'model'))) as SoundLabeller;
    expect(model.manifest.labels).toEqual(['digits_7', 'digits_8', 'goodbye', 'letters_b']);
    const leftOut: string[] = [];
    const { accuracy, sequences } = await evaluateOnSounds(model, rows, 'wasm', {
      readSound,
      onLeftOut: ({ path }) => void leftOut.push(path),
    });
    expect({ accuracy, sequences, leftOut }).toEqual({ accuracy: 1, sequences: 4, leftOut: [] });
  });

  it('is refused where a row has none', async () => {
    const rows = [
      { path: 'a.wav', transcript: '', speaker: null, corpus: null, part: null, manifest: 'k.tsv', line: 3 },
    ];
    const run = trainOnSounds(config, rows, { out: await temporaryFolder(), cache: '', rung: 'wasm' });
    await expect(run).rejects.toThrow('k.tsv, line 3: It has no label.');
  });
});
