// `npm run recipe -- NAME --speech DIR`: trains a bundled model anew from recordings that are not part of the project,
// measures it on speakers that it never heard, and writes it to assets/models/ with its card.
//
// Every part is kept as soon as it is done (runs/NAME/…): the same command goes on where it was stopped.
import { promises as fs } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { UnrollError } from '../../app/errors';
import { trainingConfigSchema, type TrainingConfig } from '../../app/contract/trainingConfig';
import { isTextRecipe, TEXT_RECIPES } from '../texts/textSources';
import { makeTextModel } from '../texts/makeTextModel';
import { parseOptions } from '../commands/arguments';
import { answer, percent, reportError, say } from '../commands/output';
import { readManifest, type ManifestRow } from '../data/manifest';
import { readModel } from '../library/modelFiles';
import { parameterCount } from '../network/parameters';
import { chooseRung } from '../runtime/rung';
import { evaluateModel } from './evaluate';
import { checkFile } from '../data/checkFile';
import { claimedError, judged } from './claim';
import { climb, ladderSteps, ladderTable, type LadderResult } from './ladder';
import { patched } from './mergePatch';
import { recipeSchema, type Recipe } from './recipeFile';
import {
  ASSETS,
  cardWith,
  isMeasured,
  keepResult,
  readResults,
  write,
  writePartner,
  writeWithLanguage,
  type Job,
} from './recipeCard';
import { NO_PIECES, recipePieces } from './recipePieces';
import type { EpochReport } from './records';
import type { TrainedRun } from './learnModel';
import { trainModel } from './trainModel';

type FinishedRun = Exclude<TrainedRun, { readonly kind: 'paused' }>;

const USAGE = `npm run recipe -- NAME --speech DIR [--out DIR] [--folds-only [--fold SPEAKER] | --final-only | --ladder |
  --claim [--fold SPEAKER]]

  NAME          a recipe of assets/recipes, for instance digits; or one of texts: ${TEXT_RECIPES.join(', ')}
  --texts DIR   for these: folder with snips/ and sentiment/; commands are made up and need none
  --speech DIR  folder with the recordings and their manifests: train*.tsv and, if wanted, valid*.tsv
                (path, transcript, speaker and corpus, parted by tabs, with that header line)
  --out DIR     where runs are kept; default runs/NAME
  --fold SPEAKER  only the fold that leaves this speaker out; folds may run side by side
  --ladder      the short runs from which the recipe was chosen, as a table; nothing is written to assets/models
  --claim       one fold from scratch, the first speaker's or --fold's, with nothing kept from before or for later: whether it
                reaches the error that the model's card claims, within ten minutes. The exit code is 1 where it does not`;

async function main(): Promise<number> {
  const { values, positionals } = parseOptions({
    speech: { type: 'string' },
    out: { type: 'string' },
    'folds-only': { type: 'boolean' },
    'final-only': { type: 'boolean' },
    fold: { type: 'string' },
    ladder: { type: 'boolean' },
    claim: { type: 'boolean' },
    texts: { type: 'string' },
    help: { type: 'boolean' },
  });
  const [name] = positionals;
  if (values.help || !name) {
    say(USAGE);
    return values.help ? 0 : 2;
  }
  if (isTextRecipe(name)) return makeTextModel(name, values);
  const recipe = await readRecipe(name);
  if (!values.speech)
    throw new UnrollError('recipe.noSpeech', {
      recipe: name,
      where: recipe.data.map((d) => `${d.name.en}: ${d.from}`).join('; '),
    });
  const job: Job = {
    name,
    recipe,
    out: resolve(values.out ?? join('runs', name)),
    training: await rowsOf(values.speech, 'train', recipe),
    validation: await rowsOf(values.speech, 'valid', recipe),
    rung: (await chooseRung()).rung,
    fold: values.fold,
    pieces: NO_PIECES,
  };
  if (values.claim) return tryClaim(job);
  await fs.mkdir(job.out, { recursive: true });
  const pieces = await recipePieces({ ...job, hooks: told('first') }, rowsOfEverybody(job));
  return runsOf({ ...job, pieces }, values);
}

