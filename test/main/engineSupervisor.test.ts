import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import chinese from '../../assets/messages/zh/errors.json';
import { errorText, UnrollError } from '../../app/errors';
import type { EventEnvelope } from '../../app/contract/messages';
import { EngineSupervisor, type EngineState, type SupervisorLimits } from '../../main/engineSupervisor';
import { fakeStart } from './fixtures/fakeLinks';

const LIMITS: SupervisorLimits = {
  startingMs: 5_000,
  watchMs: 1_000,
  hangingMs: 4_000,
  steadyMs: 10_000,
  quickDeaths: 3,
  firstDelayMs: 100,
  longestDelayMs: 300,
  endingMs: 2_000,
};

function supervise(check?: () => Promise<void>) {
  const { start, links, newest } = fakeStart();
  const events: EventEnvelope[] = [];
  const logs: string[] = [];
  const supervisor = new EngineSupervisor({
    start,
    check,
    onEvent: (event) => events.push(event),
    log: (line) => logs.push(line),
    limits: LIMITS,
  });
  supervisor.start();
  const states = (): EngineState['state'][] =>
    events.filter(({ event }) => event === 'engine.state').map(({ body }) => (body as EngineState).state);
  return { supervisor, links, newest, events, logs, states };
}

/** Lets everything that was said be heard. */
const settle = (): Promise<void> => vi.advanceTimersByTimeAsync(0).then(() => undefined);
const pass = (ms: number): Promise<void> => vi.advanceTimersByTimeAsync(ms).then(() => undefined);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a supervised engine', () => {
  it('is ready with its first answer', async () => {
    const { supervisor, newest, states } = supervise();
    expect(states()).toEqual(['starting']);
    newest().live();
    await settle();
    expect(states()).toEqual(['starting', 'ready']);
    expect(supervisor.state).toEqual({ state: 'ready', error: null });
  });

  it('is asked with ids of the supervisor, and answers each question', async () => {
    const { supervisor, newest } = supervise();
    const first = supervisor.ask('models.list', {});
    const second = supervisor.ask('samples.list', {});
    newest().reply('samples.list', 'second');
    newest().reply('models.list', 'first');
    await settle();
    expect(await Promise.all([first, second])).toEqual([
      { isOk: true, body: 'first' },
      { isOk: true, body: 'second' },
    ]);
    expect(new Set(newest().sent.map(({ id }) => id)).size).toBe(3);
  });

  it('passes its errors on', async () => {
    const { supervisor, newest } = supervise();
    const answer = supervisor.ask('models.list', {});
    newest().refuse('models.list', 'Not now.');
    await settle();
    expect(await answer).toMatchObject({ isOk: false, error: { message: 'Not now.' } });
  });

  it('passes its events on', async () => {
    const { newest, events } = supervise();
    newest().say({ kind: 'event', event: 'recordings.changed', body: { recoveredIds: [] } });
    await settle();
    expect(events.at(-1)).toEqual({ kind: 'event', event: 'recordings.changed', body: { recoveredIds: [] } });
  });

  it('cannot tell its own state', async () => {
    const { newest, states, logs } = supervise();
    newest().say({ kind: 'event', event: 'engine.state', body: { state: 'failed', error: null } });
    await settle();
    expect(states()).toEqual(['starting']);
    expect(logs).toEqual([expect.stringContaining('engine.state')]);
  });

  it('is heard in the order in which it spoke', async () => {
    const { supervisor, newest, events } = supervise();
    const heard: string[] = [];
    void supervisor.ask('models.list', {}).then(async () => {
      await Promise.resolve();
      heard.push(`reply after ${events.filter(({ event }) => event === 'recordings.changed').length} events`);
    });
    const change = { kind: 'event', event: 'recordings.changed', body: { recoveredIds: [] } };
    newest().say(change);
    newest().reply('models.list', {});
    newest().say(change);
    await settle();
    expect(heard).toEqual(['reply after 1 events']);
  });
});

