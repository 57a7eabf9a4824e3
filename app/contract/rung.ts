// The ladder of ways to compute, fastest first.
import { z } from 'zod';

/**
 * compiled: native TensorFlow, recurrences compiled by XLA.
 * native: native TensorFlow, one operation at a time.
 * wasm: TensorFlow.js on WebAssembly; works everywhere.
 */
export const rungSchema = z.enum(['compiled', 'native', 'wasm']);
export type Rung = z.infer<typeof rungSchema>;

/** Why a lower rung has to do. */
export const rungReasonSchema = z.strictObject({
  /** The sentence's key among the errors. */
  reason: z.string().max(100),
  /** What the system said, in its own words; empty where there is nothing more to say. */
  detail: z.string().max(2_000),
});
export type RungReason = z.infer<typeof rungReasonSchema>;
