// A recipe's ladder: short runs that differ by one thing each, from which the recipe's configuration was chosen. All are judged
// on the same validation recordings, and nothing else is ever judged by them.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { trainingConfigSchema, type TrainingConfig } from '../../app/contract/trainingConfig';
import { checkFile } from '../data/checkFile';
import { writeFileAtomic } from '../library/atomicFile';
import { patched } from './mergePatch';
import type { Recipe } from './recipeFile';

/** What a short run came to. */
const ladderResultSchema = z.strictObject({
  /** The configuration that was learned; another one under the same name is learned anew. */
  config: z.unknown(),
  parameters: z.number(),
  /** Epoch whose weights were best on validation. */
  epoch: z.number(),
  /** On validation, greedy: nats for each recording, edits over symbols, edits over words. */
  validationLoss: z.number().nullable(),
  symbolError: z.number().nullable(),
  wordError: z.number().nullable(),
  /** Of learning, reading excepted. */
  minutes: z.number(),
});
export type LadderResult = z.infer<typeof ladderResultSchema>;
const resultsSchema = z.record(z.string(), ladderResultSchema);

export interface LadderStep {
  readonly name: string;
  readonly config: TrainingConfig;
}

/**
 * The configurations of a recipe's ladder, from the lowest step up.
 * @param name of the recipe, for sentences
 * @throws UnrollError config.invalid where a change leads to no configuration
 */
export function ladderSteps({ config, ladder }: Recipe, name: string): LadderStep[] {
  if (ladder === undefined) return [];
  const short = patched(config, ladder.short);
  return ladder.steps.map((step) => ({
    name: step.name,
    config: checkFile(trainingConfigSchema, patched(short, step.change), `${name}.json, ${step.name}`),
  }));
}

/**
 * Learns what is not yet learned, one after the other, and keeps what each came to in `out`/ladder.json.
 * @param learn a run of a configuration in a folder; goes on with what is there
 */
export async function climb(
  steps: readonly LadderStep[],
  out: string,
  learn: (config: TrainingConfig, folder: string) => Promise<Omit<LadderResult, 'config'>>,
): Promise<ReadonlyMap<string, LadderResult>> {
  const file = join(out, 'ladder.json');
  const text = await fs.readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}';
    throw error;
  });
  const results = new Map(Object.entries(checkFile(resultsSchema, JSON.parse(text), file)));
  for (const { name, config } of steps) {
    const done = results.get(name);
    if (done !== undefined && JSON.stringify(done.config) === JSON.stringify(config)) continue;
    const folder = join(out, 'ladder', name.replace(/\W+/g, '-'));
    if (done !== undefined) await fs.rm(folder, { recursive: true, force: true });
    results.set(name, { config, ...(await learn(config, folder)) });
    await writeFileAtomic(file, `${JSON.stringify(Object.fromEntries(results), null, 2)}\n`);
  }
  return new Map(steps.map(({ name }) => [name, results.get(name)!]));
}

const share = (value: number | null): string => (value === null ? '–' : `${(100 * value).toFixed(1)} %`);

/** A table for the documentation. */
export function ladderTable(results: ReadonlyMap<string, LadderResult>): string {
  const rows = [...results].map(
    ([name, { parameters, minutes, epoch, validationLoss, symbolError, wordError }]) =>
      `| ${name} | ${(parameters / 1e6).toFixed(2)} M | ${minutes.toFixed(1)} | ${epoch} | ${validationLoss?.toFixed(2) ?? '–'} | ${share(symbolError)} | ${share(wordError)} |`,
  );
  return [
    '| step | parameters | minutes | best epoch | loss | symbols wrong | words wrong |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}
