// The learning rate over a run: linear warm-up, then half a cosine down to zero (Loshchilov & Hutter 2017, one cycle).

export interface Schedule {
  readonly peak: number;
  readonly warmUpSteps: number;
  readonly totalSteps: number;
}

/** Learning rate of step `step`, counted from 0. */
export function learningRateAt(schedule: Schedule, step: number): number {
  const { peak, warmUpSteps, totalSteps } = schedule;
  // 1) rise
  if (step < warmUpSteps) return (peak * (step + 1)) / warmUpSteps;
  // 2) past the end
  if (step >= totalSteps) return 0;
  // 3) fall
  const progress = (step - warmUpSteps) / Math.max(1, totalSteps - warmUpSteps);
  return (peak * (1 + Math.cos(Math.PI * progress))) / 2;
}
