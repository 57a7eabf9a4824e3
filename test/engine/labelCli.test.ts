// Models of labels as a shell makes and uses them.
import { spawnSync } from 'node:child_process';
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { writeWav } from '../../app/audio/wav';
import { anyConfigSchema } from '../../app/contract/labelConfig';
import { buildEngine } from './builtEngine';
import { journeys } from './labelling/tasks';
import { initialParameters } from '../../engine/network/initialise';
import { writeModel } from '../../engine/library/modelFiles';
import { soundLabeller, textLabeller } from './library/sample';
import { babble } from './listen/fakeNetwork';
import { writeTinyAssets } from './tinyModel';

// Each command is a process that loads what it needs.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let built: { file: string; folder: string };
const inFolder = (name: string): string => join(built.folder, name);
function unroll(parameters: readonly string[], input = '') {
  const env = { ...process.env, UNROLL_ASSETS: inFolder('assets'), UNROLL_CACHE: '' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [built.file, ...parameters], {
    encoding: 'utf8',
    input,
    env,
  });
  return { status, lines: stdout.split('\n').slice(0, -1), stderr };
}
beforeAll(async () => {
  built = await buildEngine('cli');
  await writeTinyAssets(inFolder('assets'));
  for (const manifest of [soundLabeller, textLabeller])
    await writeModel(inFolder(manifest.id), manifest, initialParameters(manifest.network, 5), { dtype: 'F32' });
  await fs.writeFile(inFolder('one.wav'), writeWav(babble(0.6), 16_000));
  await fs.writeFile(inFolder('bad.wav'), 'This is no sound.');
});
afterAll(() => fs.rm(built.folder, { recursive: true, force: true }));
const WASM = ['--backend', 'wasm'];
const TEXT = ['--model', 'sample-text-labels', ...WASM];
const SOUND = ['--model', 'sample-sound-labels', ...WASM];
const at = (parameters: readonly string[]): string[] =>
  parameters.map((each) => (each.startsWith('sample-') || /\.(wav|tsv|json|txt)$/.test(each) ? inFolder(each) : each));

const TINY = {
  id: 'tiny',
  name: { en: 'T', zh: 'T' },
  understands: { en: 'T', zh: 'T' },
  text: { kind: 'letterNGrams', unit: 'spaced' },
  training: { epochs: 8, batchFrames: 300, learningRate: 0.02, warmUpSteps: 5, averageDecay: 0.9 },
};
const gru = { cell: 'gru', units: 16, direction: 'bidirectional' };

