import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunStatus } from '../../../app/contract/runs';
import { UnrollError } from '../../../app/errors';
import { Runs } from '../../../engine/library/runs';
import { openFakeEngine, until } from './fakeTraining';

const states = (runs: readonly RunStatus[]) =>
  Object.fromEntries(runs.map(({ name, state, place }) => [name, place === null ? state : `${state} ${place}`]));

describe('a run', () => {
  it('is learned as soon as it is begun, and its model is told', async () => {
    const engine = await openFakeEngine();
    const { id } = await engine.start('first');
    await engine.reaches(id, 'running');
    (await engine.training(id)).end();
    expect(await engine.reaches(id, 'finished')).toMatchObject({ modelId: id, error: null, place: null });
    expect(engine.modelsMade).toBe(1);
  });

  it('waits for the one before it', async () => {
    const engine = await openFakeEngine();
    const [a, b] = [await engine.start('a'), await engine.start('b'), await engine.start('c')];
    const training = await engine.training(a.id);
    expect(states(engine.list.shown())).toEqual({ a: 'running', b: 'queued 0', c: 'queued 1' });
    training.end();
    await engine.training(b.id);
    expect(states(engine.list.shown())).toEqual({ a: 'finished', b: 'running', c: 'queued 0' });
    expect(engine.trainings.map(({ id }) => id)).toEqual([a.id, b.id]);
  });

  it('tells its steps gathered, without a gap', async () => {
    const engine = await openFakeEngine();
    const { id } = await engine.start('a');
    const training = await engine.training(id);
    for (let step = 0; step < 50; step++) training.step();
    training.end();
    await engine.reaches(id, 'finished');
    expect(engine.told.length).toBeLessThan(5);
    let next = 0;
    for (const [first, count] of engine.told) {
      expect(first).toBe(next);
      next += count;
    }
    expect(next).toBe(50);
  });

  it('says how far it is, to whoever asks', async () => {
    const engine = await openFakeEngine();
    const { id } = await engine.start('a');
    const training = await engine.training(id);
    training.step();
    training.step();
    const { progress } = engine.list.get(id);
    expect(progress).toMatchObject({ activity: 'learning', epoch: 0, epochs: 2, step: 2, stepsPerEpoch: 100 });
    expect(progress?.fraction).toBeCloseTo(0.02);
    expect(progress?.peakBytes).toBeGreaterThan(1e6);
  });
});

describe('pausing', () => {
  it('ends after the step at hand and lets the next one run', async () => {
    const engine = await openFakeEngine();
    const [a, b] = [await engine.start('a'), await engine.start('b')];
    const training = await engine.training(a.id);
    expect((await engine.queue.pause(a.id)).state).toBe('pausing');
    training.step();
    await engine.reaches(a.id, 'paused');
    await engine.reaches(b.id, 'running');
    expect((await engine.queue.resume(a.id)).state).toBe('queued');
    (await engine.training(b.id)).end();
    await engine.reaches(a.id, 'running');
  });

  it('is taken back where the person thinks again before the step ends', async () => {
    const engine = await openFakeEngine();
    const { id } = await engine.start('a');
    const training = await engine.training(id);
    await engine.queue.pause(id);
    expect((await engine.queue.resume(id)).state).toBe('running');
    training.step();
    training.end();
    await engine.reaches(id, 'finished');
    expect(engine.trainings).toHaveLength(1);
  });

  it('takes a waiting run out of the queue', async () => {
    const engine = await openFakeEngine();
    const [a, b] = [await engine.start('a'), await engine.start('b'), await engine.start('c')];
    await engine.training(a.id);
    await engine.queue.pause(b.id);
    expect(states(engine.list.shown())).toEqual({ a: 'running', b: 'paused', c: 'queued 0' });
  });
});

describe('stopping', () => {
  it('makes a model of the best weights', async () => {
    const engine = await openFakeEngine();
    const { id } = await engine.start('a');
    const training = await engine.training(id);
    expect((await engine.queue.stop(id)).state).toBe('stopping');
    training.step();
    expect(await engine.reaches(id, 'stopped')).toMatchObject({ modelId: id });
    await expect(engine.queue.resume(id)).rejects.toMatchObject({ code: 'run.over' });
  });

  it('makes one of a paused run as well, before what waits goes on', async () => {
    const engine = await openFakeEngine();
    const a = await engine.start('a');
    const training = await engine.training(a.id);
    await engine.queue.pause(a.id);
    training.look();
    await engine.reaches(a.id, 'paused');
    const [b, c] = [await engine.start('b'), await engine.start('c')];
    await engine.queue.stop(a.id);
    (await engine.training(b.id)).end();
    const ending = await until(() => engine.trainings.findLast(({ id }) => id === a.id && engine.trainings.length > 2));
    expect(ending.learning.wish()).toBe('stop');
    ending.look();
    await engine.reaches(a.id, 'stopped');
    await engine.reaches(c.id, 'running');
  });
});

