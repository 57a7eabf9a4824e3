// What the learning tests found so far, kept after every training, so that the same command goes on where it was stopped.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readNamedJson } from '../data/namedJson';
import { writeFileAtomic } from '../library/atomicFile';
import { checkFile } from '../data/checkFile';
import { CONTENDER_NAMES } from './contenders';
import { TASK_NAMES } from './tasks';

const FILE = 'results.json';
const MAX_BYTES = 1 << 20;
/** One setting for all cells, or each as its paper trained it. */
export const SETTINGS_NAMES = ['shared', 'published'] as const;
export type SettingsName = (typeof SETTINGS_NAMES)[number];
const resultSchema = z.strictObject({
  settings: z.enum(SETTINGS_NAMES).default('shared'),
  task: z.enum(TASK_NAMES),
  length: z.number().int().positive(),
  contender: z.enum(CONTENDER_NAMES),
  /** Training steps after which the task was solved; null: it was not. */
  solvedAfter: z.number().int().positive().nullable(),
  bestRightShare: z.number().min(0).max(1),
  skippedSteps: z.number().int().min(0),
  /** Most steps it was given. */
  steps: z.number().int().positive(),
  seconds: z.number().min(0),
  date: z.iso.date(),
  /** What computed: sort of processor, threads, libraries. */
  machine: z.string(),
});
export type TrialResult = z.infer<typeof resultSchema>;
/** Which training it is. */
export type TrialKey = Pick<TrialResult, 'settings' | 'task' | 'length' | 'contender'>;

const isSame = (a: TrialKey, b: TrialKey): boolean =>
  a.settings === b.settings && a.task === b.task && a.length === b.length && a.contender === b.contender;
export const resultOf = (results: readonly TrialResult[], key: TrialKey): TrialResult | null =>
  results.find((result) => isSame(result, key)) ?? null;

/** The greatest shorter length of the same task that the same cell, trained the same way, was given in vain; null: none. */
export function lengthFailedBefore(results: readonly TrialResult[], key: TrialKey): number | null {
  const failed = results.filter(
    (result) =>
      result.solvedAfter === null && result.length < key.length && isSame({ ...key, length: result.length }, result),
  );
  return failed.length === 0 ? null : Math.max(...failed.map(({ length }) => length));
}

/** Whether a training need not be made: it was solved within so many steps, or had at least so many in vain. */
export const isSettled = (result: TrialResult | null, steps: number): boolean =>
  result !== null && (result.solvedAfter !== null || result.steps >= steps);

/** None without a file. @throws UnrollError naming file and field where it is not what was written. */
export async function readResults(folder: string): Promise<readonly TrialResult[]> {
  const path = join(folder, FILE);
  if (!existsSync(path)) return [];
  return checkFile(z.array(resultSchema), await readNamedJson(path, MAX_BYTES), FILE);
}

/** Adds a result, in place of an earlier one of the same training. @returns all of them. */
export async function keepResult(folder: string, result: TrialResult): Promise<readonly TrialResult[]> {
  const others = (await readResults(folder)).filter((other) => !isSame(other, result));
  const results = [...others, result];
  await writeFileAtomic(join(folder, FILE), `${JSON.stringify(results, null, 2)}\n`);
  return results;
}
