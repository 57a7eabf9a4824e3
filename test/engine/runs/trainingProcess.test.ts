// The engine that trains as a process of its own, with a real network on real recordings.
import { promises as fs } from 'node:fs';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { RunState, RunStatus } from '../../../app/contract/runs';
import { buildEngine } from '../builtEngine';
import { EngineProcess } from '../engineProcess';
import { clips, config, EPOCHS, place, type Place } from './digitSet';

// Each engine is a process of its own.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let built: { file: string; folder: string };
beforeAll(async () => {
  built = await buildEngine('process');
});
afterAll(() => fs.rm(built.folder, { recursive: true, force: true }));

function open(at: Place, role: 'listening' | 'training' = 'training'): EngineProcess {
  const engine = new EngineProcess({ ...at, role, rung: 'wasm', file: built.file });
  onTestFinished(() => engine.kill());
  return engine;
}
const begin = async (engine: EngineProcess, name = 'digits', change: Partial<typeof config.training> = {}) =>
  (
    await engine.ask('runs.start', {
      ...{ name, setId: 'digits', fromModelId: null },
      config: { ...config, training: { ...config.training, ...change } },
    })
  ).run;
/** The run as soon as the engine tells that it is so. */
async function told(engine: EngineProcess, id: string, states: readonly RunState[]): Promise<RunStatus> {
  const find = (): RunStatus | undefined =>
    engine
      .heard('runs.changed')
      .map(({ run }) => run)
      .findLast((run) => run.id === id);
  await engine.until(() => states.includes(find()?.state ?? 'queued'));
  return find()!;
}
const stepsTold = (engine: EngineProcess): number[] =>
  engine.heard('runs.stepped').flatMap(({ steps }) => [...steps.loss].map((_, index) => steps.first + index));
const untilStep = (engine: EngineProcess, step: number): Promise<void> =>
  engine.until(() => stepsTold(engine).some((told) => told >= step));
const weightsOf = (at: Place, id: string): Promise<Buffer> =>
  fs.readFile(join(at.runs.folder(id), 'model', 'weights.safetensors'));
/** What the run has learned without anything in its way. */
let straight: Promise<Buffer> | null = null;
const straightWeights = (): Promise<Buffer> =>
  (straight ??= (async () => {
    const at = await place();
    const engine = open(at);
    const { id } = await begin(engine);
    expect((await told(engine, id, ['finished', 'failed'])).state).toBe('finished');
    return weightsOf(at, id);
  })());

