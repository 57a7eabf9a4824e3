// What each figure of a run draws: its curves on the steps in view, and its vertical axis.
import type uPlot from 'uplot';
import type { RunEpoch } from '../../../app/contract/runs';
import { linearMarks, logMarks, roundDown, roundUp } from '../../charts/axisSteps';
import { curveTable } from '../../charts/curveTable';
import { envelope, rangeOf, type Points, type StepSpan } from '../../charts/envelope';
import type { VerticalAxis } from '../../charts/stepChart';
import type { ComparedRun } from './comparison.svelte';
import { wilson } from './uncertainty';

export interface Figure {
  readonly table: uPlot.AlignedData;
  readonly axis: VerticalAxis;
}

const LINEAR_MARKS = 3;
const LOG_MARKS = 9;

/** What a logarithmic axis can show lies over 0. */
const lowest = (isLog: boolean): number => (isLog ? 0 : -Infinity);

/** One point of each epoch that has the value, in view or next to it, so that lines run out of the figure. */
export function epochPoints(
  epochs: readonly RunEpoch[],
  { from, to }: StepSpan,
  valueOf: (epoch: RunEpoch) => number | null,
): Points {
  const known = epochs.filter((epoch) => valueOf(epoch) !== null);
  const first = known.findIndex(({ step }) => step >= from);
  const after = known.findIndex(({ step }) => step > to);
  const shown = first < 0 ? [] : known.slice(Math.max(0, first - 1), after < 0 ? undefined : after + 1);
  // An epoch's last step is one before the first of the next.
  return { steps: shown.map(({ step }) => Math.max(0, step - 1)), values: shown.map((epoch) => valueOf(epoch)) };
}

/** The same steps with other values. */
export const readAt = ({ steps }: Points, values: Float32Array): Points => ({
  steps,
  values: steps.map((step) => (Number.isFinite(values[step]) ? values[step]! : null)),
});

const DOT_ROOM_PX = 9;
/** Whether dots on epochs can still be told from each other. */
export const hasRoomForDots = (epochs: readonly RunEpoch[], { from, to }: StepSpan, columns: number): boolean =>
  epochs.filter(({ step }) => step >= from && step <= to).length * DOT_ROOM_PX <= columns;

const inView = ({ steps, values }: Points, { from, to }: StepSpan): (number | null)[] =>
  values.filter((_, index) => steps[index]! >= from && steps[index]! <= to);

/** An axis of the values in view, from one round number to another. */
export function axisOf(curves: readonly Points[], span: StepSpan, isLog: boolean): VerticalAxis {
  const range = rangeOf(curves.map((curve) => inView(curve, span)));
  if (isLog) {
    const [least, most] = range ?? [0.1, 1];
    const low = roundDown(least);
    const high = Math.max(roundUp(most), low * 10 ** 0.5);
    return { isLog, low, high, marks: logMarks(low, high, LOG_MARKS) };
  }
  const high = roundUp(Math.max(1e-9, range?.[1] ?? 1));
  return { isLog, low: 0, high, marks: linearMarks(0, high, LINEAR_MARKS) };
}

export interface LossSource {
  readonly loss: Float32Array;
  readonly smoothed: Float32Array;
  readonly epochs: readonly RunEpoch[];
}

/** Every step's loss, the smoothed loss, the validation loss. */
export function lossFigure(source: LossSource, span: StepSpan, columns: number, isLog: boolean): Figure {
  const raw = envelope(source.loss, span, columns, lowest(isLog));
  const smoothed = readAt(raw, source.smoothed);
  const validation = epochPoints(source.epochs, span, ({ validationLoss }) =>
    validationLoss !== null && validationLoss > lowest(isLog) ? validationLoss : null,
  );
  return { table: curveTable([raw, smoothed, validation]), axis: axisOf([raw, validation], span, isLog) };
}

/** Norms of the gradient before clipping. */
export function normFigure(norms: Float32Array, span: StepSpan, columns: number, threshold: number | null): Figure {
  const points = envelope(norms, span, columns, lowest(true));
  const limit: Points = threshold === null ? { steps: [], values: [] } : { steps: [span.from], values: [threshold] };
  return { table: curveTable([points]), axis: axisOf([points, limit], span, true) };
}

const PER_CENT = 100;
const inPerCent = (share: number | null): number | null => (share === null ? null : share * PER_CENT);

/** Words and symbols that are wrong, in per cent, and how sure the share of words is: [steps, words, symbols, high, low]. */
export function errorFigure(epochs: readonly RunEpoch[], span: StepSpan): Figure {
  const sure = (edge: 'high' | 'low') => (epoch: RunEpoch) =>
    epoch.wordError === null ? null : inPerCent(wilson(epoch.wordError, epoch.words)?.[edge] ?? epoch.wordError);
  const curves = [
    epochPoints(epochs, span, ({ wordError }) => inPerCent(wordError)),
    epochPoints(epochs, span, ({ symbolError }) => inPerCent(symbolError)),
    epochPoints(epochs, span, sure('high')),
    epochPoints(epochs, span, sure('low')),
  ];
  return { table: curveTable(curves), axis: axisOf(curves, span, false) };
}

/** What validation gets right of texts, in the order of their curves. */
export const SCORES = [
  ...(['slotF1', 'slotPrecision', 'slotRecall', 'tokenAccuracy', 'accuracy'] as const),
  ...(['precisionAtK', 'recallAtK'] as const),
];
export type ScoreName = (typeof SCORES)[number];
/** Those that any of the epochs has. */
export const scoresIn = (epochs: readonly RunEpoch[]): ScoreName[] =>
  SCORES.filter((name) => epochs.some((epoch) => epoch[name] !== undefined));

/** Scores in per cent, a curve for each name. */
export function scoreFigure(epochs: readonly RunEpoch[], span: StepSpan, names: readonly ScoreName[]): Figure {
  const curves = names.map((name) => epochPoints(epochs, span, (epoch) => inPerCent(epoch[name] ?? null)));
  return { table: curveTable(curves), axis: axisOf(curves, span, false) };
}

export function rateFigure(rates: Float32Array, span: StepSpan, columns: number): Figure {
  const points = envelope(rates, span, columns);
  const axis = axisOf([points], span, false);
  return { table: curveTable([points]), axis: { ...axis, marks: [0, axis.high] } };
}

/**
 * The same of several runs. Of the loss each has two curves, its smoothed training loss and its validation loss; of the errors
 * one, the share of words in per cent.
 */
export function compareFigure(
  what: 'loss' | 'errors',
  runs: readonly Pick<ComparedRun, 'smoothed' | 'epochs'>[],
  span: StepSpan,
  columns: number,
  isLog: boolean,
): Figure {
  if (what === 'errors') {
    const curves = runs.map(({ epochs }) => epochPoints(epochs, span, ({ wordError }) => inPerCent(wordError)));
    return { table: curveTable(curves), axis: axisOf(curves, span, false) };
  }
  const curves = runs.flatMap(({ smoothed, epochs }) => [
    envelope(smoothed, span, columns, lowest(isLog)),
    epochPoints(epochs, span, ({ validationLoss }) =>
      validationLoss !== null && validationLoss > lowest(isLog) ? validationLoss : null,
    ),
  ]);
  return { table: curveTable(curves), axis: axisOf(curves, span, isLog) };
}
