// The ladder of ways to compute, fastest first.
import { z } from 'zod';

/**
 * compiled: native TensorFlow, recurrences compiled by XLA.
 * native: native TensorFlow, one operation at a time.
 * wasm: TensorFlow.js on WebAssembly; works everywhere.
 */
export const rungSchema = z.enum(['compiled', 'native', 'wasm']);
export type Rung = z.infer<typeof rungSchema>;
