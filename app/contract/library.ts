// Finding recordings: what is asked of the library's index, and what a recording is called and marked with.
import { z } from 'zod';
import { utteranceSchema } from './recognition';
import { recordingSummarySchema, tagsSchema } from './recording';
import { count, fraction, identifier, instant, milliseconds } from './schema';

/** Most recordings that one page of a search holds. */
export const MAX_PAGE_RECORDINGS = 200;

export const librarySortSchema = z.enum(['newest', 'oldest', 'longest', 'shortest', 'title', 'leastSure']);
export type LibrarySort = z.infer<typeof librarySortSchema>;

/** What a recording must be to be found; a field left out asks nothing. */
export const libraryFilterSchema = z.strictObject({
  /** Words that its title, tags, file name or any of its transcripts hold; each may be the beginning of one. */
  query: z.string().max(400).optional(),
  /** In the trash instead of the library. */
  isDeleted: z.boolean().optional(),
  isFavourite: z.boolean().optional(),
  isCorrected: z.boolean().optional(),
  /** All of these. */
  tags: tagsSchema.optional(),
  /** Any of its transcripts is by this model. */
  modelId: identifier.optional(),
  createdFrom: instant.optional(),
  createdBefore: instant.optional(),
  /** The mean score of its words is below this. */
  confidenceBelow: fraction.optional(),
  durationFromMs: milliseconds.optional(),
  durationBelowMs: milliseconds.optional(),
});
export type LibraryFilter = z.infer<typeof libraryFilterSchema>;

const pageSchema = z.strictObject({
  recordings: z.array(recordingSummarySchema).max(MAX_PAGE_RECORDINGS),
  /** Of all that were found, not of the page alone. */
  total: count,
  totalMs: milliseconds,
  /** How many were found of each day, in the order of the list; on the first page of an order of time, else empty. */
  days: z.array(z.strictObject({ day: z.string(), count })),
});
export type LibraryPage = z.infer<typeof pageSchema>;

export const libraryMethods = {
  /** The recordings [first, first + count) of those that match, in that order. */
  'library.search': {
    request: z.strictObject({
      filter: libraryFilterSchema,
      sort: librarySortSchema,
      first: count,
      count: count.max(MAX_PAGE_RECORDINGS),
    }),
    reply: pageSchema,
  },
  /** Every recording that matches, by name alone: what a bulk action is done to. */
  'library.ids': {
    request: z.strictObject({ filter: libraryFilterSchema }),
    reply: z.strictObject({ ids: z.array(identifier) }),
  },
  /** The tags and models that there is something of, and how many recordings of each. */
  'library.facets': {
    request: z.strictObject({}),
    reply: z.strictObject({
      tags: z.array(z.strictObject({ tag: z.string(), count })),
      models: z.array(z.strictObject({ modelId: z.string(), count })),
      deleted: count,
    }),
  },
  /** Puts these in the place of the tags there are, and says whether it is a favourite. */
  'recordings.label': {
    request: z.strictObject({ recordingId: identifier, tags: tagsSchema, isFavourite: z.boolean() }),
    reply: z.strictObject({ recording: recordingSummarySchema }),
  },
  /** The lines [first, first + count) of a text become these; every edit is one, and so is taking it back. */
  'recordings.edit': {
    request: z.strictObject({
      recordingId: identifier,
      modelId: z.string().max(128),
      first: count,
      count,
      utterances: z.array(utteranceSchema).max(100_000),
    }),
    reply: z.strictObject({ recording: recordingSummarySchema }),
  },
  /** A part heard again, by any model; nothing is kept of it. */
  'recordings.reread': {
    request: z.strictObject({
      recordingId: identifier,
      startMs: milliseconds,
      endMs: milliseconds,
      modelId: identifier,
    }),
    reply: z.strictObject({ utterances: z.array(utteranceSchema).max(100_000) }),
  },
  /** Out of the trash, and off the disk for good. */
  'recordings.erase': {
    request: z.strictObject({ recordingId: identifier }),
    reply: z.strictObject({}),
  },
} as const;