describe('the order', () => {
  it('is the person’s', async () => {
    const engine = await openFakeEngine();
    const a = await engine.start('a');
    await engine.training(a.id);
    const ids: Record<string, string> = {};
    for (const name of ['b', 'c', 'd']) ids[name] = (await engine.start(name)).id;
    await engine.queue.move(ids['d']!, ids['b']!);
    expect(states(engine.list.shown())).toEqual({ a: 'running', b: 'queued 1', c: 'queued 2', d: 'queued 0' });
    await engine.queue.move(ids['b']!, null);
    expect(states(engine.list.shown())).toEqual({ a: 'running', b: 'queued 2', c: 'queued 1', d: 'queued 0' });
    await expect(engine.queue.move(a.id, null)).rejects.toMatchObject({ code: 'run.notWaiting' });
    await expect(engine.queue.move(ids['c']!, a.id)).rejects.toMatchObject({ code: 'run.notWaiting' });
  });
});

describe('notes', () => {
  it('are kept with their run', async () => {
    const engine = await openFakeEngine();
    const { id } = await engine.start('a');
    expect(await engine.queue.note(id, 'Half the dropout.')).toMatchObject({ notes: 'Half the dropout.' });
    expect(engine.list.get(id).notes).toBe('Half the dropout.');
  });
});

describe('throwing away', () => {
  it('is refused while a run is at work, and can be taken back', async () => {
    const engine = await openFakeEngine();
    const { id } = await engine.start('a');
    const training = await engine.training(id);
    await expect(engine.queue.delete(id)).rejects.toMatchObject({ code: 'run.atWork' });
    training.end();
    await engine.reaches(id, 'finished');
    await engine.queue.delete(id);
    expect(engine.list.shown()).toEqual([]);
    expect(await engine.runs.list()).toEqual([]);
    await engine.queue.restore(id);
    expect(states(engine.list.shown())).toEqual({ a: 'finished' });
  });

  it('is for good after thirty days', async () => {
    const engine = await openFakeEngine();
    const { id } = await engine.start('a');
    (await engine.training(id)).end();
    await engine.reaches(id, 'finished');
    await engine.queue.delete(id);
    const day = 86_400_000;
    await openFakeEngine({ root: engine.root, now: () => new Date(Date.now() + 29 * day) });
    expect(await engine.runs.all()).toHaveLength(1);
    await openFakeEngine({ root: engine.root, now: () => new Date(Date.now() + 31 * day) });
    expect(await fs.readdir(engine.root)).toEqual([]);
  });
});

describe('after the process was killed', () => {
  it('the run at work is the first to go on, and the queue is as it was', async () => {
    const dead = await openFakeEngine();
    const [a, b, c] = [await dead.start('a'), await dead.start('b'), await dead.start('c')];
    await dead.training(a.id);
    await dead.queue.move(c.id, b.id);
    const engine = await openFakeEngine({ root: dead.root });
    await engine.training(a.id);
    expect(states(engine.list.shown())).toEqual({ a: 'running', b: 'queued 1', c: 'queued 0' });
  });

  it('a run that was asked to pause is paused, one that was asked to stop stops', async () => {
    const dead = await openFakeEngine();
    const a = await dead.start('a');
    await dead.training(a.id);
    await dead.queue.pause(a.id);
    expect(states((await openFakeEngine({ root: dead.root })).list.shown())).toEqual({ a: 'paused' });

    const other = await openFakeEngine();
    const b = await other.start('b');
    await other.training(b.id);
    await other.queue.stop(b.id);
    const engine = await openFakeEngine({ root: other.root });
    (await engine.training(b.id)).look();
    await engine.reaches(b.id, 'stopped');
  });

  it('three times without getting any further, the run has failed and the next one runs', async () => {
    const first = await openFakeEngine();
    const [a, b] = [await first.start('a'), await first.start('b')];
    await first.training(a.id);
    for (let death = 0; death < 2; death++) {
      const next = await openFakeEngine({ root: first.root });
      await next.training(a.id);
    }
    const last = await openFakeEngine({ root: first.root });
    expect(await last.reaches(a.id, 'failed')).toMatchObject({ error: { code: 'run.died', params: { times: 3 } } });
    await last.reaches(b.id, 'running');
    expect(last.trainings.map(({ id }) => id)).toEqual([b.id]);
    // The person may try again.
    (await last.training(b.id)).end();
    await last.queue.resume(a.id);
    await last.training(a.id);
  });

  it('with a checkpoint between the deaths it goes on and on', async () => {
    const first = await openFakeEngine();
    const { id } = await first.start('a');
    await first.training(id);
    for (let death = 0; death < 5; death++) {
      const folder = join(first.runs.folder(id), 'checkpoints');
      await fs.mkdir(folder, { recursive: true });
      await fs.writeFile(join(folder, `${death}.json`), '{}');
      const next = await openFakeEngine({ root: first.root });
      await next.training(id);
    }
  });
});

