import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EventEnvelope } from '../../app/contract/messages';
import { runControlMethods, runReadingMethods, type RunState } from '../../app/contract/runs';
import { Engines } from '../../main/engines';
import type { SupervisorLimits } from '../../main/engineSupervisor';
import { fakeStart, type FakeLink } from './fixtures/fakeLinks';

const LIMITS: Partial<SupervisorLimits> = { firstDelayMs: 100, longestDelayMs: 300, quickDeaths: 3 };

function open() {
  const roles = { listening: fakeStart(), training: fakeStart() };
  const events: EventEnvelope[] = [];
  const logs: string[] = [];
  const engines = new Engines({
    start: (role) => roles[role].start,
    onEvent: (event) => events.push(event),
    log: (line) => logs.push(line),
    limits: { listening: { ...LIMITS, steadyMs: 10_000 }, training: LIMITS },
  });
  engines.start();
  return { engines, listening: roles.listening, training: roles.training, events, logs };
}
const settle = (): Promise<void> => vi.advanceTimersByTimeAsync(0).then(() => undefined);
const pass = (ms: number): Promise<void> => vi.advanceTimersByTimeAsync(ms).then(() => undefined);
const run = (state: RunState) => ({
  ...{ format: 'unroll-run', version: 1, id: 'a', name: 'a', createdAt: '2026-01-01', state, setId: 'words' },
  ...{ fromModelId: null, place: null, parameters: 1, progress: null, best: null, error: null, modelId: null },
  deletedAt: null,
});
const runId = { runId: 'a' };
const methodsOf = ({ sent }: FakeLink): string[] =>
  sent.map(({ method }) => method).filter((method) => method !== 'system.info');

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the engine that trains', () => {
  it('is not started where no run waits', async () => {
    const { listening, training } = open();
    listening.newest().live();
    await settle();
    listening.newest().reply('runs.list', { runs: [run('paused'), run('finished'), run('failed'), run('stopped')] });
    await settle();
    expect(training.links).toEqual([]);
  });

  it.each<RunState>(['queued', 'running', 'pausing', 'stopping'])('is started where a run is %s', async (state) => {
    const { listening, training } = open();
    listening.newest().live();
    await settle();
    listening.newest().reply('runs.list', { runs: [run('paused'), run(state)] });
    await settle();
    expect(training.links).toHaveLength(1);
  });

  it('is started by the first question that is its to answer', async () => {
    const { engines, training } = open();
    const answer = engines.ask('runs.pause', runId);
    training.newest().reply('runs.pause', 'paused');
    await settle();
    expect(await answer).toEqual({ isOk: true, body: 'paused' });
    void engines.ask('runs.resume', runId);
    expect(training.links).toHaveLength(1);
  });

  it('alone is asked what changes runs', () => {
    const { engines, listening, training } = open();
    for (const method of Object.keys(runControlMethods) as (keyof typeof runControlMethods)[])
      void engines.ask(method, {});
    expect(methodsOf(training.newest())).toEqual(Object.keys(runControlMethods));
    expect(methodsOf(listening.newest())).toEqual([]);
  });

  it('is not asked what is only read', () => {
    const { engines, listening, training } = open();
    const reading = Object.keys(runReadingMethods) as (keyof typeof runReadingMethods)[];
    for (const method of [...reading, 'models.list'] as const) void engines.ask(method, {});
    expect(methodsOf(listening.newest())).toEqual([...reading, 'models.list']);
    expect(training.links).toEqual([]);
  });

  it('tells of runs, but never how it is itself', async () => {
    const { engines, training, events } = open();
    void engines.ask('runs.pause', runId);
    training.newest().live();
    training.newest().say({ kind: 'event', event: 'runs.changed', body: { run: run('running') } });
    await settle();
    training.newest().die();
    await settle();
    expect(events.map(({ event }) => event)).toEqual(['engine.state', 'runs.changed']);
    expect(events[0]!.body).toMatchObject({ state: 'starting' });
  });

  it('dies without the one that listens', async () => {
    const { engines, listening, training } = open();
    const answer = engines.ask('runs.pause', runId);
    training.newest().die();
    await settle();
    expect(await answer).toMatchObject({ isOk: false, error: { code: 'engine.restarting' } });
    void engines.ask('models.list', {});
    expect(methodsOf(listening.newest())).toEqual(['models.list']);
    expect(listening.links).toHaveLength(1);
    await pass(100);
    expect(training.links).toHaveLength(2);
  });

  it('is started again and again where it was ready each time: it gives up runs, not itself', async () => {
    const { engines, training } = open();
    void engines.ask('runs.pause', runId);
    for (let life = 1; life <= 8; life++) {
      expect(training.links).toHaveLength(life);
      training.newest().live();
      await settle();
      training.newest().die();
      await pass(400);
    }
  });

  it('is given up where it is never ready', async () => {
    const { engines, training } = open();
    void engines.ask('runs.pause', runId);
    for (let life = 0; life < 6; life++) {
      training.newest().die();
      await pass(400);
    }
    expect(training.links).toHaveLength(4);
    expect(await engines.ask('runs.pause', runId)).toMatchObject({ isOk: false, error: { code: 'engine.failed' } });
  });
});

describe('the end of the program', () => {
  it('is asked of both', async () => {
    const { engines, listening, training } = open();
    void engines.ask('runs.pause', runId);
    await engines.stop();
    expect([listening.newest().isAskedToEnd, training.newest().isAskedToEnd]).toEqual([true, true]);
  });

  it('waits for a step and its checkpoint', async () => {
    const { engines, training } = open();
    void engines.ask('runs.pause', runId);
    training.newest().isObedient = false;
    const stopping = engines.stop();
    await pass(15_000);
    expect(training.newest().isKilled).toBe(false);
    training.newest().die();
    await pass(1);
    await stopping;
  });

  it('starts nothing any more', async () => {
    const { engines, listening, training } = open();
    listening.newest().live();
    await settle();
    await engines.stop();
    expect(await engines.ask('runs.pause', runId)).toMatchObject({ isOk: false });
    expect(training.links).toEqual([]);
  });
});
