// The built command as a shell sees it: stdout, stderr and the exit code.
import { spawn, type ChildProcess } from 'node:child_process';
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import packageInfo from '../../package.json';
import { writeWav } from '../../app/audio/wav';
import { readModel, writeModel } from '../../engine/library/modelFiles';
import { buildEngine } from './engineProcess';
import { babble } from './listen/fakeNetwork';
import { temporaryFolder } from './temporary';
import { tinyManifest, writeTinyAssets } from './tinyModel';

// Each command is a process that loads what it needs.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let built: { file: string; folder: string };
let assets: string;
let sounds: string;
beforeAll(async () => {
  built = await buildEngine('cli');
  assets = join(built.folder, 'assets');
  sounds = join(built.folder, 'sounds');
  await writeTinyAssets(assets);
  await writeModelWithoutWordsFor(join(assets, 'models/tiny-live'), strangerFolder());
  await fs.mkdir(sounds);
  await fs.writeFile(sound('one.wav'), writeWav(babble(2), 16_000));
  await fs.writeFile(sound('two.wav'), writeWav(babble(1.2), 16_000));
  await fs.writeFile(sound('bad.wav'), 'This is no sound.');
});
afterAll(() => fs.rm(built.folder, { recursive: true, force: true }));
const sound = (name: string): string => join(sounds, name);
const strangerFolder = (): string => join(built.folder, 'stranger');

/** The same network, whose card lists but one word, which it never says. */
async function writeModelWithoutWordsFor(source: string, target: string): Promise<void> {
  const { manifest, parameters } = await readModel(source);
  const card = { ...manifest.card, words: ['⁂'] };
  await writeModel(target, { ...manifest, card }, parameters, { dtype: 'F32' });
}

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}
const unroll = (...parameters: string[]): Promise<Outcome> => start(parameters);
/** @param heard is given all of stderr so far, and the process */
function start(
  parameters: readonly string[],
  heard: (stderr: string, child: ChildProcess) => void = () => undefined,
): Promise<Outcome> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [built.file, ...parameters], {
      env: { ...process.env, UNROLL_ASSETS: assets },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => heard((stderr += text), child));
    child.once('error', fail);
    child.once('close', (code) => done({ code, stdout, stderr }));
  });
}
/** TensorFlow says these to stderr whatever it is told; they are no sentence of ours. */
const CHATTER = /^(WARNING: All log messages before absl|I0000 )/;
const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '' && !CHATTER.test(line));
/** The one line that a command with --json prints. */
function onlyLine({ stdout }: Outcome): unknown {
  expect(stdout.endsWith('\n')).toBe(true);
  expect(lines(stdout)).toHaveLength(1);
  return JSON.parse(stdout);
}

/** The lightest way to a text, where it does not matter which. */
const LIGHT = ['--model', 'tiny-live', '--backend', 'wasm'];

