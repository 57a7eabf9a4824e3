// The tables behind the figures of a run: what is drawn, as numbers.
import type { RunEpoch } from '../../../app/contract/runs';
import { spanLength, type StepSpan } from '../../charts/envelope';
import { number, percent, scientific, significant } from '../../i18n/format';
import { t } from '../../i18n/messages.svelte';
import type { DataTable } from '../../ui/dataTable';
import { scoresIn, type ScoreName } from './figures';
import type { StepLog } from './stepLog';
import { wilson } from './uncertainty';

export const FIGURES = ['loss', 'norm', 'errors', 'rate'] as const;
export type FigureName = (typeof FIGURES)[number];

export interface TableSource {
  readonly steps: StepLog;
  readonly smoothed: Float32Array;
  readonly epochs: readonly RunEpoch[];
  readonly span: StepSpan;
  readonly threshold: number | null;
}

const MOST_ROWS = 200;

const told = (value: number | null | undefined): string =>
  value === null || value === undefined || !Number.isFinite(value) ? '–' : significant(value);
const share = (value: number | null): string => (value === null ? '–' : percent(value));

/** Steps in view, evenly spread, never more than a table can be read. */
export function spreadSteps(span: StepSpan, length: number): { readonly steps: number[]; readonly every: number } {
  const first = Math.max(0, Math.ceil(span.from));
  const end = Math.min(length, Math.floor(span.to) + 1);
  const every = Math.max(1, Math.ceil(Math.min(spanLength(span), end - first) / MOST_ROWS));
  const steps: number[] = [];
  for (let step = first; step < end; step += every) steps.push(step);
  return { steps, every };
}

export function figureTable(name: FigureName, source: TableSource): DataTable {
  switch (name) {
    case 'loss':
      return stepTable(source, [t('runs.loss'), t('runs.smoothed')], (step) => [
        told(source.steps.loss[step]),
        told(source.smoothed[step]),
      ]);
    case 'norm':
      return normTable(source);
    case 'errors':
      return errorTable(source.epochs);
    case 'rate':
      return stepTable(source, [t('runs.rate')], (step) => [scientific(source.steps.learningRate[step] ?? 0)]);
  }
}

function stepTable(
  { steps: log, span }: TableSource,
  columns: readonly string[],
  cells: (step: number) => readonly string[],
): DataTable {
  const { steps, every } = spreadSteps(span, log.length);
  return {
    columns: [t('runs.step'), ...columns],
    rows: steps.map((step) => [number(step), ...cells(step)]),
    note: every === 1 ? '' : t('runs.everySteps', { every }),
  };
}

/** The largest of those that were clipped; where nothing is clipped, steps in view. */
function normTable(source: TableSource): DataTable {
  const { threshold, steps, span } = source;
  const norms = steps.gradientNorm;
  if (threshold === null) return stepTable(source, [t('runs.norm')], (step) => [told(norms[step])]);
  const clipped = Array.from(norms.keys()).filter(
    (step) => step >= span.from && step <= span.to && norms[step]! > threshold,
  );
  const shown = clipped
    .sort((a, b) => norms[b]! - norms[a]!)
    .slice(0, MOST_ROWS)
    .sort((a, b) => a - b);
  return {
    columns: [t('runs.step'), t('runs.norm'), t('runs.timesThreshold')],
    rows: shown.map((step) => [number(step), told(norms[step]), significant(norms[step]! / threshold, 2)]),
    note: t('runs.clippedInView', { shown: shown.length, all: clipped.length, threshold }),
  };
}

/** Of texts: what is right; of speech: what is wrong. */
function errorTable(epochs: readonly RunEpoch[]): DataTable {
  const scores = scoresIn(epochs);
  return scores.length === 0 ? wordTable(epochs) : scoreTable(epochs, scores);
}
const scoreTable = (epochs: readonly RunEpoch[], scores: readonly ScoreName[]): DataTable => ({
  columns: [
    ...[t('runs.epoch'), t('runs.step'), t('runs.validation')],
    ...scores.map((name) => t(`newText.score.${name}`)),
    t('runs.best'),
  ],
  rows: epochs.map((epoch) => [
    ...[number(epoch.epoch), number(epoch.step), told(epoch.validationLoss)],
    ...scores.map((name) => share(epoch[name] ?? null)),
    epoch.isBest ? '✓' : '',
  ]),
  note: '',
});

const wordTable = (epochs: readonly RunEpoch[]): DataTable => ({
  columns: [
    t('runs.epoch'),
    t('runs.step'),
    t('runs.validation'),
    t('runs.words'),
    t('runs.interval'),
    t('runs.symbols'),
    t('runs.best'),
  ],
  rows: epochs.map((epoch) => {
    const sure = epoch.wordError === null ? null : wilson(epoch.wordError, epoch.words);
    return [
      number(epoch.epoch),
      number(epoch.step),
      told(epoch.validationLoss),
      share(epoch.wordError),
      sure ? `${percent(sure.low)} – ${percent(sure.high)}` : '–',
      share(epoch.symbolError),
      epoch.isBest ? '✓' : '',
    ];
  }),
  note: '',
});
