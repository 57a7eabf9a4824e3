// An error that a person can act on, as it crosses a process border and as it is stored.
import { z } from 'zod';

export const errorSchema = z.strictObject({
  code: z.string().max(100),
  /** English sentence, for logs and the terminal. */
  message: z.string().max(2_000),
  /** Values for the same sentence in the window's language. */
  params: z.record(z.string(), z.union([z.string().max(1_000), z.number()])),
});
export type ErrorMessage = z.infer<typeof errorSchema>;
