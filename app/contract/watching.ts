// A folder whose new sounds become recordings. It is chosen in the host's own dialog: no message carries its path.
import { z } from 'zod';
import { bytes, count, empty, fileName, identifier } from './schema';

export const watchedFolderSchema = z.strictObject({
  /** Of the folder alone, without the way to it. */
  name: z.string().max(1_000),
  /** `missing`: it cannot be read, and is looked for until it can. */
  state: z.enum(['watching', 'paused', 'missing']),
  /** Sounds that were taken since the folder was chosen, or the program started. */
  heard: count,
  /** Names of files that were left out. */
  failed: z.array(z.string().max(1_000)).max(100),
});
export type WatchedFolder = z.infer<typeof watchedFolderSchema>;

/** Largest piece of an offered file in one message. */
export const MAX_OFFERED_PIECE_BYTES = 1 << 20;

const reply = z.strictObject({ watched: watchedFolderSchema.nullable(), canChoose: z.boolean() });

export const watchingMethods = {
  /** `canChoose` is false where the host has no dialogs. */
  'watching.get': { request: empty, reply },
  /** Lets the person choose a folder; where they choose none, all stays as it is. */
  'watching.choose': { request: empty, reply },
  'watching.rest': { request: z.strictObject({ isPaused: z.boolean() }), reply },
  'watching.stop': { request: empty, reply },
  /** Of windows that are offered a file the first has it; null where it is another's, or no longer offered. */
  'watching.take': {
    request: z.strictObject({ offerId: identifier }),
    reply: z.strictObject({ file: z.strictObject({ name: fileName, byteLength: count }).nullable() }),
  },
  /** Bytes of a file that was taken; none at its end, where the offer is over. */
  'watching.read': {
    request: z.strictObject({ offerId: identifier, offset: count }),
    reply: z.strictObject({ bytes: bytes(MAX_OFFERED_PIECE_BYTES) }),
  },
} as const;

export const watchingEvents = {
  /** A sound of the watched folder that the engine has no decoder for, and a browser may have. */
  'watching.offered': z.strictObject({ offerId: identifier }),
  'watching.changed': z.strictObject({ watched: watchedFolderSchema.nullable() }),
} as const;
