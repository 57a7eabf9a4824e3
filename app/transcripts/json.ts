// Our own JSON: all that a transcript knows, times in milliseconds and confidences from 0 to 1.
import { z } from 'zod';
import { fraction, milliseconds } from '../contract/schema';
import { unreadable, type TranscriptFormat } from './format';

export const transcriptFileSchema = z.strictObject({
  format: z.literal('unroll-transcript'),
  version: z.literal(1),
  title: z.string().max(200),
  durationMs: milliseconds,
  segments: z
    .array(
      z.strictObject({
        startMs: milliseconds,
        endMs: milliseconds,
        text: z.string().min(1),
        words: z.array(
          z.strictObject({
            text: z.string().min(1),
            startMs: milliseconds,
            endMs: milliseconds,
            confidence: fraction.nullable(),
          }),
        ),
      }),
    )
    .max(100_000),
});

export const JSON_FORMAT: TranscriptFormat = {
  extension: 'json',
  mediaType: 'application/json',
  write: ({ title, durationMs, segments }) =>
    `${JSON.stringify({ format: 'unroll-transcript', version: 1, title, durationMs, segments }, null, 2)}\n`,
  read: (text, file) => {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      throw unreadable(file, 1);
    }
    const result = transcriptFileSchema.safeParse(value);
    if (!result.success) throw unreadable(file, 1);
    const { title, durationMs, segments } = result.data;
    return { title, durationMs, segments };
  },
};
