// A file that grows while someone speaks. Where it lies is between the host and the person: no message tells.
import { z } from 'zod';
import { empty, fileName, identifier } from './schema';

export const liveFormatSchema = z.enum(['txt', 'srt', 'vtt']);
export type LiveFormat = z.infer<typeof liveFormatSchema>;

export const liveFileMethods = {
  /** The host lets the person choose a file, which becomes empty. Null where they choose none, or the host has no dialogs. */
  'liveFile.open': {
    request: z.strictObject({ name: fileName, format: liveFormatSchema }),
    reply: z.strictObject({ file: z.strictObject({ liveFileId: identifier, name: fileName }).nullable() }),
  },
  /** Answered when the text is on disk. */
  'liveFile.append': {
    request: z.strictObject({ liveFileId: identifier, text: z.string().max(1 << 20) }),
    reply: empty,
  },
  'liveFile.close': { request: z.strictObject({ liveFileId: identifier }), reply: empty },
} as const;
