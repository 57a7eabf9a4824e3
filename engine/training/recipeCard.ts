// The model that a recipe ships: written as F16 with its card, and where the recipe has one, its language model.
import { promises as fs } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { ModelCard } from '../../app/contract/model';
import type { Rung } from '../../app/contract/rung';
import { percent, say } from '../commands/output';
import type { ManifestRow } from '../data/manifest';
import { writeArpa } from '../language/arpa';
import { LANGUAGE_FILE } from '../language/ownLanguage';
import { writeFileAtomic } from '../library/atomicFile';
import { readModel, readRecogniser, writeModel, type Recogniser } from '../library/modelFiles';
import { leftOutSet } from './claim';
import type { Evaluation } from './evaluate';
import type { Recipe } from './recipeFile';
import { fitDecoding, languageOf } from './recipeLanguage';
import { hearRows, validationErrors } from './recipeMeasures';
import type { RecipePieces } from './recipePieces';

export const ASSETS = resolve(__dirname, '../../assets');

export interface Job {
  readonly name: string;
  readonly recipe: Recipe;
  readonly out: string;
  readonly training: readonly ManifestRow[];
  readonly validation: readonly ManifestRow[];
  readonly rung: Rung;
  /** The only speaker to leave out; undefined: each in turn. */
  readonly fold: string | undefined;
  readonly pieces: RecipePieces;
}

/** What was measured; of earlier runs without intervals. */
type Results = Record<string, Omit<Evaluation, 'intervals'> & Partial<Pick<Evaluation, 'intervals'>>>;

export async function readResults(out: string): Promise<Results> {
  const text = await fs.readFile(join(out, 'results.json'), 'utf8').catch(() => '{}');
  return JSON.parse(text) as Results;
}
export async function keepResult(out: string, key: string, result: Evaluation): Promise<void> {
  const results = { ...(await readResults(out)), [key]: result };
  await writeFileAtomic(join(out, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
}

/** All that is said in the validation manifests counts, or only what the vocabulary can write. */
export function isMeasured({ transcript }: ManifestRow, { config: { vocabulary }, validateWith }: Recipe): boolean {
  if (vocabulary === null || validateWith === 'manifest') return true;
  return transcript.split(' ').every((word) => vocabulary.includes(word));
}

export async function write(target: string, { manifest, parameters }: Recogniser, card: ModelCard): Promise<void> {
  await writeModel(target, { ...manifest, card }, parameters, { dtype: 'F16' });
  await readModel(target);
  say(`written: ${relative(join(ASSETS, '..'), target)}`);
}

/** As it ships: what the validation speakers say is heard by the weights as they are stored. @param measured what they say */
export async function writeWithLanguage(
  job: Job,
  model: Recogniser,
  measured: readonly ManifestRow[],
  { target, results }: { readonly target: string; readonly results: Results },
): Promise<void> {
  const { manifest, parameters } = model;
  const card = cardWith(manifest.card, job, results);
  await write(target, model, card);
  const words = languageOf(job.training, job.recipe.language?.corpus ?? '');
  await writeArpa(join(target, LANGUAGE_FILE), words);
  const heard = await hearRows(await readRecogniser(target), measured, job.rung);
  const { decoding, decoder, folds } = fitDecoding(manifest, words, heard.clean);
  for (const { words: count, before, after } of folds)
    say(
      `calibration error ${percent(before.expectedCalibrationError)} before, ${percent(after.expectedCalibrationError)} after, ${count} words of speakers that it was not fitted on`,
    );
  const lines = validationErrors(heard, { manifest, language: decoder, command: card.recipe, date: today() });
  for (const { set, measure, value } of lines) say(`${set.en}: ${measure} ${percent(value)}`);
  say(`real-time factor ${heard.realTimeFactor.toFixed(3)}`);
  const complete = { ...card, errors: [...card.errors, ...lines] };
  await write(target, { manifest: { ...manifest, decoding }, parameters }, complete);
}

/** The recipe's second model. What was measured of folds was heard as the first one hears, and is not said of it. */
export async function writePartner(job: Job, model: Recogniser, measured: readonly ManifestRow[]): Promise<void> {
  const { partner } = job.recipe;
  if (partner === undefined) return;
  const target = join(ASSETS, 'models', partner.id);
  const manifest = { ...model.manifest, ...partner };
  await writeWithLanguage(job, { ...model, manifest }, measured, { target, results: {} });
}

const today = (): string => new Date().toISOString().slice(0, 10);

export function cardWith(card: ModelCard, { name, recipe, training }: Job, results: Results): ModelCard {
  const command = `npm run recipe -- ${name} --speech DIR`;
  const date = today();
  const folds = Object.entries(results).filter(([key]) => key.startsWith('without '));
  const errors: ModelCard['errors'] = folds.map(([key, result]) => ({
    set: leftOutSet(key.slice('without '.length)),
    measure: 'digitError',
    value: result.wer,
    ...intervalOf(result, 'wer'),
    utterances: result.utterances,
    command,
    date,
  }));
  if (folds.length > 1) {
    errors.unshift({
      set: {
        en: `digits of a speaker never heard, mean of ${folds.length} speakers left out in turn`,
        zh: `从未听过的说话人的数字，依次留出 ${folds.length} 人的平均值`,
      },
      measure: 'digitError',
      value: folds.reduce((sum, [, result]) => sum + result.wer, 0) / folds.length,
      utterances: folds.reduce((sum, [, result]) => sum + result.utterances, 0),
      command,
      date,
    });
  }
  const { validation } = results;
  if (validation) {
    const set =
      recipe.validateWith === 'manifest'
        ? { en: 'all that validation speakers say', zh: '验证说话人所说的全部内容' }
        : { en: 'strings of known words by validation speakers', zh: '验证说话人所说的已知词串' };
    const { utterances } = validation;
    for (const measure of ['wer', 'cer'] as const)
      errors.push({
        set,
        measure,
        value: validation[measure],
        ...intervalOf(validation, measure),
        utterances,
        command,
        date,
      });
  }
  const data = recipe.data.map((source) => {
    const rows = training.filter((row) => row.corpus === source.corpus);
    return { name: source.name, licence: source.licence, utterances: rows.length, hours: source.hours };
  });
  return { ...card, data, errors, recipe: command };
}

function intervalOf(
  { intervals }: Results[string],
  measure: 'wer' | 'cer',
): Pick<ModelCard['errors'][number], 'interval'> {
  const interval = intervals?.[measure] ?? null;
  return interval === null ? {} : { interval: [...interval] };
}
