import { describe, expect, test } from 'vitest';
import { Smoothed } from '../../../../renderer/charts/smoothed';
import { jumpsOf } from '../../../../renderer/views/train/jumps';
import { StepLog } from '../../../../renderer/views/train/stepLog';
import { wilson } from '../../../../renderer/views/train/uncertainty';
import { JUMP_STEP, madeCurves, stretch, THRESHOLD } from '../../support/runShelf';

const curves = madeCurves(5_000);

describe('the log of steps', () => {
  test('keeps what comes in stretches, parts beside it', () => {
    const log = new StepLog();
    for (let first = 0; first < 5_000; first += 333)
      expect(log.put(stretch('run', curves, first, Math.min(5_000, first + 333)), 3)).toBe(true);
    expect(log.loss).toEqual(curves.loss);
    expect(log.gradientNorm).toEqual(curves.gradientNorm);
    expect(log.partNormsAt(JUMP_STEP)).toEqual(curves.partNorms.subarray(3 * JUMP_STEP, 3 * JUMP_STEP + 3));
  });

  test('takes nothing that would leave a gap', () => {
    const log = new StepLog();
    expect(log.put(stretch('run', curves, 10, 20), 3)).toBe(false);
    expect(log.length).toBe(0);
  });

  test('writes over what a run says again from its checkpoint', () => {
    const log = new StepLog();
    log.put(stretch('run', curves, 0, 100), 3);
    const again = { ...stretch('run', curves, 50, 60), loss: new Float32Array(10).fill(7) };
    expect(log.put(again, 3)).toBe(true);
    expect([log.length, log.loss[49], log.loss[50], log.loss[60]]).toEqual([100, curves.loss[49], 7, curves.loss[60]]);
  });

  test('has no norms of parts where they were not kept', () => {
    const log = new StepLog();
    log.put({ ...stretch('run', curves, 0, 10), partNorms: new Float32Array(0) }, 0);
    expect(log.partNormsAt(3)).toHaveLength(0);
  });
});

describe('jumps', () => {
  const smoothedLoss = new Smoothed(30);
  smoothedLoss.follow(curves.loss);
  const source = (threshold: number | null) => ({
    gradientNorm: curves.gradientNorm,
    smoothedLoss: smoothedLoss.values,
    threshold,
    partNormsAt: (step: number) => curves.partNorms.subarray(3 * step, 3 * step + 3),
  });

  test('are found where the gradient exploded, with the part that had most of it', () => {
    const [jump, ...others] = jumpsOf(source(THRESHOLD));
    expect(others).toEqual([]);
    expect(jump).toMatchObject({ step: JUMP_STEP, part: { index: 1 } });
    expect(jump!.times).toBeCloseTo(41.7 / THRESHOLD, 4);
    expect(jump!.part!.share).toBeCloseTo(0.97 ** 2 / (0.04 + 0.97 ** 2 + 0.01), 4);
    expect(jump!.aftermath).toMatchObject({ kind: 'back' });
  });

  test('are measured against what was usual where nothing is clipped', () => {
    const jump = jumpsOf(source(null)).find(({ step }) => step === JUMP_STEP)!;
    expect(jump.times).toBeGreaterThan(15);
  });

  test('that the loss has not survived yet say so', () => {
    const cut = JUMP_STEP + 20;
    const early = { ...source(THRESHOLD), gradientNorm: curves.gradientNorm.subarray(0, cut) };
    const [jump] = jumpsOf({ ...early, smoothedLoss: smoothedLoss.values.subarray(0, cut) });
    expect(jump!.aftermath).toEqual({ kind: 'above' });
  });

  test('that the loss did not feel say so', () => {
    const calm = { ...source(THRESHOLD), smoothedLoss: new Float32Array(5_000).fill(1) };
    expect(jumpsOf(calm)[0]!.aftermath).toEqual({ kind: 'undisturbed' });
  });

  test('are not seen in a gradient that is large from the beginning', () => {
    const gradientNorm = new Float32Array(500).fill(30);
    const partNormsAt = () => new Float32Array(0);
    expect(jumpsOf({ gradientNorm, smoothedLoss: gradientNorm, threshold: 1, partNormsAt })).toEqual([]);
  });
});

describe('an interval', () => {
  // Wilson (1927) by hand: p = 0.041, n = 1200, z = 1.96.
  test('is that of Wilson', () => {
    const { low, high } = wilson(0.041, 1_200)!;
    expect(low).toBeCloseTo(0.0312, 4);
    expect(high).toBeCloseTo(0.0538, 4);
  });
  test('is not a point where no error was counted, nor one where everything was wrong', () => {
    expect(wilson(0, 100)!.high).toBeGreaterThan(0.03);
    expect(wilson(1, 100)!.low).toBeLessThan(0.97);
  });
  test('is not there where there are more errors than words', () => {
    expect(wilson(1.2, 100)).toBeNull();
    expect(wilson(0.5, 0)).toBeNull();
  });
});