async function runsOf(
  job: Job,
  wanted: { readonly ladder?: boolean; readonly 'folds-only'?: boolean; readonly 'final-only'?: boolean },
): Promise<number> {
  if (wanted.ladder) {
    const steps = ladderSteps(job.recipe, job.name);
    answer(ladderTable(await climb(steps, job.out, (config, out) => shortRun(job, config, out))));
    return 0;
  }
  if (!wanted['final-only']) await leaveOneSpeakerOut(job);
  if (!wanted['folds-only']) await final(job);
  return 0;
}

/** The rows that a run of everybody is given. */
function rowsOfEverybody({ recipe, training, validation, pieces }: Job): ManifestRow[] {
  if (recipe.validateWith === 'share') return [...training, ...pieces.rows];
  return [
    ...[...training, ...pieces.rows].map((row) => ({ ...row, part: 'train' as const })),
    ...validation.map((row) => ({ ...row, part: 'validation' as const })),
  ];
}

async function shortRun(job: Job, config: TrainingConfig, out: string): Promise<Omit<LadderResult, 'config'>> {
  let seconds = 0;
  const { onEpoch, ...hooks } = told(out);
  const run = await trainModel(config, rowsOfEverybody(job), {
    out,
    cache: join(job.out, 'features'),
    rung: job.rung,
    hooks: {
      ...hooks,
      onEpoch: (report) => {
        seconds += report.seconds;
        onEpoch(report);
      },
    },
  });
  const { manifest, best } = finished(run);
  return {
    parameters: parameterCount(manifest.network),
    epoch: best?.epoch ?? 0,
    validationLoss: best?.validationLoss ?? null,
    symbolError: best?.errors ?? null,
    wordError: best?.wordError ?? null,
    minutes: seconds / 60,
  };
}

/** Speakers of the recipe's corpus that are left out in turn; one where a fold was named. */
function foldSpeakers({ recipe, training, fold }: Job): string[] {
  const corpus = recipe.leaveOneSpeakerOut?.corpus ?? '';
  const speakers = [...new Set(training.filter((row) => row.corpus === corpus).map((row) => row.speaker ?? ''))].sort();
  if (fold !== undefined && !speakers.includes(fold))
    throw new UnrollError('recipe.noSpeaker', { speaker: fold, corpus, speakers: speakers.join(', ') });
  return fold === undefined ? speakers : [fold];
}

/** Trains without a speaker. */
async function learnFold(job: Job, speaker: string): Promise<FinishedRun> {
  const change = job.recipe.leaveOneSpeakerOut?.change ?? {};
  const config = checkFile(trainingConfigSchema, patched(job.recipe.config, change), `${job.name}.json, change`);
  const key = `without ${speaker}`;
  const run = await trainModel(
    config,
    [...job.pieces.rows, ...job.training].filter((row) => row.speaker !== speaker),
    {
      out: join(job.out, key.replace(/\W+/g, '-')),
      cache: join(job.out, 'features'),
      rung: job.rung,
      hooks: told(key),
    },
  );
  return finished(run);
}
/** The recordings of a speaker of the recipe's corpus. */
const rowsOfSpeaker = ({ recipe, training }: Job, speaker: string): ManifestRow[] =>
  training.filter((row) => row.speaker === speaker && row.corpus === recipe.leaveOneSpeakerOut?.corpus);

/** Trains once without each speaker of the recipe's corpus, and measures that speaker's clips. */
async function leaveOneSpeakerOut(job: Job): Promise<void> {
  for (const speaker of foldSpeakers(job)) {
    const key = `without ${speaker}`;
    if ((await readResults(job.out))[key]) {
      say(`${key}: done before`);
      continue;
    }
    const model = await learnFold(job, speaker);
    const result = await evaluateModel(model, rowsOfSpeaker(job, speaker), { rung: job.rung, decoder: 'greedy' });
    await keepResult(job.out, key, result);
    say(`${key}: ${percent(result.wer)} of the digits wrong, ${result.utterances} clips`);
  }
}

