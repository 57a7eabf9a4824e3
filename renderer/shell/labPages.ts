// The pages of the laboratory in the order that they are read. They are numbered from 0, as time is: why memory at all comes before
// the first step.
import type { ExperimentName } from '../../app/contract/lab';
import type { PaperId } from '../../app/contract/papers';

export const PAGES = [
  'memory',
  'transition',
  'surface',
  'jumps',
  'cell',
  'reach',
  'parameters',
  'unrolled',
  'trellis',
  'words',
  'race',
] as const satisfies readonly ExperimentName[];
export type PageName = (typeof PAGES)[number];

export const pageAt = (item: string | null): PageName | null => PAGES.find((name) => name === item) ?? null;

/** The paper behind an experiment. */
export const PAPER_OF: Readonly<Record<PageName, PaperId>> = {
  memory: 'mesnil-2015',
  transition: 'bengio-1994',
  surface: 'pascanu-2013',
  jumps: 'pascanu-2013',
  cell: 'hochreiter-1997',
  reach: 'gers-forget-2000',
  parameters: 'gers-peepholes-2000',
  unrolled: 'werbos-1990',
  trellis: 'graves-2006',
  words: 'huang-2013',
  race: 'hochreiter-1997',
};
