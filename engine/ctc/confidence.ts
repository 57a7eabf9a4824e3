// Scores turned into chances of being right.
import type { Calibration } from '../../app/contract/decoding';

/** Scores of 0 and 1 have a logit too. */
const NEAREST = 1e-4;
/** ln of the odds. */
export const logit = (score: number): number => {
  const inside = Math.min(1 - NEAREST, Math.max(NEAREST, score));
  return Math.log(inside / (1 - inside));
};
export const calibrated = (score: number, { temperature, bias }: Calibration): number =>
  1 / (1 + Math.exp(-(logit(score) / temperature + bias)));
