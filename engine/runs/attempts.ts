// How often a run has ended the process that trains it, without getting any further. Written before the run begins and removed when
// it ends in order, so that it is known whatever ends the process.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../library/atomicFile';
import { isMissing } from '../library/recordingFiles';

/** Beginnings in a row after which a run is not begun any more by itself. */
export const MOST_ATTEMPTS = 3;
const FILE = 'attempts.json';
const CHECKPOINTS = ['checkpoint', 'checkpoints'];

const attemptsSchema = z.strictObject({
  attempts: z.number().int().positive(),
  /** The checkpoint that the first of them began with. */
  from: z.string(),
});

/**
 * Notes that the run begins.
 * @returns false where it has been begun MOST_ATTEMPTS times from the checkpoint that is there, and never ended in order
 */
export async function beginAttempt(folder: string): Promise<boolean> {
  const from = await checkpointMark(folder);
  const before = await readAttempts(folder);
  const attempts = before?.from === from ? before.attempts : 0;
  if (attempts >= MOST_ATTEMPTS) return false;
  await writeFileAtomic(join(folder, FILE), JSON.stringify({ attempts: attempts + 1, from }));
  return true;
}

/** The run ended in order, or the person wants it to be tried anew. */
export const endAttempts = (folder: string): Promise<void> => fs.rm(join(folder, FILE), { force: true });

/** Null where there were none, or where the note was cut short. */
async function readAttempts(folder: string): Promise<z.infer<typeof attemptsSchema> | null> {
  try {
    return attemptsSchema.safeParse(JSON.parse(await fs.readFile(join(folder, FILE), 'utf8'))).data ?? null;
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Changes with every checkpoint that is written. */
async function checkpointMark(folder: string): Promise<string> {
  const marks: string[] = [];
  for (const name of CHECKPOINTS) {
    const files = await fs.readdir(join(folder, name)).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    for (const file of files.filter((each) => !each.startsWith('.')).sort()) {
      const { mtimeMs, size } = await fs.stat(join(folder, name, file));
      marks.push(`${name}/${file} ${size} ${mtimeMs}`);
    }
  }
  return marks.join('\n');
}