describe('ending in order', () => {
  it('leaves a checkpoint, and the run goes on with the next start before all others', async () => {
    const engine = await openFakeEngine();
    const a = await engine.start('a');
    await engine.start('b');
    const training = await engine.training(a.id);
    const closing = engine.worker.close();
    training.step();
    await closing;
    expect(states(await engine.runs.list())).toEqual({ a: 'queued 0', b: 'queued 1' });
    const next = await openFakeEngine({ root: engine.root });
    await next.training(a.id);
    expect(await next.reaches(a.id, 'running')).toMatchObject({ progress: { step: 1 } });
  });

  it('with nothing at work is at once', async () => {
    await (await openFakeEngine()).worker.close();
  });
});

describe('a run that fails', () => {
  it('keeps why, and can be taken up again', async () => {
    const engine = await openFakeEngine();
    const { id } = await engine.start('a');
    const error = new UnrollError('file.missing', { file: 'a.wav' });
    (await engine.training(id)).fail(error);
    expect(await engine.reaches(id, 'failed')).toMatchObject({ error: error.toMessage() });
    await engine.queue.resume(id);
    await until(() => engine.trainings.length === 2);
    expect(engine.list.get(id)).toMatchObject({ state: 'running', error: null });
  });

  it('on a full disk says so, and holds those that wait until the person goes on', async () => {
    const engine = await openFakeEngine();
    const [a, b, c] = [await engine.start('a'), await engine.start('b'), await engine.start('c')];
    const full = Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC', path: '/x' });
    (await engine.training(a.id)).fail(full);
    expect(await engine.reaches(a.id, 'failed')).toMatchObject({
      error: { code: 'data.unusable', params: { reason: 'reason.system.full' } },
    });
    await until(() => engine.list.get(c.id).error !== null);
    expect(states(engine.list.shown())).toEqual({ a: 'failed', b: 'queued 0', c: 'queued 1' });
    for (const { id } of [b, c])
      expect(engine.list.get(id).error).toMatchObject({ code: 'run.held', params: { name: 'a' } });
    expect(engine.trainings).toHaveLength(1);
    await engine.queue.resume(a.id);
    (await engine.training(b.id)).end();
    (await engine.training(c.id)).end();
    expect(await engine.reaches(c.id, 'finished')).toMatchObject({ error: null });
    await until(() => engine.trainings.length === 4);
    expect(engine.list.get(a.id)).toMatchObject({ state: 'running', error: null });
  });

  it('on a full disk holds what waits for the next process too; one that is begun anew is learned', async () => {
    const engine = await openFakeEngine();
    const [a, b] = [await engine.start('a'), await engine.start('b')];
    (await engine.training(a.id)).fail(new UnrollError('training.diskFull', { folder: '/x' }));
    await until(() => engine.list.get(b.id).error !== null);
    await until(async () => (await engine.runs.get(b.id)).error !== null);
    const next = await openFakeEngine({ root: engine.root });
    const c = await next.start('c');
    (await next.training(c.id)).end();
    await next.reaches(c.id, 'finished');
    expect(next.list.get(b.id)).toMatchObject({ state: 'queued', error: { code: 'run.held' } });
    await next.queue.resume(b.id);
    await next.training(b.id);
  });

  it('for another reason lets the next one run', async () => {
    const engine = await openFakeEngine();
    const [a, b] = [await engine.start('a'), await engine.start('b')];
    (await engine.training(a.id)).fail(new UnrollError('file.missing', { file: 'a.wav' }));
    await engine.reaches(b.id, 'running');
  });

  it('is told as failed even where the disk has no room for the word', async () => {
    class FullRuns extends Runs {
      isFull = false;
      override write(status: RunStatus): Promise<void> {
        if (!this.isFull) return super.write(status);
        return Promise.reject(Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC', path: '/x' }));
      }
    }
    const root = (await openFakeEngine()).root;
    const runs = new FullRuns(root);
    const engine = await openFakeEngine({ root, runs });
    const { id } = await engine.start('a');
    const training = await engine.training(id);
    runs.isFull = true;
    training.fail(new UnrollError('file.missing', { file: 'a.wav' }));
    await until(() => engine.list.get(id).state === 'failed');
    expect(engine.changes.at(-1)).toMatchObject({ state: 'failed', error: { code: 'file.missing' } });
    expect(engine.logs).toHaveLength(1);
    expect(engine.bugs).toEqual([]);
  });

  it('by a bug is none of its own: the process is told', async () => {
    const engine = await openFakeEngine();
    const { id } = await engine.start('a');
    const fault = new TypeError('a fault');
    (await engine.training(id)).fail(fault);
    await until(() => engine.bugs.length > 0);
    expect(engine.bugs).toEqual([fault]);
  });
});
