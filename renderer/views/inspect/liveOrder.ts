// In which order the units of a take under way stand: by the statistics of many sounds, since its own are not known yet.
import type { InspectedActivation } from '../../../app/contract/inspection';
import { sameSeries, type Series } from './inspected.svelte';
import { byCorrelation, byMean } from './statisticsTables';
import type { Statistics } from './unitSurvey.svelte';

/** Which unit stands in which place, from the top; null: each at its number. */
export type LiveOrder = (series: Series) => Int32Array | null;

/** Units by number, by their mean, or by what they have with a signal of the statistics, named by its place. */
export type LiveOrderBy = 'index' | 'mean' | { readonly signal: number };

/** The same array for the same series: what is drawn in it need not be drawn again. */
export function liveOrder(statistics: Statistics | null, by: LiveOrderBy): LiveOrder {
  if (statistics === null || by === 'index') return () => null;
  const known = new Map<InspectedActivation, Int32Array | null>();
  return (series) => {
    const found = known.get(series.of);
    if (found !== undefined) return found;
    const own = statistics.series.find((each) => sameSeries(each, series));
    const made = own && own.mean.length === series.of.units ? ordered(own, by) : null;
    known.set(series.of, made);
    return made;
  };
}

const ordered = (own: Statistics['series'][number], by: Exclude<LiveOrderBy, 'index'>): Int32Array =>
  Int32Array.from(by === 'mean' ? byMean(own) : byCorrelation(own, by.signal));