describe('unroll train-text', () => {
  it('learns slots of what can be used, measures them once on the test, and tags', async () => {
    const network = { embedding: { size: 16 }, layers: [gru], dropout: 0 };
    await fs.writeFile(inFolder('tag.json'), JSON.stringify({ ...TINY, task: 'tagText', network }));
    const lines = journeys(2, 400).map(({ text, labels }) => `${text}\t${labels}`);
    await fs.writeFile(inFolder('learn.tsv'), [...lines.slice(50), 'one two\tO'].join('\n'));
    await fs.writeFile(inFolder('test.tsv'), lines.slice(0, 50).join('\n'));
    const run = at(['--config', 'tag.json', '--data', 'learn.tsv', '--test', 'test.tsv']);
    const trained = unroll(['train-text', '--task', 'slots', ...run, '--out', inFolder('slots'), '--json', ...WASM]);
    expect(trained.stderr).toContain('1 lines were left out; the first:');
    expect(trained.lines).toHaveLength(1);
    const told = JSON.parse(trained.lines[0]!) as Record<string, unknown>;
    expect(told).toMatchObject({
      form: 'table',
      learned: 315,
      validation: 35,
      measured: 50,
      measuredOn: 'test',
      leftOut: 1,
    });
    expect(told['f1']).toBeGreaterThan(0.95);
    const model = join(inFolder('slots'), 'model');
    const tagged = unroll(['tag', '--model', model, '--json', ...WASM], 'leave Taipei on May third\n');
    const { texts } = JSON.parse(tagged.lines[0]!) as { texts: { slots: { kind: string; text: string }[] }[] };
    expect(texts[0]!.slots).toEqual([expect.objectContaining({ kind: 'departure', text: 'taipei' })]);
    expect(unroll(['classify', '--model', model, ...WASM], 'x').stderr).toContain('it tags every word');
    expect(unroll(['keywords', '--model', model, ...WASM], 'x').stderr).toContain('finds no key phrases');
  });

  it('learns key phrases by the split of the file, and says what counting finds', async () => {
    const network = { embedding: { size: 8 }, layers: [gru], dropout: 0 };
    await fs.writeFile(inFolder('phrase.json'), JSON.stringify({ ...TINY, task: 'tagText', network }));
    const things = ['red lamp', 'blue lamp', 'red boat', 'blue boat'];
    const documents = Array.from({ length: 120 }, (_, k) => {
      const [one, two] = [things[k % 4]!, things[(k >> 2) % 4]!];
      const text = `The ${one} is beside the ${two} of somebody.`;
      return JSON.stringify({ text, keyphrases: [one, two], split: k < 100 ? 'train' : 'test' });
    });
    await fs.writeFile(inFolder('phrases.json'), documents.join('\n'));
    const run = at(['--config', 'phrase.json', '--data', 'phrases.json', '--json']);
    const trained = unroll(['train-text', '--task', 'keywords', ...run, '--out', inFolder('phrases'), ...WASM]);
    const told = JSON.parse(trained.lines[0]!) as Record<string, unknown>;
    expect(told).toMatchObject({ form: 'keyphrases', learned: 90, validation: 10, measured: 20, k: 5 });
    expect(told['f1']).toBeGreaterThan(0.95);
    const { f1 } = told['tfIdf'] as { f1: number };
    expect(f1).toBeLessThan(told['f1'] as number);
    const found = unroll(
      ['keywords', '--model', join(inFolder('phrases'), 'model'), ...WASM],
      'A red boat of somebody.\n',
    );
    expect(found.lines[0]).toMatch(/^red boat \(/);
  });

  it('names a task that is none, and a configuration for another task', async () => {
    const out = ['--out', inFolder('none'), ...WASM];
    expect(unroll(['train-text', '--task', 'poems', '--data', 'x', ...out]).status).toBe(2);
    const config = at(['--config', 'tag.json', '--data', 'learn.tsv']);
    const other = unroll(['train-text', '--task', 'intent', ...config, ...out]);
    expect(other.status).toBe(2);
    expect(other.stderr).toContain("For intent a configuration's task must be classifyText.");
  });
});

describe('unroll train, evaluate and apply', () => {
  it('learn tags from a table, measure them and tag what comes on stdin', async () => {
    const config = {
      task: 'tagText',
      id: 'journeys',
      name: { en: 'J', zh: 'J' },
      understands: { en: 'J', zh: 'J' },
      text: { kind: 'letterNGrams' },
      network: { embedding: { size: 16 }, layers: [{ cell: 'gru', units: 16, direction: 'forward' }], dropout: 0 },
      training: { epochs: 8, batchFrames: 300, learningRate: 0.02, warmUpSteps: 5 },
    };
    await fs.writeFile(inFolder('config.json'), JSON.stringify(config));
    const rows = journeys(1, 500).map(({ text, labels }, index) => [text, labels, index < 50 ? 'test' : 'train']);
    const table = [['text', 'tags', 'part'], ...rows].map((fields) => fields.join('\t')).join('\n');
    await fs.writeFile(inFolder('rows.tsv'), table);
    const training = ['--config', 'config.json', '--data', 'rows.tsv', '--json', ...WASM];
    const trained = unroll(['train', ...at(training), '--out', inFolder('run')]);
    expect(trained).toMatchObject({ status: 0 });
    expect(JSON.parse(trained.lines[0]!)).toMatchObject({ epoch: 8, isStopped: false });
    const model = ['--model', join(inFolder('run'), 'model'), ...WASM];
    const measured = unroll(['evaluate', ...model, ...at(['--data', 'rows.tsv']), '--part', 'test', '--json']);
    expect(measured.lines).toHaveLength(1);
    const scores = JSON.parse(measured.lines[0]!) as Record<string, number>;
    expect(scores).toMatchObject({ sequences: 50, leftOut: 0 });
    expect(scores['f1']).toBeGreaterThan(0.9);
    const applied = unroll(['apply', ...model, '--format', 'json'], 'we must leave the city of talonburg today\n');
    expect(JSON.parse(applied.lines[0]!)).toMatchObject({ slots: [{ kind: 'departure', text: 'talonburg' }] });
  });

  it('refuse a table whose tags do not fit, with file and line', async () => {
    await fs.writeFile(inFolder('misfit.tsv'), 'to rome\tO B-city\nto new york\tO B-city\n');
    const { status, lines, stderr } = unroll(['evaluate', ...at([...TEXT, '--data', 'misfit.tsv'])]);
    expect({ status, lines }).toEqual({ status: 1, lines: [] });
    expect(stderr).toContain('misfit.tsv, line 2: Its text has 3 tokens, but there are 2 tags.');
  });
});

describe('unroll apply', () => {
  it('prints one line for each line, empty ones too, with tags and probabilities', () => {
    const { status, lines } = unroll(['apply', ...at(TEXT)], 'to Rome\n\nhome');
    expect(status).toBe(0);
    expect(lines.map((line) => line.split('\t')[0])).toEqual(['to Rome', '', 'home']);
    const [, tags = '', probabilities = ''] = lines[0]!.split('\t');
    expect(tags.split(' ')).toHaveLength(2);
    for (const probability of probabilities.split(' ')) {
      expect(Number(probability)).toBeGreaterThan(1 / 3);
      expect(Number(probability)).toBeLessThanOrEqual(1);
    }
  });

  it('labels sound files, and names one that cannot be read', () => {
    const { status, lines, stderr } = unroll(['apply', ...at([...SOUND, 'one.wav', 'bad.wav']), '--format', 'json']);
    expect(status).toBe(1);
    expect(stderr).toContain('bad.wav could not be read as audio');
    const [one, bad] = lines.map(
      (line) => JSON.parse(line) as { probabilities?: Record<string, number>; error?: unknown },
    );
    expect(Object.keys(one!.probabilities!)).toEqual(soundLabeller.labels);
    expect(Object.values(one!.probabilities!).reduce((sum, each) => sum + each)).toBeCloseTo(1, 5);
    expect(bad).toMatchObject({ error: { code: 'audio.unreadable' } });
  });

  it.each([
    ['explains itself', ['--help'], 0, ''],
    ['needs a model', [], 2, '--model'],
    ['has no use for a recogniser', ['--model', 'tiny-live', ...WASM], 1, 'writes text and gives no labels'],
    ['needs sounds for a model that hears', SOUND, 2, 'name sound files'],
    ['names a file that is not there', [...TEXT, 'none.txt'], 1, 'none.txt was not found'],
  ])('%s', (_what, parameters, code, says) => {
    const { status, stderr } = unroll(['apply', ...at(parameters)]);
    expect(status).toBe(code);
    expect(stderr).toContain(says);
  });
});

describe('unroll describe', () => {
  it('knows what a model of labels reads and answers', () => {
    const { lines } = unroll(['describe', ...at(['sample-text-labels']), '--json']);
    expect(JSON.parse(lines[0]!)).toMatchObject({
      text: 'letter 3-grams of words, 3 known and one slot for all others',
      labels: textLabeller.labels,
    });
  });
});

describe('the examples', () => {
  it.each(['words', 'keywords', 'opinions', 'slots-journey'])('%s.json can be trained', async (name) => {
    const text = await fs.readFile(join(import.meta.dirname, `../../examples/${name}.json`), 'utf8');
    expect(anyConfigSchema.safeParse(JSON.parse(text)).error).toBeUndefined();
  });
});
