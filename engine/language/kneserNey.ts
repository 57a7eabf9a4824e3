// Interpolated modified Kneser–Ney smoothing. Chen & Goodman, "An Empirical Study of Smoothing Techniques for Language Modeling",
// 1998, equations 3.28 to 3.34, with the choices of KenLM's lmplz (Heafield et al. 2013): adjusted counts, discounts of each
// order by themselves, unigrams interpolated with the uniform distribution, which gives unknown words their share.
import { contextOf, suffixOf, type NgramCounts, type NgramKey } from './ngramCounts';
import { BEGIN_TOKEN, NgramModel, UNKNOWN_TOKEN, type WordClass } from './ngramModel';

/** D1, D2 and D3+: what is taken off an n-gram that was seen once, twice, oftener. */
export type Discounts = readonly [number, number, number];
/** Where counts of counts allow no estimate: few texts, or classes, which lack rare tokens. */
export const FALLBACK_DISCOUNTS: Discounts = [0.5, 1, 1.5];

/** log10 p of `<s>`, which is never predicted. */
const NEVER = -99;

/** A context whose discounts take nothing leaves nothing to others: as good as nothing, so that it has a logarithm. */
const log10 = (probability: number): number => Math.log10(Math.max(probability, 1e-40));

/** @param counts of all lengths up to the model's order */
export function kneserNeyModel(counts: NgramCounts, classes: readonly WordClass[] = []): NgramModel {
  const adjusted = adjustedCounts(counts);
  const model = new NgramModel(counts.length, classes);
  const orders = adjusted.map((ofLength) => smoothed(ofLength, discountsOf([...ofLength.values()])));
  /** Types but for `<s>`, unknown words among them. */
  const uniform = 1 / (adjusted[0]!.size + 1);
  const unigramWeight = orders[0]!.weights.get('') ?? 1;
  const backOff = (key: NgramKey, length: number): number => {
    const weight = orders[length]?.weights.get(key);
    return weight === undefined ? 0 : log10(weight);
  };
  model.add([UNKNOWN_TOKEN], log10(unigramWeight * uniform), 0);
  model.add([BEGIN_TOKEN], NEVER, backOff(BEGIN_TOKEN, 1));
  let below = new Map<NgramKey, number>();
  orders.forEach(({ shares, weights }, index) => {
    const here = new Map<NgramKey, number>();
    for (const [key, share] of shares) {
      const lower = index === 0 ? uniform : below.get(suffixOf(key))!;
      const probability = share + weights.get(contextOf(key))! * lower;
      here.set(key, probability);
      model.add(key.split(' '), log10(probability), backOff(key, index + 1));
    }
    below = here;
  });
  return model;
}

/**
 * Of the longest n-grams how often they occur; of the others how many different tokens stand before them, which is what a
 * back-off asks. Nothing stands before `<s>`: such n-grams keep their count.
 */
export function adjustedCounts(counts: NgramCounts): NgramCounts {
  return counts.map((ofLength, index) => {
    const longer = counts[index + 1];
    if (longer === undefined) return ofLength;
    const adjusted = new Map<NgramKey, number>();
    for (const [key, count] of ofLength) if (key.startsWith(`${BEGIN_TOKEN} `)) adjusted.set(key, count);
    for (const key of longer.keys()) {
      const suffix = suffixOf(key);
      adjusted.set(suffix, (adjusted.get(suffix) ?? 0) + 1);
    }
    return adjusted;
  });
}

/** Equation 26 of Chen & Goodman; the fallback where it has no answer within its bounds. */
export function discountsOf(counts: readonly number[]): Discounts {
  const n = [1, 2, 3, 4].map((count) => counts.filter((each) => each === count).length);
  const [n1, n2, n3, n4] = n as [number, number, number, number];
  if (n1 === 0 || n2 === 0 || n3 === 0) return FALLBACK_DISCOUNTS;
  const y = n1 / (n1 + 2 * n2);
  const discounts: Discounts = [1 - (2 * y * n2) / n1, 2 - (3 * y * n3) / n2, 3 - (4 * y * n4) / n3];
  return discounts.every((discount, index) => discount >= 0 && discount <= index + 1) ? discounts : FALLBACK_DISCOUNTS;
}

interface Smoothed {
  /** (count − D) / all counts of the context, by n-gram. */
  readonly shares: ReadonlyMap<NgramKey, number>;
  /** What the discounts leave to shorter contexts, by context. */
  readonly weights: ReadonlyMap<NgramKey, number>;
}

function smoothed(counts: ReadonlyMap<NgramKey, number>, discounts: Discounts): Smoothed {
  const discountOf = (count: number): number => discounts[Math.min(count, 3) - 1]!;
  const totals = new Map<NgramKey, number>();
  const left = new Map<NgramKey, number>();
  for (const [key, count] of counts) {
    const context = contextOf(key);
    totals.set(context, (totals.get(context) ?? 0) + count);
    left.set(context, (left.get(context) ?? 0) + discountOf(count));
  }
  const shares = new Map<NgramKey, number>();
  for (const [key, count] of counts) shares.set(key, (count - discountOf(count)) / totals.get(contextOf(key))!);
  const weights = new Map([...left].map(([context, mass]) => [context, mass / totals.get(context)!]));
  return { shares, weights };
}