describe('an engine that dies', () => {
  it('is started again after a moment', async () => {
    const { newest, links, states } = supervise();
    newest().live();
    newest().die();
    await settle();
    expect(links).toHaveLength(1);
    await pass(LIMITS.firstDelayMs);
    expect(links).toHaveLength(2);
    newest().live();
    await settle();
    expect(states()).toEqual(['starting', 'ready', 'restarting', 'ready']);
  });

  it('leaves no question unanswered', async () => {
    const { supervisor, newest } = supervise();
    const answer = supervisor.ask('models.list', {});
    newest().die();
    await settle();
    expect(await answer).toMatchObject({ isOk: false, error: { code: 'engine.restarting' } });
  });

  it('has its last words heard', async () => {
    const { supervisor, newest } = supervise();
    const answer = supervisor.ask('models.list', {});
    newest().live();
    newest().reply('models.list', 'last words');
    newest().die();
    await settle();
    expect(await answer).toEqual({ isOk: true, body: 'last words' });
  });

  it('answers nothing while it is down', async () => {
    const { supervisor, newest } = supervise();
    newest().die();
    await settle();
    expect(await supervisor.ask('models.list', {})).toMatchObject({
      isOk: false,
      error: { code: 'engine.restarting' },
    });
  });

  it('says nothing more: what a dead engine had sent is not taken for its successor’s', async () => {
    const { links, newest, events } = supervise();
    newest().die();
    await pass(LIMITS.firstDelayMs);
    const before = events.length;
    links[0]?.say({ kind: 'event', event: 'recordings.changed', body: { recoveredIds: [] } });
    await settle();
    expect(events).toHaveLength(before);
  });

  it('waits longer each time, up to a limit', async () => {
    const { newest, links } = supervise();
    for (const delayMs of [100, 200, 300]) {
      newest().die();
      const count = links.length;
      await pass(delayMs - 1);
      expect(links).toHaveLength(count);
      await pass(1);
      expect(links).toHaveLength(count + 1);
    }
  });

  it('is given up after dying quickly again and again', async () => {
    const { supervisor, newest, links, states } = supervise();
    for (let i = 0; i <= LIMITS.quickDeaths; i++) {
      newest().die();
      await pass(LIMITS.longestDelayMs);
    }
    expect(states().at(-1)).toBe('failed');
    expect(links).toHaveLength(LIMITS.quickDeaths + 1);
    const { error } = supervisor.state;
    expect(error).toMatchObject({ code: 'engine.failed', params: { reason: 'reason.engine.signal' } });
    expect(errorText(chinese, error?.code ?? '', error?.params ?? {})).toBe(
      '引擎无法启动。它被 SIGSEGV 终止。您录下的内容都保存在磁盘上。',
    );
    expect(await supervisor.ask('models.list', {})).toMatchObject({ isOk: false, error: { code: 'engine.failed' } });
  });

  it('that was given up is started once more when the person asks for it', async () => {
    const { supervisor, newest, links, states } = supervise();
    supervisor.startAnew();
    expect(links).toHaveLength(1);
    for (let i = 0; i <= LIMITS.quickDeaths; i++) {
      newest().die();
      await pass(LIMITS.longestDelayMs);
    }
    supervisor.startAnew();
    newest().live();
    await settle();
    expect(states().slice(-3)).toEqual(['failed', 'starting', 'ready']);
    newest().die();
    expect(await pass(LIMITS.firstDelayMs).then(() => states().at(-1))).toBe('restarting');
  });

  it('is given up with what it says keeps it from working, tried once more, where time does not mend that', async () => {
    const { supervisor, newest, links } = supervise();
    for (let i = 0; i < 2; i++) {
      newest().refuse('system.info', 'The backend does not work here.');
      await pass(LIMITS.longestDelayMs);
    }
    expect(links).toHaveLength(2);
    expect(supervisor.state).toMatchObject({ state: 'failed', error: { code: 'backend.unavailable' } });
  });

  it('is not given up when it lived long in between', async () => {
    const { newest, states, links } = supervise();
    for (let i = 0; i <= LIMITS.quickDeaths + 2; i++) {
      newest().live();
      await settle();
      // Alive, and answering whenever it is asked.
      for (let ms = 0; ms < LIMITS.steadyMs; ms += LIMITS.watchMs) {
        await pass(LIMITS.watchMs);
        newest().live();
        await settle();
      }
      newest().die();
      await pass(LIMITS.firstDelayMs);
    }
    expect(states()).not.toContain('failed');
    expect(links).toHaveLength(LIMITS.quickDeaths + 4);
  });
});

