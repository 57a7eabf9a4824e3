// A folder whose new sounds become recordings. It is chosen in the host's own dialog: no message carries its path.
import { z } from 'zod';
import { count, empty } from './schema';

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

const reply = z.strictObject({ watched: watchedFolderSchema.nullable(), canChoose: z.boolean() });

export const watchingMethods = {
  /** `canChoose` is false where the host has no dialogs. */
  'watching.get': { request: empty, reply },
  /** Lets the person choose a folder; where they choose none, all stays as it is. */
  'watching.choose': { request: empty, reply },
  'watching.rest': { request: z.strictObject({ isPaused: z.boolean() }), reply },
  'watching.stop': { request: empty, reply },
} as const;

export const watchingEvents = {
  'watching.changed': z.strictObject({ watched: watchedFolderSchema.nullable() }),
} as const;
