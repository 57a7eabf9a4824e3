// What a run is made of, as files for other programs.
import type { RunEpoch } from '../../../app/contract/runs';
import { scoresIn } from './figures';
import type { StepLog } from './stepLog';

/** Every step as a line of comma-separated values, numbers with a point; empty where a value was not finite. */
export function stepsAsCsv({ loss, learningRate, gradientNorm, isSkipped }: StepLog): string {
  const cell = (value: number | undefined): string =>
    value !== undefined && Number.isFinite(value) ? String(Number(value.toPrecision(7))) : '';
  const lines = ['step,loss,learning_rate,gradient_norm,skipped'];
  loss.forEach((value, step) =>
    lines.push([step, cell(value), cell(learningRate[step]), cell(gradientNorm[step]), isSkipped[step]].join(',')),
  );
  return lines.join('\n');
}

/** Every epoch as a line of comma-separated values. */
export function epochsAsCsv(epochs: readonly RunEpoch[]): string {
  const cell = (value: number | null): string => (value === null ? '' : String(value));
  const scores = scoresIn(epochs);
  const columns = scores.map((name) => `,${name.replace(/[A-Z0-9]+/g, (part) => `_${part.toLowerCase()}`)}`);
  const lines = [`epoch,step,train_loss,validation_loss,symbol_error,word_error,words,seconds,best${columns.join('')}`];
  for (const e of epochs)
    lines.push(
      [
        e.epoch,
        e.step,
        cell(e.trainLoss),
        cell(e.validationLoss),
        cell(e.symbolError),
        cell(e.wordError),
        e.words,
        e.seconds,
        Number(e.isBest),
        ...scores.map((name) => cell(e[name] ?? null)),
      ].join(','),
    );
  return lines.join('\n');
}
