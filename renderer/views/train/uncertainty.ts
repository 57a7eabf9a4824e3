// How sure a share of errors is that was counted on so many words.

const Z_95 = 1.96;

/**
 * Wilson's interval at 95 % of a share counted on `trials` (Wilson 1927, "Probable inference, the law of succession, and
 * statistical inference"), as though every word were tried by itself: words of one utterance err together, so the truth is
 * rather wider. Null where there is no such interval: nothing was counted, or there were more errors than words.
 */
export function wilson(share: number, trials: number): { readonly low: number; readonly high: number } | null {
  if (trials <= 0 || share < 0 || share > 1) return null;
  const z2 = Z_95 ** 2;
  const middle = (share + z2 / (2 * trials)) / (1 + z2 / trials);
  const half = (Z_95 / (1 + z2 / trials)) * Math.sqrt((share * (1 - share)) / trials + z2 / (4 * trials ** 2));
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
