// The stage of a recipe before its runs: a first model learns sentences, and is used to cut them into words.
import { join } from 'node:path';
import type { Rung } from '../../app/contract/rung';
import { percent, say } from '../commands/output';
import { checkFile } from '../data/checkFile';
import { isThere } from '../data/dataFolder';
import { readManifest, type ManifestRow } from '../data/manifest';
import { readRecogniser, type Recogniser } from '../library/modelFiles';
import { OpenModel } from '../listen/openModel';
import { trainingConfigSchema } from '../../app/contract/trainingConfig';
import { cutRecordings, PIECES_FILE, piecesCorpus } from './cutRecordings';
import { patched } from './mergePatch';
import type { Recipe } from './recipeFile';
import { trainModel, type TrainModelOptions } from './trainModel';

export interface RecipePieces {
  /** What runs learn besides the recordings. */
  readonly rows: readonly ManifestRow[];
  /** The model that a run of everybody begins with; null: with chance. */
  readonly first: Recogniser | null;
}
export const NO_PIECES: RecipePieces = { rows: [], first: null };

export interface PiecesJob {
  readonly name: string;
  readonly recipe: Recipe;
  readonly out: string;
  readonly rung: Rung;
  readonly hooks: TrainModelOptions['hooks'];
}

/**
 * The pieces of the recipe's sentences; what was done before is taken from `out`.
 * @param everybody rows of a run of everybody, with their parts
 */
export async function recipePieces(job: PiecesJob, everybody: readonly ManifestRow[]): Promise<RecipePieces> {
  const { recipe, out, rung } = job;
  if (recipe.cut === undefined) return NO_PIECES;
  const { corpus, isBeginning } = recipe.cut;
  const list = join(out, 'pieces', PIECES_FILE);
  const hasPieces = await isThere(list);
  if (!hasPieces) {
    const model = new OpenModel(await firstModel(job, everybody), rung);
    const sentences = everybody.filter((row) => row.corpus === corpus && (row.part ?? 'train') === 'train');
    const report = await cutRecordings(model, sentences, { out: join(out, 'pieces'), corpus: piecesCorpus(corpus) });
    await model.dispose();
    const unsure = report.unsure / Math.max(1, report.unsure + report.pieces);
    say(`pieces: ${report.pieces} of ${report.recordings} recordings, ${percent(unsure)} left out as unsure`);
  }
  return {
    rows: await readManifest(list),
    first: isBeginning ? await readRecogniser(join(out, 'first', 'model')) : null,
  };
}

async function firstModel(
  { name, recipe, out, rung, hooks }: PiecesJob,
  everybody: readonly ManifestRow[],
): Promise<Recogniser> {
  const first = patched(recipe.config, recipe.cut?.first ?? {});
  const config = checkFile(trainingConfigSchema, first, `${name}.json, cut, first`);
  const options = { out: join(out, 'first'), cache: join(out, 'features'), rung, ...(hooks && { hooks }) };
  const run = await trainModel(config, everybody, options);
  if (run.kind === 'paused') throw new Error('Expected a run that nobody pauses');
  return run;
}