describe('unroll', () => {
  it('says its version', async () => {
    expect(await unroll('--version')).toMatchObject({ code: 0, stdout: `${packageInfo.version}\n`, stderr: '' });
  });

  it.each(['', 'transcribe', 'evaluate', 'train', 'models'])('explains itself: unroll %s', async (name) => {
    const names = name === '' ? [] : [name];
    const { code, stdout, stderr } = await unroll(...names, '--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(['Usage: unroll', ...names].join(' '));
  });

  it.each([
    ['no file', ['transcribe']],
    ['an unknown command', ['transcibe', 'x.wav']],
    ['an unknown option', ['transcribe', '--modle', 'x', 'x.wav']],
    ['an unknown format', ['transcribe', '--format', 'xml', 'x.wav']],
    ['an unknown rung', ['transcribe', '--backend', 'gpu', 'x.wav']],
    ['a live beam', ['transcribe', '--stream', '--decoder', 'beam', 'x.wav']],
    ['no manifest', ['evaluate']],
    ['no command', []],
  ])('refuses bad usage with code 2: %s', async (_name, parameters) => {
    const { code, stdout, stderr } = await unroll(...parameters);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

describe('unroll transcribe', () => {
  it('prints the text of a file, and nothing else', async () => {
    const { code, stdout, stderr } = await unroll('transcribe', sound('one.wav'));
    expect({ code, sentences: lines(stderr) }).toEqual({ code: 0, sentences: [] });
    expect(lines(stdout)).toHaveLength(1);
    expect(stdout.trim().length).toBeGreaterThan(3);
  });

  it('tells words with times and confidence as one line of JSON', async () => {
    const result = onlyLine(await unroll('transcribe', '--format', 'json', ...LIGHT, sound('one.wav'))) as {
      text: string;
      realTimeFactor: number;
      utterances: { words: { text: string; startMs: number; endMs: number; confidence: number }[] }[];
    };
    expect(result).toMatchObject({ file: sound('one.wav'), durationMs: 2000 });
    expect(result.realTimeFactor).toBeGreaterThan(0);
    const words = result.utterances.flatMap((utterance) => utterance.words);
    expect(words.map((word) => word.text).join(' ')).toBe(result.text.replaceAll('\n', ' '));
    for (const { startMs, endMs, confidence } of words) {
      expect(startMs).toBeLessThan(endMs);
      expect(confidence).toBeGreaterThan(0);
    }
  });

  it('gives the same text live as whole, by every rung', async () => {
    const model = ['--model', join(assets, 'models/tiny-live'), sound('one.wav')];
    const whole = await unroll('transcribe', ...model);
    expect(whole.stdout.trim().length).toBeGreaterThan(3);
    for (const rung of ['compiled', 'native', 'wasm'])
      expect((await unroll('transcribe', '--stream', '--backend', rung, ...model)).stdout).toBe(whole.stdout);
  });

  it('uses the live model for a stream', async () => {
    expect(
      onlyLine(await unroll('transcribe', '--json', '--stream', '--backend', 'wasm', sound('two.wav'))),
    ).toMatchObject({
      modelId: 'tiny-live',
    });
  });

  it('decodes with a beam', async () => {
    const result = onlyLine(await unroll('transcribe', '--json', '--decoder', 'beam', ...LIGHT, sound('two.wav')));
    expect(result).toMatchObject({ modelId: 'tiny-live', durationMs: 1200 });
  });

  it('leaves out one bad file among several and transcribes the others', async () => {
    const { code, stdout, stderr } = await unroll(
      'transcribe',
      ...LIGHT,
      ...['one.wav', 'bad.wav', 'two.wav'].map(sound),
    );
    expect(code).toBe(1);
    expect(lines(stdout).map((line) => line.slice(0, line.indexOf(':')))).toEqual([sound('one.wav'), sound('two.wav')]);
    expect(lines(stderr)).toHaveLength(1);
    expect(stderr).toContain('bad.wav could not be read as audio.');
  });

  it('prints one line for several files too', async () => {
    const outcome = await unroll('transcribe', '--json', ...LIGHT, sound('one.wav'), sound('gone.wav'));
    expect(outcome.code).toBe(1);
    expect(onlyLine(outcome)).toMatchObject({
      files: [{ file: sound('one.wav') }, { file: sound('gone.wav'), error: { code: 'file.missing' } }],
    });
  });

  it('leaves speech that the model has no word for out of the text, and says that it did', async () => {
    const outcome = await unroll(
      'transcribe',
      ...['--json', '--backend', 'wasm', '--model', strangerFolder()],
      sound('one.wav'),
    );
    const { text, utterances } = onlyLine(outcome) as { text: string; utterances: { words: { text: string }[] }[] };
    expect({ code: outcome.code, text }).toEqual({ code: 0, text: '' });
    expect(utterances.flatMap(({ words }) => words).length).toBeGreaterThan(0);
    expect(outcome.stderr).toContain("one.wav: speech outside the model's words at");
  });

  it('names a model that is not there', async () => {
    const { code, stderr } = await unroll('transcribe', '--model', 'nowhere', sound('one.wav'));
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'No model is called nowhere.\n' });
  });

  it('does not read a damaged model', async () => {
    const folder = await temporaryFolder();
    await fs.writeFile(join(folder, 'model.json'), '{"format": "unroll-model"');
    const { code, stderr } = await unroll('transcribe', '--model', folder, sound('one.wav'));
    expect(code).toBe(1);
    expect(lines(stderr)).toHaveLength(1);
    expect(stderr).toContain('model.json: It is not valid JSON');
  });
});

describe('unroll evaluate', () => {
  it('measures exactly what the transcripts say', async () => {
    const text = (await unroll('transcribe', ...LIGHT, sound('one.wav'))).stdout.trim();
    const manifest = join(sounds, 'right.tsv');
    await fs.writeFile(manifest, `path\ttranscript\tspeaker\none.wav\t${text}\tsomebody\n`);
    const result = onlyLine(await unroll('evaluate', ...LIGHT, '--data', manifest, '--json')) as Record<string, number>;
    expect(Object.keys(result).sort()).toEqual([
      'cer',
      'leftOut',
      'realTimeFactor',
      'sentencesExact',
      'utterances',
      'wer',
    ]);
    expect(result).toMatchObject({ cer: 0, wer: 0, sentencesExact: 1, utterances: 1, leftOut: 0 });
    expect(result['realTimeFactor']).toBeGreaterThan(0);
  });

  it('counts what is wrong over the whole list', async () => {
    const text = (await unroll('transcribe', ...LIGHT, sound('one.wav'))).stdout.trim();
    const words = text.split(' ').length;
    const manifest = join(sounds, 'wrong.tsv');
    await fs.writeFile(manifest, `one.wav\t${text} extra\none.wav\t${text}\n`);
    expect(onlyLine(await unroll('evaluate', ...LIGHT, '--data', manifest, '--json'))).toMatchObject({
      wer: 1 / (2 * words + 1),
      sentencesExact: 0.5,
      utterances: 2,
    });
  });

  it('measures one part of a data set where that is asked for, and names a part that is not there', async () => {
    const manifest = join(sounds, 'parts.tsv');
    await fs.writeFile(manifest, 'path\ttranscript\tpart\none.wav\tx\ttrain\ntwo.wav\ty\ttest\nbad.wav\tz\ttrain\n');
    const command = ['evaluate', ...LIGHT, '--data', manifest, '--json', '--part'];
    const outcome = await unroll(...command, 'test');
    expect(outcome.code).toBe(0);
    expect(onlyLine(outcome)).toMatchObject({ utterances: 1, leftOut: 0 });
    const { code, stderr } = await unroll(...command, 'validation');
    expect({ code, lines: lines(stderr) }).toEqual({
      code: 1,
      lines: [`No row of ${manifest} belongs to the part validation.`],
    });
  });

  it('names a recording that cannot be read, measures the others, and says how many it left out', async () => {
    const text = (await unroll('transcribe', ...LIGHT, sound('one.wav'))).stdout.trim();
    const manifest = join(sounds, 'one-bad.tsv');
    await fs.writeFile(manifest, `bad.wav\tone\none.wav\t${text}\n`);
    const outcome = await unroll('evaluate', ...LIGHT, '--data', manifest, '--json');
    expect(outcome.code).toBe(1);
    expect(onlyLine(outcome)).toMatchObject({ wer: 0, cer: 0, sentencesExact: 1, utterances: 1, leftOut: 1 });
    expect(lines(outcome.stderr)).toEqual([
      expect.stringContaining('bad.wav could not be read as audio.'),
      '1 of 2 recordings left out: they could not be read.',
    ]);
  });

  it('gives no rate where no recording can be read', async () => {
    const manifest = join(sounds, 'all-bad.tsv');
    await fs.writeFile(manifest, 'bad.wav\tone\n');
    const { code, stdout, stderr } = await unroll('evaluate', ...LIGHT, '--data', manifest, '--json');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('No recording of the list could be read.');
  });

  it.each([
    ['a manifest that is not there', 'gone.tsv', null, 'gone.tsv was not found.'],
    ['a line without a transcript', 'short.tsv', 'one.wav\n', 'line 1'],
    ['a recording that is not there', 'points.tsv', 'nowhere.wav\tone\n', 'nowhere.wav was not found.'],
  ])('refuses %s in one sentence', async (_name, file, content, sentence) => {
    if (content !== null) await fs.writeFile(join(sounds, file), content);
    const { code, stdout, stderr } = await unroll('evaluate', ...LIGHT, '--data', join(sounds, file), '--json');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(lines(stderr)).toHaveLength(1);
    expect(stderr).toContain(sentence);
  });
});

describe('unroll models', () => {
  it('lists what comes with the product', async () => {
    expect(onlyLine(await unroll('models', '--json'))).toMatchObject({
      models: [
        { id: 'tiny-live', isLiveDefault: true, isDefault: false, isStreaming: true },
        { id: 'tiny-whole', isLiveDefault: false, isDefault: true, isStreaming: false },
      ],
    });
  });
});

describe('unroll describe', () => {
  const example = fileURLToPath(new URL('../../examples/graves-2013-1l-250h.json', import.meta.url));

  it('counts the parameters of a network as one line of JSON', async () => {
    const outcome = await unroll('describe', example, '--json');
    expect(outcome.code).toBe(0);
    expect(onlyLine(outcome)).toMatchObject({ parameters: 780_562 });
  });
  it('shows the layers of a model as a table', async () => {
    const { code, stdout } = await unroll('describe', join(assets, 'models', tinyManifest('forward').id));
    expect(code).toBe(0);
    expect(lines(stdout)[0]).toMatch(/^layer +kind +direction +options +in +out +parameters +multiply-adds a step$/);
    expect(stdout).toContain('layer0.forward.inputWeights [');
  });
  it('names the field that is wrong and what is allowed', async () => {
    const file = join(await temporaryFolder(), 'network.json');
    const network = JSON.parse(await fs.readFile(example, 'utf8')) as object;
    await fs.writeFile(file, JSON.stringify({ ...network, layers: [{ cell: 'esn' }] }));
    const { code, stdout, stderr } = await unroll('describe', file);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('layers.0.cell');
    expect(stderr).toContain('gru');
  });
});

describe('unroll train', () => {
  async function trainingPlace(epochs = 2) {
    const folder = await temporaryFolder();
    const { coefficients, deltas } = tinyManifest('forward').frontEnd;
    const config = {
      id: 'little',
      name: { en: 'Little', zh: '小' },
      understands: { en: 'a and b.', zh: 'a 和 b。' },
      frontEnd: { ...tinyManifest('forward').frontEnd, coefficients, deltas, normalisation: { kind: 'none' } },
      vocabulary: null,
      network: { layers: [{ cell: 'lstm', units: 4, direction: 'forward' }], dropout: 0 },
      training: { epochs, learningRate: 0.01, validationFraction: 0 },
      augmentation: { copies: 1 },
    };
    const configFile = join(folder, 'config.json');
    const manifest = join(folder, 'data.tsv');
    await fs.writeFile(configFile, JSON.stringify(config));
    await fs.writeFile(manifest, `${sound('one.wav')}\tab a\n${sound('two.wav')}\tba\n`);
    return { folder, configFile, manifest, out: join(folder, 'run') };
  }

  it('writes a model that transcribe can use, and tells of its epochs on stderr', async () => {
    const { configFile, manifest, out } = await trainingPlace();
    const outcome = await unroll('train', '--config', configFile, '--data', manifest, '--out', out, '--json');
    expect(outcome.code).toBe(0);
    expect(onlyLine(outcome)).toMatchObject({ model: join(out, 'model'), epoch: 2, epochs: 2 });
    expect(outcome.stderr).toContain('epoch 1 of 2');
    const heard = await unroll(
      'transcribe',
      '--json',
      ...['--backend', 'wasm', '--model', join(out, 'model')],
      sound('one.wav'),
    );
    expect(onlyLine(heard)).toMatchObject({ modelId: 'little' });
  });

  it('keeps its compiled programs for the next run, and TensorFlow’s complaints of them to itself', async () => {
    const { configFile, manifest, out } = await trainingPlace();
    const cache = await temporaryFolder();
    vi.stubEnv('UNROLL_CACHE', cache);
    onTestFinished(() => void vi.unstubAllEnvs());
    const parameters = (run: string) => ['--config', configFile, '--data', manifest, '--out', `${out}${run}`, '--json'];
    const train = (run: string) => unroll('train', '--backend', 'compiled', ...parameters(run));
    const first = await train('1');
    const [folder] = await fs.readdir(join(cache, 'compiled'));
    const programs = await fs.readdir(join(cache, 'compiled', folder!));
    expect(programs.length).toBeGreaterThan(0);
    expect(programs).not.toContain('in-use');
    const second = await train('2');
    expect(await fs.readdir(join(cache, 'compiled', folder!))).toEqual(programs);
    expect(onlyLine(second)).toMatchObject({ trainLoss: (onlyLine(first) as { trainLoss: number }).trainLoss });
    for (const { stderr } of [first, second]) expect(stderr).not.toMatch(/^(E0000|I0000|WARNING)/m);
  });

  it('that is interrupted ends after its step with one line that says so, and goes on later', async () => {
    const { configFile, manifest, out } = await trainingPlace(400);
    const parameters = [
      'train',
      '--config',
      configFile,
      '--data',
      manifest,
      '--out',
      out,
      '--json',
      '--backend',
      'wasm',
    ];
    const stopped = await start(parameters, (stderr, child) => {
      if (stderr.includes('epoch 2 of 400') && !child.killed) child.kill('SIGINT');
    });
    expect(stopped.code).toBe(130);
    const { epoch } = onlyLine(stopped) as { epoch: number };
    expect(onlyLine(stopped)).toMatchObject({ out, isStopped: true, epochs: 400 });
    expect(stopped.stderr).toContain('The same command goes on with');
    const next = await start(parameters, (stderr, child) => {
      if (stderr.includes('of 400') && !child.killed) child.kill('SIGINT');
    });
    expect((onlyLine(next) as { epoch: number }).epoch).toBeGreaterThan(epoch);
  });

  it('is interrupted as well where it keeps programs', async () => {
    const { configFile, manifest, out } = await trainingPlace(4000);
    vi.stubEnv('UNROLL_CACHE', await temporaryFolder());
    onTestFinished(() => void vi.unstubAllEnvs());
    const parameters = ['train', '--config', configFile, '--data', manifest, '--out', out, '--json'];
    const stopped = await start(parameters, (stderr, child) => {
      if (stderr.includes('epoch 2 of 4000') && !child.killed) child.kill('SIGINT');
    });
    expect(stopped.code).toBe(130);
    expect(onlyLine(stopped)).toMatchObject({ isStopped: true });
  });

  it('goes on only with a run that is there, by its own configuration', async () => {
    const { configFile, manifest, out } = await trainingPlace();
    const nothing = await unroll('train', '--data', manifest, '--out', out, '--resume');
    expect({ code: nothing.code, stdout: nothing.stdout }).toEqual({ code: 1, stdout: '' });
    expect(nothing.stderr).toContain('There is no run');
    const none = await unroll('train', '--data', manifest, '--out', out);
    expect({ code: none.code, stdout: none.stdout }).toEqual({ code: 2, stdout: '' });
    await unroll('train', '--config', configFile, '--data', manifest, '--out', out, '--backend', 'wasm');
    const again = await unroll('train', '--data', manifest, '--out', out, '--resume', '--json', '--backend', 'wasm');
    expect(onlyLine(again)).toMatchObject({ model: join(out, 'model'), best: { epoch: 2 } });
  });

  it('names a recording that has vanished, and goes on when it is back', async () => {
    const { folder, configFile, manifest, out } = await trainingPlace(3);
    const vanishing = join(folder, 'three.wav');
    await fs.copyFile(sound('one.wav'), vanishing);
    await fs.appendFile(manifest, `${vanishing}\tab\n`);
    const parameters = ['train', '--config', configFile, '--data', manifest, '--out', out, '--backend', 'wasm'];
    const paused = await start(parameters, (stderr, child) => {
      if (stderr.includes('epoch 1 of 3') && !child.killed) child.kill('SIGINT');
    });
    expect(paused.code).toBe(130);
    await fs.rename(vanishing, `${vanishing}.away`);
    const { code, stdout, stderr } = await unroll(...parameters);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(lines(stderr)).toEqual([`${vanishing} was not found.`]);
    await fs.rename(`${vanishing}.away`, vanishing);
    const last = await unroll(...parameters);
    expect(last.code).toBe(0);
    expect(last.stderr).not.toContain('epoch 1 of 3');
    expect(last.stderr).toContain('epoch 3 of 3');
  });

  it('begins with a model, whose features are kept', async () => {
    const { folder, manifest, out } = await trainingPlace();
    const configFile = join(folder, 'more.json');
    const config = JSON.parse(await fs.readFile(join(folder, 'config.json'), 'utf8')) as { network: object };
    const layers = [{ cell: 'lstm', units: 12, direction: 'forward' }];
    await fs.writeFile(configFile, JSON.stringify({ ...config, network: { ...config.network, layers } }));
    const parameters = ['train', '--config', configFile, '--data', manifest, '--out', out, '--backend', 'wasm'];
    const trained = await unroll(...parameters, '--from', join(assets, 'models/tiny-live'));
    expect(trained.code).toBe(0);
    const { manifest: made } = await readModel(join(out, 'model'));
    const { manifest: first } = await readModel(join(assets, 'models/tiny-live'));
    expect(made).toMatchObject({ id: 'little', frontEnd: { normalisation: { kind: 'training-statistics' } } });
    expect('frontEnd' in made && made.frontEnd).toEqual('frontEnd' in first && first.frontEnd);
    expect(await fs.readFile(join(out, 'MODEL_CARD.md'), 'utf8')).toContain('Begun with tiny-live: 1 of its layers');
    const other = await unroll(...parameters, '--from', join(assets, 'models/tiny-whole'));
    expect({ code: other.code, stdout: other.stdout }).toEqual({ code: 1, stdout: '' });
    expect(lines(other.stderr)).toHaveLength(1);
  });

  it('finds a learning rate and keeps nothing', async () => {
    const { folder, configFile, manifest } = await trainingPlace();
    const before = await fs.readdir(folder);
    const found = await unroll('train', '--config', configFile, '--data', manifest, '--find-rate', '--json');
    expect(found.code).toBe(0);
    const { points } = onlyLine(found) as { points: { learningRate: number }[] };
    expect(points.length).toBeGreaterThan(10);
    expect(points[1]!.learningRate).toBeGreaterThan(points[0]!.learningRate);
    expect(await fs.readdir(folder)).toEqual(before);
  });

  it.each([
    ['nothing', 'gone.json', 'was not found'],
    ['a folder', '.', 'could not be read'],
  ])('is not begun where the configuration is %s', async (_what, name, sentence) => {
    const { folder, manifest, out } = await trainingPlace();
    const { code, stdout, stderr } = await unroll(
      'train',
      ...['--config', join(folder, name), '--data', manifest, '--out', out],
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(lines(stderr)).toHaveLength(1);
    expect(stderr).toContain(sentence);
  });

  it('names what is wrong with a configuration', async () => {
    const { folder, manifest, out } = await trainingPlace();
    const configFile = join(folder, 'wrong.json');
    await fs.writeFile(configFile, '{ "id": "Not an id" }');
    const { code, stdout, stderr } = await unroll('train', '--config', configFile, '--data', manifest, '--out', out);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(lines(stderr)).toHaveLength(1);
    expect(stderr).toContain('wrong.json: id is not valid.');
  });
});
