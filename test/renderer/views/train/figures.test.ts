import { describe, expect, test } from 'vitest';
import { suitedSmoothing } from '../../../../renderer/views/train/chartState.svelte';
import { firstConfig } from '../../../../renderer/views/train/firstConfig';
import { epochsAsCsv, stepsAsCsv } from '../../../../renderer/views/train/exportRun';
import {
  compareFigure,
  errorFigure,
  lossFigure,
  normFigure,
  scoreFigure,
  scoresIn,
} from '../../../../renderer/views/train/figures';
import { figureTable } from '../../../../renderer/views/train/figureTable';
import { moved, oneLayer, withUnits } from '../../../../renderer/views/train/layerChoices';
import { fits, MAIN_FIELDS, MORE_FIELDS } from '../../../../renderer/views/train/settingFields';
import { StepLog } from '../../../../renderer/views/train/stepLog';
import { Tally } from '../../../../renderer/views/train/tally';
import { madeCurves, madeEpochs, stretch } from '../../support/runShelf';

const curves = madeCurves(2_000);
const epochs = madeEpochs(curves);
const whole = { from: 0, to: 2_000 };

describe('a figure', () => {
  test('of the loss has all curves on one column of steps, in their order', () => {
    const { table, axis } = lossFigure({ loss: curves.loss, smoothed: curves.loss, epochs }, whole, 200, true);
    const steps = table[0] as number[];
    expect(table).toHaveLength(4);
    expect(steps.every((step, index) => index === 0 || step > steps[index - 1]!)).toBe(true);
    const validation = (table[3] as (number | null | undefined)[]).filter((value) => typeof value === 'number');
    expect(validation).toEqual(epochs.map(({ validationLoss }) => validationLoss));
    expect(axis.low).toBeLessThanOrEqual(Math.min(...curves.loss));
    expect(axis.high).toBeGreaterThanOrEqual(Math.max(...curves.loss));
  });

  test('of a part is bounded by that part alone, and its lines run out of it', () => {
    const span = { from: 1_500, to: 2_000 };
    const { table, axis } = lossFigure({ loss: curves.loss, smoothed: curves.loss, epochs }, span, 200, false);
    expect(axis.high).toBeLessThan(5);
    const shown = (table[3] as (number | null | undefined)[]).filter((value) => typeof value === 'number');
    expect(shown.length).toBeLessThan(epochs.length);
    expect((table[0] as number[])[0]).toBeLessThan(span.from);
  });

  test('of the gradient always holds the threshold', () => {
    expect(normFigure(curves.gradientNorm, whole, 200, 1_000).axis.high).toBeGreaterThanOrEqual(1_000);
  });

  test('of the errors has the interval round the share of words', () => {
    const [, words, , high, low] = errorFigure(epochs, whole).table as (number | null)[][];
    words!.forEach((share, index) => {
      expect(high![index]).toBeGreaterThan(share!);
      expect(low![index]).toBeLessThan(share!);
    });
  });

  test('of several runs has two curves of loss for each and one of errors', () => {
    const run = { runId: 'a', smoothed: curves.loss, epochs };
    expect(compareFigure('loss', [run, run, run], whole, 200, true).table).toHaveLength(7);
    expect(compareFigure('errors', [run, run], whole, 200, true).table).toHaveLength(3);
  });
});

test('a tally counts what comes, and all anew where a log was written over', () => {
  const flags = [1, 0, 1, 1];
  const tally = new Tally((step) => flags[step] === 1);
  expect([tally.upTo(2), tally.upTo(4)]).toEqual([1, 3]);
  flags[0] = 0;
  expect(tally.upTo(4)).toBe(2);
});

test('curves are saved with a point and an empty cell where a value was not finite', () => {
  const log = new StepLog();
  const steps = stretch('run', curves, 0, 2);
  steps.loss.set([1.5, NaN]);
  steps.learningRate.set([0.25, 0.5]);
  steps.gradientNorm.set([2, Infinity]);
  log.put(steps, 3);
  expect(stepsAsCsv(log)).toBe('step,loss,learning_rate,gradient_norm,skipped\n0,1.5,0.25,2,0\n1,,0.5,,0');
  expect(epochsAsCsv(epochs).split('\n')).toHaveLength(epochs.length + 1);
});

describe('scores of texts', () => {
  const ofTexts = epochs
    .slice(0, 2)
    .map((epoch, at) => ({ ...epoch, slotF1: 0.5 + at / 4, slotRecall: 0.25, accuracy: 0.125 }));

  test('have a curve each, in per cent, and none that no epoch has', () => {
    const names = scoresIn(ofTexts);
    expect(names).toEqual(['slotF1', 'slotRecall', 'accuracy']);
    const { table } = scoreFigure(ofTexts, whole, names);
    expect(table.slice(1).map((curve) => [...(curve as (number | null)[])])).toEqual([
      [50, 75],
      [25, 25],
      [12.5, 12.5],
    ]);
    expect(scoresIn(epochs)).toEqual([]);
  });
  test('stand in the table of errors, and in the file', () => {
    const source = { steps: new StepLog(), smoothed: curves.loss, epochs: ofTexts, span: whole, threshold: null };
    const { columns, rows } = figureTable('errors', source);
    expect(columns.slice(3, 6)).toEqual(['slots, F1', 'recall', 'texts']);
    expect(rows[1]?.[3]).toMatch(/^75/);
    expect(epochsAsCsv(ofTexts).split('\n')[0]).toMatch(/,slot_f1,slot_recall,accuracy$/);
  });
});

test('a short run is smoothed less', () => {
  expect([10, 250, 5_000, 100_000].map(suitedSmoothing)).toEqual([1, 10, 30, 30]);
});

describe('a setting', () => {
  test.each([...MAIN_FIELDS, ...MORE_FIELDS])(
    '$id begins within its bounds and is written where it is read',
    (field) => {
      const config = firstConfig();
      const usual = field.read(config);
      expect(fits(field, usual)).toBe(true);
      const other = usual === 1 ? 0.5 : 1;
      expect(field.read(field.write(config, other))).toBe(other);
    },
  );
  test('has the bounds of the configuration', () => {
    const epochsField = MAIN_FIELDS[0]!;
    expect([epochsField.min, epochsField.max, epochsField.isInteger]).toEqual([1, 10_000, true]);
    expect([fits(epochsField, 0), fits(epochsField, 1.5), fits(epochsField, NaN)]).toEqual([false, false, false]);
  });
});

describe('a layer', () => {
  test('of a Clockwork has as many units as its modules can share', () => {
    expect(withUnits(oneLayer({ cell: 'clockwork', units: 128, direction: 'forward' }), 63).units).toBe(64);
    expect(withUnits(oneLayer({ cell: 'gru', units: 128, direction: 'forward' }), 63).units).toBe(63);
  });
  test('is moved among the others', () => {
    expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
    expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b']);
  });
});
