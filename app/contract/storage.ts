// How much room the person's folder takes, and what of it may be made anew.
import { z } from 'zod';
import { count, empty } from './schema';

/** `features` and `programs` are kept to save time, and made anew where they are missed; `other` is what is on its way, and logs. */
export const storageKindSchema = z.enum(['recordings', 'sets', 'runs', 'models', 'features', 'programs', 'other']);
export type StorageKind = z.infer<typeof storageKindSchema>;

export const storageUseSchema = z.array(z.strictObject({ kind: storageKindSchema, byteLength: count })).max(20);
export type StorageUse = z.infer<typeof storageUseSchema>;

const pair = <Q extends z.ZodType, R extends z.ZodType>(request: Q, reply: R) => ({ request, reply });

export const storageMethods = {
  /** `place` is where the folder lies, for the person to read. */
  'storage.use': pair(empty, z.strictObject({ use: storageUseSchema, place: z.string().max(10_000) })),
  /** Takes the kept features away; a run that is learning makes those that it needs anew. Answers the bytes that are free by it. */
  'storage.emptyFeatures': pair(empty, z.strictObject({ byteLength: count })),
} as const;
