// Where the same units are open together as in a span that was chosen: LSTMVis's matches, in other sounds.
import type { PatternMatch, SurveyTask } from '../../app/contract/inspectionQuestions';
import type { Inspection } from './inspection';
import { refused } from './refused';

type Pattern = Extract<SurveyTask, { readonly kind: 'matches' }>;
type Place = Pick<PatternMatch, 'fromStep' | 'toStep' | 'score'>;

/** Of one sound. */
const MOST_MATCHES = 3;
const PIECE_ROWS = 256;

/** The best places of a sound, none over another, best first. */
export async function matchesIn(inspection: Inspection, { units, threshold, steps }: Pattern): Promise<Place[]> {
  const { steps: all } = inspection.description;
  if (all < steps) return [];
  const open = new Float64Array(all);
  for (const { unit, ...series } of units) {
    const { width, read } = await inspection.series(series);
    if (unit >= width) throw refused(`${series.activation} of layer ${series.layer} has ${width} units.`);
    for (let first = 0; first < all; first += PIECE_ROWS) {
      const values = await read(first, PIECE_ROWS);
      for (let row = 0; row < values.length / width; row++)
        if (values[row * width + unit]! >= threshold) open[first + row]! += 1 / units.length;
    }
  }
  return bestPlaces(open, steps);
}

/** By the mean share inside, less that of as many steps around. @param open share of the units that are open, by step */
function bestPlaces(open: Float64Array, length: number): Place[] {
  const sums = new Float64Array(open.length + 1);
  open.forEach((share, t) => (sums[t + 1] = sums[t]! + share));
  const meanOf = (from: number, to: number): number => (to > from ? (sums[to]! - sums[from]!) / (to - from) : 0);
  const margin = Math.ceil(length / 2);
  const places = Array.from({ length: open.length - length + 1 }, (_, fromStep) => {
    const toStep = fromStep + length;
    const [left, right] = [Math.max(0, fromStep - margin), Math.min(open.length, toStep + margin)];
    const aroundSteps = fromStep - left + right - toStep;
    const around = aroundSteps === 0 ? 0 : (sums[fromStep]! - sums[left]! + sums[right]! - sums[toStep]!) / aroundSteps;
    return { fromStep, toStep, score: meanOf(fromStep, toStep) - around };
  });
  const best: Place[] = [];
  for (const place of places.filter(({ score }) => score > 0).sort((a, b) => b.score - a.score)) {
    if (best.length === MOST_MATCHES) break;
    if (best.every(({ fromStep, toStep }) => place.toStep <= fromStep || place.fromStep >= toStep)) best.push(place);
  }
  return best;
}
