// The numbers behind the figures of a data set.
import type { CheckReport } from '../../../app/contract/dataset';
import type { DataRow } from '../../../app/contract/dataSets';

export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Rows of it that were noted for it. */
  readonly noted: number;
}

const MOST_BINS = 40;

/**
 * Seconds per symbol of the rows that are not left out, in equal round steps up to the slowest; far outliers stand in the last bin.
 * Empty where there are none.
 */
export function paceBins(rows: readonly DataRow[], median: number): Bin[] {
  const kept = rows.filter((row) => !row.isLeftOut && row.secondsPerSymbol !== null);
  const slowest = kept.reduce((most, { secondsPerSymbol }) => Math.max(most, secondsPerSymbol ?? 0), 0);
  // One slip of a pen must not press all others into one bar.
  const end = Math.min(slowest, 5 * median);
  if (end === 0) return [];
  const width = roundStep(end / MOST_BINS);
  const counts = Array.from({ length: Math.ceil(end / width - 1e-9) }, () => ({ count: 0, noted: 0 }));
  for (const { secondsPerSymbol, notes } of kept) {
    const bin = counts[Math.min(counts.length - 1, Math.floor((secondsPerSymbol ?? 0) / width))];
    if (!bin) continue;
    bin.count += 1;
    if (notes.some(({ code }) => code === 'slow' || code === 'fast')) bin.noted += 1;
  }
  return counts.map((bin, index) => ({ from: width * index, to: width * (index + 1), ...bin }));
}

/** The least of 1, 2 and 5 times a power of ten that is no smaller. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= least * (1 - 1e-9)) ?? 10);
}

const MOST_TICKS = 6;
const EVERY = [1, 2, 5, 10, 20, 50];
/** Which bins carry their beginning as a tick: every so many, so that few stand there. */
export const ticksEvery = (bins: number): number => EVERY.find((every) => bins / every <= MOST_TICKS) ?? 100;

/** As many symbols as a figure holds. */
const SHOWN_SYMBOLS = 24;

export interface SymbolCount {
  readonly symbol: string;
  readonly count: number;
  readonly isRare: boolean;
}

/** Symbols in their alphabet's order: all that have room, else the most frequent and the rarest. */
export function shownSymbols({ symbols, advice }: CheckReport): SymbolCount[] {
  const wanted = Number(advice.find(({ code }) => code === 'rare-symbols')?.params['wanted'] ?? 0);
  const counted = symbols.map(({ symbol, count }) => ({ symbol, count, isRare: count < wanted }));
  const half = SHOWN_SYMBOLS / 2;
  const shown = counted.length <= SHOWN_SYMBOLS ? counted : [...counted.slice(0, half), ...counted.slice(-half)];
  return shown.sort((a, b) => a.symbol.localeCompare(b.symbol));
}

export interface PartShare {
  readonly part: DataRow['part'];
  readonly recordings: number;
  readonly speakers: readonly string[];
}

/** Each part with its rows that are not left out, and who speaks in it. */
export function partShares(rows: readonly DataRow[]): PartShare[] {
  const parts = { train: 0, validation: 0, test: 0 };
  const speakers = { train: new Set<string>(), validation: new Set<string>(), test: new Set<string>() };
  for (const { part, speaker, isLeftOut } of rows) {
    if (isLeftOut) continue;
    parts[part] += 1;
    if (speaker !== null) speakers[part].add(speaker);
  }
  return (['train', 'validation', 'test'] as const).map((part) => ({
    part,
    recordings: parts[part],
    speakers: [...speakers[part]].sort(),
  }));
}