describe('the engine that trains', () => {
  it('leaves the processor to others', async () => {
    const engine = open(await place());
    await engine.ask('system.info', {});
    expect(getPriority(engine.pid)).toBeGreaterThan(getPriority());
  });

  it('learns a run step by step, and its model is on the shelf', async () => {
    const at = await place();
    const [engine, listening] = [open(at), open(at, 'listening')];
    const { id } = await begin(engine, 'My digits');
    expect(await told(engine, id, ['finished', 'failed'])).toMatchObject({
      state: 'finished',
      error: null,
      modelId: id,
    });
    const total = EPOCHS * 7;
    expect(stepsTold(engine)).toEqual(Array.from({ length: total }, (_, step) => step));
    expect(engine.heard('runs.epochEnded').map(({ epoch }) => epoch.epoch)).toEqual([1, 2, 3, 4]);
    expect(engine.heard('models.changed')).toHaveLength(1);

    const { models } = await listening.ask('models.list', {});
    expect(models.find((model) => model.id === id)).toMatchObject({ name: { en: 'My digits', zh: 'My digits' } });
    expect(await listening.ask('models.open', { modelId: id })).toMatchObject({ isStreaming: true });
    expect((await listening.ask('runs.list', {})).runs).toMatchObject([{ id, state: 'finished' }]);
    const { steps, total: stored, parts } = await listening.ask('runs.steps', { runId: id, first: 5, count: 10 });
    expect([steps.first, steps.loss.length, steps.partNorms.length, stored, parts]).toEqual([5, 10, 20, total, 2]);
    expect((await listening.ask('runs.epochs', { runId: id })).epochs).toEqual(
      engine.heard('runs.epochEnded').map(({ epoch }) => epoch),
    );
    const weights = await listening.ask('runs.weights', { runId: id, afterEpoch: 1 });
    expect(weights.epochs.map(({ epoch }) => epoch)).toEqual([2, 3, 4]);
    expect(weights.epochs[0]!.parameters.map(({ name }) => name)).toContain('layer0.forward.recurrentWeights');
    const opened = await listening.ask('runs.open', { runId: id });
    expect(opened.parts.map(({ layer }) => layer?.cell ?? null)).toEqual(['lstm', null]);
    expect(opened.parts.reduce((sum, { parameters }) => sum + parameters, 0)).toBe(opened.run.parameters);
    const { epoch, hearings } = await listening.ask('runs.hearings', { runId: id });
    expect([epoch, hearings.length]).toEqual([EPOCHS, 2]);
    const { pcm } = await listening.ask('runs.hearingAudio', { runId: id, hearing: 0 });
    expect(pcm.length).toBeGreaterThan(4_000);

    await engine.ask('runs.rename', { runId: id, name: 'Ten digits' });
    const renamed = (await listening.ask('models.list', {})).models.find((model) => model.id === id);
    expect(renamed?.name).toEqual({ en: 'Ten digits', zh: 'Ten digits' });
    expect(await listening.ask('models.open', { modelId: id })).toMatchObject({ id });
  });

  it('is alone with the runs', async () => {
    const at = await place();
    await open(at).ask('system.info', {});
    await expect(open(at).ask('system.info', {})).rejects.toMatchObject({ code: 'data.inUse' });
  });

  it('says what to expect of a run', async () => {
    const at = await place();
    const [engine, listening] = [open(at), open(at, 'listening')];
    const asked = { setId: 'digits', config, fromModelId: null };
    const { advice } = await listening.ask('runs.advise', asked);
    expect(advice).toMatchObject({ recordings: 7, classes: 10, speakers: 1, fewestPerClass: 0, kept: null });
    expect(advice.symbols).toContain('z');
    const { seconds } = await engine.ask('runs.expectedTime', asked);
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThan(60);
  });

  it('looks for a learning rate, and keeps nothing of it', async () => {
    const at = await place();
    const engine = open(at);
    const { points, suggestion } = await engine.ask('runs.findRate', { setId: 'digits', config, fromModelId: null });
    expect(points.length).toBeGreaterThan(10);
    const rates = points.map(({ learningRate }) => learningRate);
    expect(rates).toEqual([...rates].sort((a, b) => a - b));
    expect(suggestion === null || rates.includes(suggestion)).toBe(true);
    expect(await at.runs.all()).toEqual([]);
  });

  it('begins with a model: a copy of it stands in the run’s folder', async () => {
    const at = await place();
    const engine = open(at);
    const first = await begin(engine);
    await told(engine, first.id, ['finished', 'failed']);
    const asked = { name: 'more', setId: 'digits', config };
    const { run } = await engine.ask('runs.start', { ...asked, fromModelId: first.id });
    expect(await told(engine, run.id, ['finished', 'failed'])).toMatchObject({
      state: 'finished',
      fromModelId: first.id,
    });
    const lossOf = (id: string): number =>
      engine.heard('runs.stepped').find(({ steps }) => steps.runId === id && steps.first === 0)!.steps.loss[0]!;
    expect(lossOf(run.id)).toBeLessThan(lossOf(first.id));
    const start = await fs.readFile(join(at.runs.folder(run.id), 'start', 'weights.safetensors'));
    expect(start).toEqual(await fs.readFile(join(at.data, 'models', first.id, 'weights.safetensors')));
    await expect(engine.ask('runs.start', { ...asked, fromModelId: 'none' })).rejects.toMatchObject({
      code: 'model.missing',
    });
  });

  it('refuses a set that is not there, and one with nothing to learn', async () => {
    const at = await place();
    const engine = open(at);
    const asked = { name: 'none', setId: 'none', config, fromModelId: null };
    await expect(engine.ask('runs.start', asked)).rejects.toMatchObject({ code: 'dataset.missing' });
    const manifest = join(at.data, 'sets', 'digits', 'manifest.tsv');
    await fs.writeFile(manifest, (await fs.readFile(manifest, 'utf8')).replace(/\ttrain/g, '\ttest'));
    await expect(engine.ask('runs.start', { ...asked, setId: 'digits' })).rejects.toMatchObject({
      code: 'dataset.empty',
    });
    expect(await at.runs.all()).toEqual([]);
  });
});

