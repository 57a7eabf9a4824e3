// What the comparison on slot filling found so far, kept after every training, so that the same command goes on where it was stopped.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { checkFile } from '../data/checkFile';
import { readNamedJson } from '../data/namedJson';
import { writeFileAtomic } from '../library/atomicFile';
import { READINGS, SLOT_CELLS } from './slotNetworks';

const FILE = 'slots.json';
const MAX_BYTES = 1 << 20;
const whole = z.number().int().positive();
const slotResultSchema = z.strictObject({
  cell: z.enum(SLOT_CELLS),
  reading: z.enum(READINGS),
  seed: whole,
  /** Sentences that were learned from and chosen by. */
  sentences: whole,
  epochs: whole,
  /** Over whole slots, on sentences of the test. */
  f1: z.number().min(0).max(1),
  tested: whole,
  parameters: whole,
  seconds: z.number().min(0),
  date: z.iso.date(),
  /** What computed: sort of processor, threads, libraries. */
  machine: z.string(),
});
export type SlotResult = z.infer<typeof slotResultSchema>;
/** Which training it is. */
export type SlotKey = Pick<SlotResult, 'cell' | 'reading' | 'seed' | 'sentences' | 'epochs'>;

export const isSameTraining = (a: SlotKey, b: SlotKey): boolean =>
  a.cell === b.cell &&
  a.reading === b.reading &&
  a.seed === b.seed &&
  a.sentences === b.sentences &&
  a.epochs === b.epochs;

/** None without a file. @throws UnrollError naming file and field where it is not what was written. */
export async function readSlotResults(folder: string): Promise<readonly SlotResult[]> {
  const path = join(folder, FILE);
  if (!existsSync(path)) return [];
  return checkFile(z.array(slotResultSchema), await readNamedJson(path, MAX_BYTES), FILE);
}

/** Adds a result, in place of an earlier one of the same training. */
export async function keepSlotResult(folder: string, result: SlotResult): Promise<void> {
  const others = (await readSlotResults(folder)).filter((other) => !isSameTraining(other, result));
  await writeFileAtomic(join(folder, FILE), `${JSON.stringify([...others, result], null, 2)}\n`);
}
