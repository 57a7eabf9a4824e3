// The pages of the laboratory in the order that they are read.
import type { ExperimentName } from '../../../app/contract/lab';

export const PAGES = [
  'transition',
  'surface',
  'cell',
  'reach',
  'parameters',
  'trellis',
] as const satisfies readonly ExperimentName[];
export type PageName = (typeof PAGES)[number];

export const pageAt = (item: string | null): PageName | null => PAGES.find((name) => name === item) ?? null;
