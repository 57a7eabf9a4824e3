// manifest.json of a recording, and the short form that lists show.
import { z } from 'zod';
import { count, fraction, identifier, instant, milliseconds } from './schema';
import { transcriptSchema } from './recognition';

/** Moments that the person marked, in milliseconds of the recording, ascending. */
export const marksSchema = z.array(milliseconds).max(1_000);

/** A word of the person's own to find recordings by. */
export const tagSchema = z.string().trim().min(1).max(40);
export const tagsSchema = z.array(tagSchema).max(50);

/** What the manifests of this program say of themselves; older ones are read as well. */
export const MANIFEST_VERSION = 2;

export const recordingManifestSchema = z.strictObject({
  format: z.literal('unroll-recording'),
  version: z.literal(MANIFEST_VERSION),
  id: identifier,
  /** Empty until the person names it: the window calls it by what was said. */
  title: z.string().max(200),
  createdAt: instant,
  durationMs: milliseconds,
  sampleRateHz: z.number().int().positive(),
  source: z.enum(['microphone', 'file', 'sample']),
  /** Name of the file it was made from; never a path. */
  fileName: z.string().max(255).nullable(),
  /** True where the take was cut short by a crash and put together from what was on disk. */
  isRecovered: z.boolean(),
  deletedAt: instant.nullable(),
  transcripts: z.array(transcriptSchema),
  marks: marksSchema.default([]),
  tags: tagsSchema,
  isFavourite: z.boolean(),
});
export type RecordingManifest = z.infer<typeof recordingManifestSchema>;

export const recordingSummarySchema = z.strictObject({
  id: identifier,
  title: z.string(),
  createdAt: instant,
  durationMs: milliseconds,
  source: z.enum(['microphone', 'file', 'sample']),
  isRecovered: z.boolean(),
  /** The newest transcript as plainText writes it. */
  text: z.string(),
  modelId: z.string().nullable(),
  /** Mean score of the newest transcript's words; null where there are none. */
  confidence: fraction.nullable(),
  /** Words of the newest transcript that the person put right. */
  corrections: count,
  tags: tagsSchema,
  isFavourite: z.boolean(),
  isDeleted: z.boolean(),
});
export type RecordingSummary = z.infer<typeof recordingSummarySchema>;
