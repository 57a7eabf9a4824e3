// Experiments that train, on the portable rung, which every machine has.
import { describe, expect, it } from 'vitest';
import { jumpsSettings, memorySettings, raceSettings } from '../../../app/contract/labTraining';
import { UnrollError } from '../../../app/errors';
import { jumps } from '../../../engine/lab/jumps';
import { memory } from '../../../engine/lab/memory';
import { race } from '../../../engine/lab/race';

describe('experiments that train', () => {
  it('tell the destination from the origin with a memory alone', async () => {
    const { rightWithMemory, rightWithoutMemory, firstMemory, sentences } = await memory(
      memorySettings.parse({ steps: 120 }),
      'wasm',
    );
    expect(rightWithMemory).toBe(1);
    // a0 begins at 0 and is learned.
    expect(firstMemory).toHaveLength(16);
    expect(firstMemory.some((value) => value !== 0)).toBe(true);
    const [arrive, leave] = sentences;
    expect(arrive?.withoutMemory[1]).toEqual(leave?.withoutMemory[1]);
    const { other, destination, origin, date } = arrive!.withMemory[1]!.probabilities;
    expect(other + destination + origin + date).toBeCloseTo(1, 6);
    // Of twenty words the four towns are a matter of chance without one.
    expect(rightWithoutMemory).toBeCloseTo(0.9, 12);
  });

  it('are the same again by the same seed, and begin alike with and without clipping', async () => {
    const settings = jumpsSettings.parse({ steps: 3, units: 4, length: 1 });
    const [once, again] = [await jumps(settings, 'wasm'), await jumps(settings, 'wasm')];
    expect(again).toEqual(once);
    expect(once.clipped.losses[0]).toBe(once.asItIs.losses[0]);
    expect(once.clipped.losses[1]).not.toBe(once.asItIs.losses[1]);
  });

  it('race cells one after the other, and tell of every measurement', async () => {
    const told: string[] = [];
    const settings = raceSettings.parse({ task: 'embedded-reber', length: 1, cells: ['elman', 'gru'], steps: 100 });
    const { runs } = await race(settings, 'wasm', { onMeasured: ({ cell, step }) => told.push(`${cell} ${step}`) });
    expect(told).toEqual(['elman 100', 'gru 100']);
    expect(runs.map(({ measured }) => measured.length)).toEqual([1, 1]);
  });

  it('tell of every step once, and end when they are told to', async () => {
    const heard: number[] = [];
    const ending = new AbortController();
    const settings = memorySettings.parse({ steps: 20, units: 2 });
    const running = memory(settings, 'wasm', {
      signal: ending.signal,
      onMeasured: ({ network, losses }) => {
        heard.push(losses.length);
        if (network === 'withMemory') ending.abort(new UnrollError('lab.stopped'));
      },
    });
    await expect(running).rejects.toThrow('The experiment was stopped.');
    expect(heard).toEqual([5, 5, 5, 5, 5]);
  });

  it('refuse a length that the task does not have', async () => {
    const settings = raceSettings.parse({ task: 'temporal-order', length: 2 });
    await expect(race(settings, 'wasm')).rejects.toThrow('at least 10');
  });
});