describe('an engine that does not answer', () => {
  it('is ended when it never gets ready', async () => {
    const { newest, links, logs } = supervise();
    await pass(LIMITS.startingMs);
    expect(links[0]?.isKilled).toBe(true);
    expect(logs).toEqual([expect.stringContaining('It did not answer within 5 s.')]);
    await pass(LIMITS.firstDelayMs);
    expect(newest()).not.toBe(links[0]);
  });

  it('is ended when it hangs later', async () => {
    const { newest, states } = supervise();
    newest().live();
    await settle();
    await pass(LIMITS.watchMs + LIMITS.hangingMs - 1);
    expect(newest().isKilled).toBe(false);
    await pass(1);
    expect(states().at(-1)).toBe('restarting');
  });

  it('is not ended for the time that the machine slept, or for a clock that was set', async () => {
    const { newest, states } = supervise();
    newest().live();
    await pass(LIMITS.watchMs);
    vi.setSystemTime(Date.now() + 8 * 3_600_000);
    await pass(LIMITS.hangingMs);
    newest().live();
    await pass(LIMITS.watchMs);
    expect(newest().isKilled).toBe(false);
    expect(states()).toEqual(['starting', 'ready']);
  });

  it('is left alone as long as it answers', async () => {
    const { newest, states } = supervise();
    for (let i = 0; i < 20; i++) {
      newest().live();
      await pass(LIMITS.watchMs);
    }
    expect(newest().isKilled).toBe(false);
    expect(states()).toEqual(['starting', 'ready']);
  });

  it('is ended when it says that it cannot work', async () => {
    const { newest, links, logs } = supervise();
    newest().refuse('system.info', 'The backend does not work here.');
    await settle();
    expect(links[0]?.isKilled).toBe(true);
    expect(logs).toEqual([expect.stringContaining('The backend does not work here.')]);
  });

  it.each([
    ['nothing', null],
    ['a text', 'hello'],
    ['an unknown kind', { kind: 'request', id: 1, method: 'models.list', body: {} }],
    ['a reply without an id', { kind: 'reply', isOk: true, body: {} }],
    ['a reply with more than belongs in it', { kind: 'reply', id: 1, isOk: true, body: {}, extra: 1 }],
    ['an error without a code', { kind: 'reply', id: 1, isOk: false, error: { message: 'x', params: {} } }],
  ])('is ended when it sends %s', async (_what, message) => {
    const { newest, links } = supervise();
    newest().say(message);
    await settle();
    expect(links[0]?.isKilled).toBe(true);
  });

  it('is not ended for an event that nobody knows', async () => {
    const { newest, logs } = supervise();
    newest().say({ kind: 'event', event: 'weather.changed', body: {} });
    await settle();
    expect(newest().isKilled).toBe(false);
    expect(logs).toEqual([expect.stringContaining('weather.changed')]);
  });

  it('is not ended for an answer to nothing', async () => {
    const { newest } = supervise();
    newest().say({ kind: 'reply', id: 999, isOk: true, body: {} });
    await settle();
    expect(newest().isKilled).toBe(false);
  });
});

describe('ending', () => {
  it('asks the engine to leave and does not start it again', async () => {
    const { supervisor, newest, links } = supervise();
    const isStopped = supervisor.stop();
    await pass(LIMITS.steadyMs);
    await isStopped;
    expect(newest().isAskedToEnd).toBe(true);
    expect(newest().isKilled).toBe(false);
    expect(links).toHaveLength(1);
  });

  it('ends an engine that does not leave', async () => {
    const { supervisor, newest } = supervise();
    newest().isObedient = false;
    const isStopped = supervisor.stop();
    await pass(LIMITS.endingMs);
    await isStopped;
    expect(newest().isKilled).toBe(true);
  });

  it('cancels a start that is due', async () => {
    const { supervisor, newest, links } = supervise();
    newest().die();
    await settle();
    await supervisor.stop();
    await pass(LIMITS.longestDelayMs);
    expect(links).toHaveLength(1);
  });

  it('answers what was still asked', async () => {
    const { supervisor } = supervise();
    const answer = supervisor.ask('models.list', {});
    void supervisor.stop();
    await settle();
    expect(await answer).toMatchObject({ isOk: false });
  });
});

describe('an engine whose program is checked', () => {
  const changed = new UnrollError('engine.failed', { reason: 'reason.engine.changed', file: 'process.cjs' });

  it('is started afterwards, and is asked what was asked meanwhile', async () => {
    let pass: () => void = () => undefined;
    const { supervisor, links, newest } = supervise(() => new Promise((resolve) => (pass = resolve)));
    const answer = supervisor.ask('models.list', {});
    await settle();
    expect(links).toEqual([]);
    pass();
    await settle();
    newest().reply('models.list', 'all');
    await settle();
    expect(await answer).toEqual({ isOk: true, body: 'all' });
  });

  it('is not started where the check fails, and says why', async () => {
    const { supervisor, links } = supervise(() => Promise.reject(changed));
    await settle();
    expect(links).toEqual([]);
    expect(supervisor.state).toEqual({ state: 'failed', error: changed.toMessage() });
    expect(await supervisor.ask('models.list', {})).toEqual({ isOk: false, error: changed.toMessage() });
  });

  it('is checked once more where a person asks for it', async () => {
    let isWhole = false;
    const { supervisor, links } = supervise(() => (isWhole ? Promise.resolve() : Promise.reject(changed)));
    await settle();
    isWhole = true;
    supervisor.startAnew();
    await settle();
    expect(links).toHaveLength(1);
  });

  it('is not started where the program ends during the check', async () => {
    let pass: () => void = () => undefined;
    const { supervisor, links } = supervise(() => new Promise((resolve) => (pass = resolve)));
    await supervisor.stop();
    pass();
    await settle();
    expect(links).toEqual([]);
  });
});
