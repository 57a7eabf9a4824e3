import { describe, expect, it } from 'vitest';
import type { RunSteps } from '../../../app/contract/runs';
import type { LearnedStep } from '../../../engine/runs/learning';
import { RunMeter } from '../../../engine/runs/runMeter';

const STEPS_PER_EPOCH = 10;
const stepAt = (step: number, change: Partial<LearnedStep> = {}): LearnedStep => ({
  step,
  epoch: Math.floor(step / STEPS_PER_EPOCH) + 1,
  epochs: 4,
  stepInEpoch: (step % STEPS_PER_EPOCH) + 1,
  stepsPerEpoch: STEPS_PER_EPOCH,
  loss: step,
  learningRate: 0.1,
  gradientNorm: 2,
  partNorms: [1, step],
  isSkipped: false,
  utterances: 8,
  ...change,
});

function meter() {
  let time = 0;
  const told: { steps: RunSteps; parts: number }[] = [];
  const own = new RunMeter({
    runId: 'a',
    before: null,
    epochs: 4,
    onSteps: (steps, parts) => void told.push({ steps, parts }),
    now: () => time,
  });
  /** Steps that take `ms` each. */
  const learn = (from: number, to: number, ms: number): void => {
    for (let step = from; step < to; step++) {
      time += ms;
      own.step(stepAt(step));
    }
  };
  const pass = (ms: number): void => void (time += ms);
  return { own, told, learn, pass };
}

describe('the meter of a run', () => {
  it('tells at most four times a second, every step once', () => {
    const { own, told, learn } = meter();
    learn(0, 400, 10);
    own.flush();
    expect(told.length).toBeLessThanOrEqual(17);
    expect(told.flatMap(({ steps }) => [...steps.loss])).toEqual(Array.from({ length: 400 }, (_, step) => step));
    told.forEach(({ steps, parts }) => {
      expect(parts).toBe(2);
      expect(steps.loss[0]).toBe(steps.first);
      expect(steps.partNorms).toHaveLength(2 * steps.loss.length);
    });
  });

  it('says what of a step was not finite', () => {
    const { own, told } = meter();
    own.step(stepAt(0, { loss: NaN, gradientNorm: NaN, isSkipped: true }));
    expect(told[0]!.steps).toMatchObject({ loss: Float32Array.of(NaN), isSkipped: Uint8Array.of(1) });
  });

  it('measures the speed by steps alone', () => {
    const { own, learn, pass } = meter();
    learn(0, 5, 100);
    expect(own.progress.utterancesPerSecond).toBeCloseTo(80);
    own.activity('compiling', null);
    pass(30_000);
    own.activity('learning', null);
    own.step(stepAt(5));
    expect(own.progress.utterancesPerSecond).toBeCloseTo(80);
  });

  it('expects what is left, with what an epoch takes beside its steps', () => {
    const { own, learn, pass } = meter();
    learn(0, 10, 100);
    expect(own.progress.secondsLeft).toBeCloseTo(3.0);
    own.activity('validating', null);
    pass(2_000);
    own.epochEnded(1);
    expect(own.progress).toMatchObject({ epoch: 1, step: 10, activity: 'validating' });
    expect(own.progress.secondsLeft).toBeCloseTo(3 + 3 * 2);
    pass(1_000);
    own.activity('learning', null);
    learn(10, 15, 100);
    expect(own.progress.secondsLeft).toBeCloseTo(2.5 + 3 * 2);
    expect(own.progress.fraction).toBeCloseTo(0.5);
  });

  it('knows no speed before the first step', () => {
    const { own } = meter();
    own.activity('reading', 0.5);
    expect(own.progress).toMatchObject({ activity: 'reading', fraction: 0.5, secondsLeft: null, step: 0 });
  });
});
