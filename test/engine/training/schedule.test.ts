import { describe, expect, it } from 'vitest';
import { learningRateAt } from '../../../engine/training/schedule';

const schedule = { peak: 0.01, warmUpSteps: 10, totalSteps: 110 };

describe('the learning rate', () => {
  it('rises in equal steps to its peak', () => {
    expect(learningRateAt(schedule, 0)).toBeCloseTo(0.001, 12);
    expect(learningRateAt(schedule, 9)).toBeCloseTo(0.01, 12);
  });
  it('is half the peak in the middle of the fall', () => {
    expect(learningRateAt(schedule, 60)).toBeCloseTo(0.005, 12);
  });
  it('is zero at the end and after it', () => {
    expect(learningRateAt(schedule, 110)).toBe(0);
    expect(learningRateAt(schedule, 500)).toBe(0);
  });
});