/** One fold in a folder that is gone afterwards, held against the card of the model that ships. */
async function tryClaim(job: Job): Promise<number> {
  const { recipe, rung } = job;
  const speaker = foldSpeakers(job)[0] ?? '';
  const { manifest } = await readModel(join(ASSETS, 'models', recipe.config.id));
  const claimed = claimedError(manifest.card, speaker);
  if (claimed === null) throw new UnrollError('recipe.noClaim', { model: recipe.config.id, speaker });
  const out = await fs.mkdtemp(join(tmpdir(), 'unroll-claim-'));
  try {
    const begin = performance.now();
    const pieces = await recipePieces({ ...job, out, hooks: told('first') }, rowsOfEverybody(job));
    const model = await learnFold({ ...job, out, pieces }, speaker);
    const minutes = (performance.now() - begin) / 60_000;
    const { wer, intervals, utterances } = await evaluateModel(model, rowsOfSpeaker(job, speaker), {
      rung,
      decoder: 'greedy',
    });
    const { isReached, text } = judged({ speaker, wer, interval: intervals.wer, utterances, minutes }, claimed);
    answer(text);
    return isReached ? 0 : 1;
  } finally {
    await fs.rm(out, { recursive: true });
  }
}

/** Trains on everybody, measures on the validation speakers, writes the model that ships. */
async function final(job: Job): Promise<void> {
  const { recipe } = job;
  const run = await trainModel(recipe.config, rowsOfEverybody(job), {
    out: join(job.out, 'final'),
    cache: join(job.out, 'features'),
    rung: job.rung,
    from: job.pieces.first,
    hooks: told('final'),
  });
  const model = finished(run);
  const measured = job.validation.filter((row) => isMeasured(row, recipe));
  const target = join(ASSETS, 'models', recipe.config.id);
  if (recipe.language !== undefined && measured.length > 0) {
    await writeWithLanguage(job, model, measured, { target, results: await readResults(job.out) });
    return writePartner(job, model, measured);
  }
  if (measured.length > 0) {
    const result = await evaluateModel(model, measured, { rung: job.rung, decoder: 'greedy' });
    await keepResult(job.out, 'validation', result);
    say(`validation: WER ${percent(result.wer)}, CER ${percent(result.cer)}, ${result.utterances} utterances`);
  }
  await write(target, model, cardWith(model.manifest.card, job, await readResults(job.out)));
}

function finished(run: TrainedRun): FinishedRun {
  if (run.kind === 'paused') throw new Error('Expected a run that nobody pauses');
  return run;
}

async function readRecipe(name: string): Promise<Recipe> {
  const file = join(ASSETS, 'recipes', `${name}.json`);
  const text = await fs.readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? new UnrollError('recipe.unknown', { recipe: name }) : error;
  });
  return checkFile(recipeSchema, JSON.parse(text), `${name}.json`);
}

/** Rows of the manifests whose names begin with `part`, of the recipe's corpora. */
async function rowsOf(speech: string, part: string, recipe: Recipe): Promise<ManifestRow[]> {
  const names = await fs.readdir(speech).catch(() => []);
  const files = names.filter((file) => file.startsWith(part) && file.endsWith('.tsv')).sort();
  if (files.length === 0 && part === 'train') {
    const where = recipe.data.map((source) => `${source.name.en}: ${source.from}`).join('; ');
    throw new UnrollError('recipe.noSpeech', { recipe: recipe.config.id, where });
  }
  const corpora = new Set(recipe.data.map((source) => source.corpus));
  const rows = await Promise.all(files.map((file) => readManifest(join(speech, file))));
  return rows.flat().filter((row) => corpora.has(row.corpus ?? ''));
}

const told = (label: string) => ({
  onPreparing: (done: number, of: number) => {
    if (done % 250 === 0 || done === of) say(`${label}: recordings ${done} of ${of}`);
  },
  onLeftOut: (rows: readonly { readonly reason: string }[]) => {
    if (rows.length > 0) say(`${label}: ${rows.length} rows left out; the first: ${rows[0]?.reason}`);
  },
  onEpoch: (report: EpochReport) =>
    say(
      `${label}: epoch ${report.epoch} of ${report.epochs}, loss ${report.trainLoss?.toFixed(3) ?? '–'}, validation ${report.validationLoss?.toFixed(3) ?? '–'}, symbols wrong ${report.symbolError === null ? '–' : percent(report.symbolError)}, ${report.seconds.toFixed(1)} s`,
    ),
});

main().then(
  (code) => process.exit(code),
  (error: unknown) => process.exit(reportError(error)),
);
