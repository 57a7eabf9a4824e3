// How far a long test has come: kept, so that the same command goes on where it was stopped.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../../engine/library/atomicFile';

const recordSchema = z.strictObject({
  done: z.number().int().nonnegative(),
  /** Wall clock, over all sittings. */
  seconds: z.number().nonnegative(),
  /** Added up over all sittings, by name. */
  counts: z.record(z.string(), z.number()),
});
export type Progress = z.infer<typeof recordSchema>;

const fileOf = (folder: string, part: string): string => join(folder, `${part}.json`);

/** @returns nothing done where there is no record yet */
export async function readProgress(folder: string, part: string): Promise<Progress> {
  const text = await fs.readFile(fileOf(folder, part), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return text === null ? { done: 0, seconds: 0, counts: {} } : recordSchema.parse(JSON.parse(text));
}

export async function keepProgress(folder: string, part: string, progress: Progress): Promise<void> {
  await fs.mkdir(folder, { recursive: true });
  await writeFileAtomic(fileOf(folder, part), JSON.stringify(progress));
}

export function addCounts(
  sum: Readonly<Record<string, number>>,
  more: Readonly<Record<string, number>>,
): Record<string, number> {
  const all = { ...sum };
  for (const [name, count] of Object.entries(more)) all[name] = (all[name] ?? 0) + count;
  return all;
}