describe('a run that is interrupted', () => {
  it('by a pause in mid-epoch ends as one that was not', async () => {
    const at = await place();
    const engine = open(at);
    const { id } = await begin(engine);
    await untilStep(engine, 10);
    await engine.ask('runs.pause', { runId: id });
    await told(engine, id, ['paused']);
    const done = stepsTold(engine).length;
    expect(done).toBeLessThan(EPOCHS * 7);
    await engine.ask('runs.resume', { runId: id });
    await told(engine, id, ['finished', 'failed']);
    expect(stepsTold(engine)).toEqual(Array.from({ length: EPOCHS * 7 }, (_, step) => step));
    expect(await weightsOf(at, id)).toEqual(await straightWeights());
  });

  it('by SIGKILL goes on by itself and ends as one that was not', async () => {
    const at = await place();
    let engine = open(at);
    const { id } = await begin(engine);
    for (const step of [5, 12, 19]) {
      await untilStep(engine, step);
      await engine.kill();
      engine = open(at);
    }
    expect(await told(engine, id, ['finished', 'failed'])).toMatchObject({ state: 'finished' });
    expect(await weightsOf(at, id)).toEqual(await straightWeights());
    const text = await fs.readFile(join(at.runs.folder(id), 'steps.jsonl'), 'utf8');
    const steps = text
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { runStep: number }).runStep);
    expect(steps).toEqual(Array.from({ length: EPOCHS * 7 }, (_, step) => step + 1));
  });

  it('by three deaths in a row without a checkpoint between them has failed with a sentence, until it is asked for', async () => {
    const at = await place();
    let engine = open(at);
    // Steps so many and so long that no epoch reaches its end.
    const change = { checkpointSteps: 100_000, epochs: 2 };
    const layers = [{ cell: 'lstm', units: 128, direction: 'bidirectional' }] as const;
    const { run } = await engine.ask('runs.start', {
      ...{ name: 'digits', setId: 'digits', fromModelId: null },
      config: {
        ...config,
        network: { ...config.network, layers: [...layers] },
        training: { ...config.training, ...change },
        augmentation: { ...config.augmentation, copies: 8 },
      },
    });
    for (const _death of [1, 2, 3]) {
      await untilStep(engine, 1);
      await engine.kill();
      engine = open(at);
    }
    const failed = await told(engine, run.id, ['running', 'failed']);
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'run.died', params: { times: 3 } } });
    expect(stepsTold(engine)).toEqual([]);
    await engine.ask('runs.resume', { runId: run.id });
    await untilStep(engine, 1);
  });

  it('by the end of the program leaves in order, and is the first to go on', async () => {
    const at = await place();
    const engine = open(at);
    const { id } = await begin(engine);
    const waiting = await begin(engine, 'second');
    await untilStep(engine, 4);
    await engine.end();
    expect((await engine.exited).code).toBe(0);
    expect(await at.runs.get(id)).toMatchObject({ state: 'queued', place: 0 });
    expect(await at.runs.get(waiting.id)).toMatchObject({ state: 'queued', place: 1 });
    const next = open(at);
    await told(next, id, ['finished', 'failed']);
    expect(await weightsOf(at, id)).toEqual(await straightWeights());
  });
});

describe('a run that is stopped', () => {
  it('has made a model of its best epoch', async () => {
    const at = await place();
    const engine = open(at);
    const { id } = await begin(engine, 'long', { epochs: 1000 });
    await untilStep(engine, 15);
    await engine.ask('runs.stop', { runId: id });
    const run = await told(engine, id, ['stopped', 'failed']);
    expect(run).toMatchObject({ state: 'stopped', modelId: id });
    expect(run.best?.epoch).toBeGreaterThan(0);
    const listening = open(at, 'listening');
    expect((await listening.ask('models.list', {})).models.map((model) => model.id)).toContain(id);
  });
});

describe('a run whose recordings vanish', () => {
  it('has failed with a sentence, and goes on when they are back', async () => {
    const at = await place();
    const engine = open(at);
    const copy = join(at.data, 'sets', 'digits', 'five.wav');
    const manifest = join(at.data, 'sets', 'digits', 'manifest.tsv');
    const text = await fs.readFile(manifest, 'utf8');
    await fs.writeFile(manifest, text.replace(`${clips}/asterisk_digits_5.wav`, 'five.wav'));
    const { id } = await begin(engine);
    expect(await told(engine, id, ['finished', 'failed'])).toMatchObject({
      state: 'failed',
      error: { code: 'file.missing' },
    });
    await fs.copyFile(`${clips}/asterisk_digits_5.wav`, copy);
    await engine.ask('runs.resume', { runId: id });
    await told(engine, id, ['running']);
    expect(await told(engine, id, ['finished', 'failed'])).toMatchObject({ state: 'finished', error: null });
  });
});
