// The comparison on slot filling as Markdown: cells down, forward and in both directions across, mean and spread over the seeds.
import { markdownTable, withSection } from './table';
import { READINGS, readingsOf, SLOT_CELLS, type Reading, type SlotCell } from './slotNetworks';
import type { SlotResult } from './slotResults';

/** The document with its table written anew. @param results of one number of sentences and epochs */
export function withSlotTable(document: string, results: readonly SlotResult[]): string {
  return withSection(document, 'slots', tableOf(results));
}

function tableOf(results: readonly SlotResult[]): string {
  const [any] = results;
  if (any === undefined) return 'Nothing was run yet.';
  const dates = results.map(({ date }) => date).sort();
  const about = `${dates[0]} to ${dates.at(-1)}, ${any.machine}. ${any.sentences} sentences, ${any.epochs} epochs, F1 over the slots of ${any.tested} others.`;
  const rows = SLOT_CELLS.map((cell) => [cell, ...READINGS.map((reading) => cellText(results, cell, reading))]);
  return `${about}\n\n${markdownTable([['cell', ...READINGS], ...rows])}`;
}

function cellText(results: readonly SlotResult[], cell: SlotCell, reading: Reading): string {
  if (!readingsOf(cell).includes(reading)) return 'the same';
  const own = results.filter((result) => result.cell === cell && result.reading === reading).map(({ f1 }) => f1);
  if (own.length === 0) return 'not run yet';
  const seeds = `${own.length} ${own.length === 1 ? 'seed' : 'seeds'}`;
  const { mean, deviation } = meanAndDeviation(own);
  return `${(100 * mean).toFixed(1)} % ± ${(100 * deviation).toFixed(1)} (${seeds})`;
}

/** Deviation of a sample, over n − 1; 0 of one value. */
export function meanAndDeviation(values: readonly number[]): { readonly mean: number; readonly deviation: number } {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / Math.max(1, n - 1)) };
}
