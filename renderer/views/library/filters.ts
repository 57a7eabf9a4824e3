// The filters of the library as the person sets them, and as the engine is asked. Pure: the view holds the value.
import type { LibraryFilter } from '../../../app/contract/library';
import { unreachable } from '../../../app/errors';

export const WHENS = ['any', 'today', 'week', 'month', 'older'] as const;
export type When = (typeof WHENS)[number];
export const LENGTHS = ['any', 'under10', 'to60', 'over60', 'over600'] as const;
export type Length = (typeof LENGTHS)[number];

export interface Filters {
  readonly query: string;
  readonly isDoubtful: boolean;
  readonly isCorrected: boolean;
  readonly isFavourite: boolean;
  readonly isDeleted: boolean;
  readonly tags: readonly string[];
  readonly modelId: string | null;
  readonly when: When;
  readonly length: Length;
}

export const NO_FILTERS: Filters = {
  query: '',
  isDoubtful: false,
  isCorrected: false,
  isFavourite: false,
  isDeleted: false,
  tags: [],
  modelId: null,
  when: 'any',
  length: 'any',
};

/** From this mean score on, a text is not counted among the doubtful: where the first mark of a character begins to widen. */
export const DOUBTFUL_BELOW = 0.7;
const DAY_MS = 86_400_000;

/** How many of those behind the filter button are set. */
export const setBehindButton = ({ tags, modelId, when, length, isDeleted }: Filters): number =>
  tags.length + Number(modelId !== null) + Number(when !== 'any') + Number(length !== 'any') + Number(isDeleted);

export const isFiltered = (filters: Filters): boolean => Object.keys(asked(filters, new Date(0))).length > 0;

/** @param now from which days are counted back */
export function asked(filters: Filters, now: Date): LibraryFilter {
  const { query, isDoubtful, isCorrected, isFavourite, isDeleted, tags, modelId, when, length } = filters;
  return {
    ...(query.trim() === '' ? {} : { query: query.trim() }),
    ...(isDoubtful ? { confidenceBelow: DOUBTFUL_BELOW } : {}),
    ...(isCorrected ? { isCorrected } : {}),
    ...(isFavourite ? { isFavourite } : {}),
    ...(isDeleted ? { isDeleted } : {}),
    ...(tags.length === 0 ? {} : { tags: [...tags] }),
    ...(modelId === null ? {} : { modelId }),
    ...span(when, now),
    ...lengths(length),
  };
}

function span(when: When, now: Date): LibraryFilter {
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
  const daysAgo = (days: number): string => new Date(midnight - days * DAY_MS).toISOString();
  switch (when) {
    case 'any':
      return {};
    case 'today':
      return { createdFrom: daysAgo(0) };
    case 'week':
      return { createdFrom: daysAgo(6) };
    case 'month':
      return { createdFrom: daysAgo(29) };
    case 'older':
      return { createdBefore: daysAgo(29) };
    default:
      return unreachable(when);
  }
}

function lengths(length: Length): LibraryFilter {
  switch (length) {
    case 'any':
      return {};
    case 'under10':
      return { durationBelowMs: 10_000 };
    case 'to60':
      return { durationFromMs: 10_000, durationBelowMs: 60_000 };
    case 'over60':
      return { durationFromMs: 60_000 };
    case 'over600':
      return { durationFromMs: 600_000 };
    default:
      return unreachable(length);
  }
}
