// unroll train as a shell sees it: what it writes, how it is ended and taken up again.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { readModel } from '../../engine/library/modelFiles';
import { lines, onlyLine, sound, start, unroll, assetsFolder, withBuiltCommand } from './builtCommand';
import { temporaryFolder } from './temporary';
import { tinyManifest } from './tinyModel';

withBuiltCommand();

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
    const trained = await unroll(...parameters, '--from', join(assetsFolder(), 'models/tiny-live'));
    expect(trained.code).toBe(0);
    const { manifest: made } = await readModel(join(out, 'model'));
    const { manifest: first } = await readModel(join(assetsFolder(), 'models/tiny-live'));
    expect(made).toMatchObject({ id: 'little', frontEnd: { normalisation: { kind: 'training-statistics' } } });
    expect('frontEnd' in made && made.frontEnd).toEqual('frontEnd' in first && first.frontEnd);
    expect(await fs.readFile(join(out, 'MODEL_CARD.md'), 'utf8')).toContain('Begun with tiny-live: 1 of its layers');
    const other = await unroll(...parameters, '--from', join(assetsFolder(), 'models/tiny-whole'));
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
