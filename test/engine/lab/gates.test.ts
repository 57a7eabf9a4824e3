// Gates that are learned: the equations' gradient, and that what was learned does what the worked example does by hand.
import { beforeAll, describe, expect, it } from 'vitest';
import type { ResultOf } from '../../../app/contract/lab';
import { memoryCellSettings } from '../../../app/contract/labExperiments';
import { gatesSettings } from '../../../app/contract/labTraining';
import { UnrollError } from '../../../app/errors';
import { drawTapes, gates, lesson } from '../../../engine/lab/gates';
import { memoryCell } from '../../../engine/lab/memoryCell';
import { makeRandom } from '../../../engine/runtime/random';

const settings = gatesSettings.parse({});

describe('gates that are learned', () => {
  let learned: ResultOf<'gates'>;
  const told: { step: number; losses: number }[] = [];
  beforeAll(async () => {
    learned = await gates(settings, {
      onMeasured: ({ step, losses }) => told.push({ step, losses: losses.length }),
    });
  });

  it('hand out on the tape of the worked example what was worked out by hand', () => {
    const { steps } = memoryCell(memoryCellSettings.parse({ weights: learned.weights }));
    // What it stores may be larger where the output gate stays a little shut: outputs alone were asked for.
    expect(steps.map(({ output }) => Math.round(output) + 0)).toEqual([0, 0, 0, 0, 0, 7, 0, 0, 6]);
  });

  it('are right on nearly all tapes that they did not learn from', () => {
    expect(learned.rightShare).toBeGreaterThan(0.98);
    expect(learned.losses[0]).toBeGreaterThan(5);
    expect(learned.losses.at(-1)).toBeLessThan(0.2);
  });

  it('tell of every step once', () => {
    expect(told).toEqual(Array.from({ length: 24 }, (_, k) => ({ step: 25 * (k + 1), losses: 25 })));
  });

  it('are the same again by the same seed, and others by another', async () => {
    const short = { ...settings, steps: 3 };
    const [once, again, other] = [await gates(short), await gates(short), await gates({ ...short, seed: 2 })];
    expect(again).toEqual(once);
    expect(other.weights).not.toEqual(once.weights);
  });

  it('go down the slope that finite differences have', () => {
    const random = makeRandom(5);
    const tapes = drawTapes(random, 3);
    const values = Float64Array.from({ length: 16 }, () => random() - 0.5);
    const { gradient } = lesson(values, tapes);
    const moved = (at: number, delta: number): number =>
      lesson(
        values.map((value, k) => (k === at ? value + delta : value)),
        tapes,
      ).loss;
    gradient.forEach((slope, k) => expect(slope).toBeCloseTo((moved(k, 1e-6) - moved(k, -1e-6)) / 2e-6, 5));
  });

  it('end when they are told to', async () => {
    const ending = new AbortController();
    const running = gates(settings, {
      signal: ending.signal,
      onMeasured: () => ending.abort(new UnrollError('lab.stopped')),
    });
    await expect(running).rejects.toThrow('The experiment was stopped.');
  });
});
