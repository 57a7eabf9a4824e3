import { describe, expect, it } from 'vitest';
import type { ScheduleSettings } from '../../../app/contract/trainingConfig';
import { afterEpoch, learningRateAt, NO_PLATEAU, type Schedule } from '../../../engine/training/schedule';

/** 11 epochs of 10 steps, the first of them warm-up. */
const rateAt = (settings: ScheduleSettings, step: number, plateau = NO_PLATEAU): number => {
  const schedule: Schedule = { peak: 0.01, warmUpSteps: 10, epochs: 11, settings };
  return learningRateAt(schedule, { epoch: Math.floor(step / 10), step: step % 10, stepsPerEpoch: 10, plateau });
};
const plateau = { kind: 'plateau', patienceEpochs: 1, factor: 0.5 } as const;

describe.each<ScheduleSettings>([
  { kind: 'constant' },
  { kind: 'step', everyEpochs: 3, factor: 0.1 },
  { kind: 'cosine' },
  plateau,
])('warm-up before $kind', (settings) => {
  it('rises in equal steps to the peak', () => {
    expect(rateAt(settings, 0)).toBeCloseTo(0.001, 12);
    expect(rateAt(settings, 4)).toBeCloseTo(0.005, 12);
    expect(rateAt(settings, 9)).toBeCloseTo(0.01, 12);
    expect(rateAt(settings, 10)).toBeCloseTo(0.01, 12);
  });
});

describe('a constant rate', () => {
  it('stays at its peak', () => expect(rateAt({ kind: 'constant' }, 109)).toBe(0.01));
});

describe('a rate in steps', () => {
  it('falls by its factor at the end of every so many epochs', () => {
    const settings = { kind: 'step', everyEpochs: 3, factor: 0.1 } as const;
    expect([29, 30, 59, 60].map((step) => rateAt(settings, step))).toEqual(
      [0.01, 0.001, 0.001, 0.0001].map((rate) => expect.closeTo(rate, 12) as number),
    );
  });
});

describe('a cosine', () => {
  it('is half the peak in the middle of the fall', () => {
    expect(rateAt({ kind: 'cosine' }, 60)).toBeCloseTo(0.005, 12);
  });
  it('is zero at the end and after it', () => {
    expect(rateAt({ kind: 'cosine' }, 110)).toBeCloseTo(0, 12);
    expect(rateAt({ kind: 'cosine' }, 500)).toBeCloseTo(0, 12);
  });
});

describe('a plateau', () => {
  const after = (losses: readonly (number | null)[], settings: ScheduleSettings = plateau) =>
    losses.reduce((state, loss) => afterEpoch(state, loss, settings), NO_PLATEAU);

  it('lowers the rate when patience is at its end, and then waits anew', () => {
    const losses = [2, 1, 1.5, 1.2, 1.1, 1.3];
    expect(losses.map((_, k) => after(losses.slice(0, k + 1)).factor)).toEqual([1, 1, 1, 0.5, 0.5, 0.25]);
    expect(rateAt(plateau, 50, after(losses))).toBeCloseTo(0.0025, 12);
  });
  it('forgives what a better loss makes good', () => {
    expect(after([2, 2.5, 1.9, 2.5, 1.8])).toEqual({ bestLoss: 1.8, epochsSinceBest: 0, factor: 1 });
  });
  it('does not take a loss for better that is hardly smaller', () => {
    expect(after([1, 0.99995]).epochsSinceBest).toBe(1);
  });
  it('takes an epoch without a finite loss for a bad one', () => expect(after([1, null, null]).factor).toBe(0.5));
  it('is of no matter to other schedules', () => expect(after([1, 2, 3], { kind: 'cosine' })).toBe(NO_PLATEAU));
});
