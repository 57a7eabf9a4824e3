// Damaged files to everything that reads files: each is read or refused with a sentence, in bounded memory, and nothing beside its
// folder is touched.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { UnrollError } from '../../../app/errors';
import { makeRandom } from '../../../engine/runtime/random';
import { choice } from '../random';
import { damaged } from './damage';
import { Refusal, type Target } from './targets';

export interface ParserFuzz {
  readonly name: string;
  readonly target: Target;
  readonly seed: number;
  readonly first: number;
  readonly count: number;
  /** For the files; each goes once it was read. */
  readonly folder: string;
}

export interface ParserTally {
  read: number;
  refused: number;
}

/** Far more than any of these files takes, far less than what a lying length asks for. */
const MAX_GROWTH_BYTES = 512 << 20;
/** Of a small file; a reader that takes longer is caught in it. */
const MAX_MS = 60_000;

/** @throws Error that names the target and the number of the file which broke it */
export async function fuzzParser({ name, target, seed, first, count, folder }: ParserFuzz): Promise<ParserTally> {
  const tally: ParserTally = { read: 0, refused: 0 };
  const before = process.memoryUsage().rss;
  for (let number = first; number < first + count; number++) {
    const random = makeRandom(seed * 1_000_003 + number);
    const bytes = damaged(choice(random, target.whole), target.kind, random);
    const own = join(folder, String(number));
    await fs.mkdir(own, { recursive: true });
    const since = performance.now();
    const sentence = await refusalOf(target, bytes, own).catch((error: unknown) => {
      throw new Error(`${name} broke on file ${number} of seed ${seed}`, { cause: error });
    });
    if (sentence === null) tally.read++;
    else tally.refused++;
    if (sentence === '') throw new Error(`${name} refused file ${number} of seed ${seed} without a word`);
    if (performance.now() - since > MAX_MS) throw new Error(`${name} took too long for file ${number} of seed ${seed}`);
    if (process.memoryUsage().rss - before > MAX_GROWTH_BYTES)
      throw new Error(`${name} takes more and more memory, at file ${number} of seed ${seed}`);
    await fs.rm(own, { recursive: true, force: true });
  }
  const left = await fs.readdir(folder);
  if (left.length > 0) throw new Error(`${name} left ${left.join(', ')} beside its folder`);
  return tally;
}

/** Null where the file was read. @throws whatever is no sentence for a person */
async function refusalOf(target: Target, bytes: Uint8Array, folder: string): Promise<string | null> {
  try {
    await target.read(bytes, folder);
    return null;
  } catch (error) {
    if (error instanceof UnrollError || error instanceof Refusal) return error.message;
    throw error;
  }
}
