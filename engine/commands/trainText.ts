// unroll train-text --task slots|intent|sentiment|keywords --data FILE [--test FILE] --out DIR
import { join, resolve } from 'node:path';
import { anyConfigSchema, type TextLabelConfig } from '../../app/contract/labelConfig';
import type { Rung } from '../../app/contract/rung';
import { isTagged, type TextTask } from '../../app/contract/textTask';
import { reasonText, UnrollError } from '../../app/errors';
import { textRecipe } from '../../app/textRecipes';
import { checkFile } from '../data/checkFile';
import { readNamedJson } from '../data/namedJson';
import { readTextSource, type SourceRow, type TextSource } from '../data/textSource';
import { evaluateKeywords, type KeywordScores } from '../keywords/evaluateKeywords';
import { evaluateOnTexts, type LabelEvaluation } from '../labelling/evaluateLabeller';
import { OpenTextLabeller } from '../labelling/openLabeller';
import { isRecogniserModel, isSoundLabeller, readModel, type TextLabeller } from '../library/modelFiles';
import type { PhraseScores } from '../metrics/phraseScores';
import type { Wish } from '../training/train';
import { trainOnTexts } from '../training/trainLabeller';
import { splitForValidation } from '../training/validationSplit';
import { chooseBackend } from './backend';
import { keepingPrograms } from './keptPrograms';
import { answer, answerJson, clearBar, drawBar, EXIT, percent, say } from './output';
import { trainProgress } from './trainProgress';

const MAX_CONFIG_BYTES = 64 << 20;

export interface TrainTextOptions {
  readonly task: TextTask;
  readonly data: string;
  readonly test?: string;
  readonly out: string;
  readonly config?: string;
  readonly seed?: number;
  readonly json?: boolean;
  readonly backend?: Rung;
}

export const trainTextCommand = (options: TrainTextOptions): Promise<number> =>
  keepingPrograms(options.backend, (control) => trainText(options, control));

/** Learns from nine tenths, chooses by the tenth, and measures once on what was named for it. */
async function trainText(options: TrainTextOptions, control: () => Wish): Promise<number> {
  const config = await configOf(options);
  const source = await readSource(options.data, options.task);
  const test = options.test === undefined ? null : await readSource(options.test, options.task);
  const { learned, held, tested } = partsOf(source, test, config);
  const rung = await chooseBackend(options.backend);
  const out = resolve(options.out);
  const hooks = { ...trainProgress(config.training.epochs), control };
  const run = await trainOnTexts(config, [...learned, ...held], { out, cache: join(out, 'cache'), rung, hooks });
  clearBar();
  if (run.kind === 'paused') {
    say(`Stopped. The same command goes on with ${options.out}.`);
    if (options.json) answerJson({ task: options.task, out, rung, isStopped: true });
    return EXIT.interrupted;
  }
  const folder = join(out, 'model');
  const model = await textLabellerAt(folder);
  const measured = tested ?? held;
  const scores =
    options.task === 'keywords'
      ? await keywordScores(model, learned, measured, rung)
      : await labelScores(model, measured, rung);
  const told = {
    ...{
      task: options.task,
      model: folder,
      form: source.form,
      isStopped: false,
      measuredOn: tested === null ? 'validation' : 'test',
    },
    ...{ learned: learned.length, validation: held.length, measured: measured.length },
    leftOut: source.leftOut.length + (test?.leftOut.length ?? 0),
    best: run.best,
  };
  if (options.json) answerJson({ ...told, ...scores.json });
  else {
    answer(folder);
    for (const line of scores.lines) answer(line);
  }
  return EXIT.ok;
}

async function configOf({ task, config: file, seed }: TrainTextOptions): Promise<TextLabelConfig> {
  const recipe = file === undefined ? textRecipe(task) : await readNamedJson(file, MAX_CONFIG_BYTES);
  const config = checkFile(anyConfigSchema, recipe, file ?? 'recipe');
  const wanted = isTagged(task) ? 'tagText' : 'classifyText';
  if (config.task !== wanted)
    throw new UnrollError('usage', { reason: `For ${task} a configuration's task must be ${wanted}.` });
  return seed === undefined ? config : ({ ...config, training: { ...config.training, seed } } as TextLabelConfig);
}

async function readSource(path: string, task: TextTask): Promise<TextSource> {
  const source = await readTextSource(path, task);
  const [first] = source.leftOut;
  if (first !== undefined)
    say(
      `${source.leftOut.length} lines were left out; the first: ${first.file}, line ${first.line}: ${reasonText(first.reason)}`,
    );
  return source;
}

interface Parts {
  readonly learned: readonly SourceRow[];
  /** Kept for validation. */
  readonly held: readonly SourceRow[];
  /** Null where nothing is for the test. */
  readonly tested: readonly SourceRow[] | null;
}
/** A file that names its parts is taken by them; of the rest a tenth, drawn by the seed, is for validation. */
function partsOf(source: TextSource, test: TextSource | null, { training }: TextLabelConfig): Parts {
  const isTest = ({ part }: SourceRow): boolean => part === 'test';
  const own = source.rows.filter((row) => !isTest(row));
  const namesValidation = own.some(({ part }) => part === 'validation');
  const rows = namesValidation ? own : own.map((row) => ({ ...row, part: null }));
  const split = splitForValidation(rows, training.validationFraction, training.seed);
  const others = test?.rows ?? source.rows;
  const named = others.filter(isTest);
  const tested = named.length > 0 ? named : (test?.rows ?? null);
  if (split.training.length === 0) throw new UnrollError('dataset.empty', { rows: source.rows.length });
  return {
    learned: split.training.map((row) => ({ ...row, part: 'train' })),
    held: split.validation.map((row) => ({ ...row, part: 'validation' })),
    tested,
  };
}

async function textLabellerAt(folder: string): Promise<TextLabeller> {
  const model = await readModel(folder);
  if (isRecogniserModel(model) || isSoundLabeller(model)) throw new Error('Expected a model of labels of texts');
  return model;
}

interface Scores {
  readonly json: Readonly<Record<string, unknown>>;
  readonly lines: readonly string[];
}

async function labelScores(model: TextLabeller, rows: readonly SourceRow[], rung: Rung): Promise<Scores> {
  const onDone = (done: number, of: number): void => drawBar(done / of, `${done} of ${of} texts`);
  const evaluation = await evaluateOnTexts(model, rows, rung, { onDone });
  clearBar();
  const { accuracy, tags, labels } = evaluation;
  if (tags !== null) {
    const { tokenAccuracy, f1, precision, recall } = tags;
    return {
      json: { f1, precision, recall, accuracy: tokenAccuracy, textsRight: accuracy },
      lines: [`slot F1 ${percent(f1)}, tags right ${percent(tokenAccuracy)}, texts right ${percent(accuracy)}`],
    };
  }
  const f1 = meanF1(labels);
  return { json: { accuracy, f1 }, lines: [`right ${percent(accuracy)}, mean F1 of the labels ${percent(f1)}`] };
}
const meanF1 = (labels: LabelEvaluation['labels']): number =>
  labels.reduce((sum, { f1 }) => sum + f1, 0) / Math.max(1, labels.length);

async function keywordScores(
  model: TextLabeller,
  learned: readonly SourceRow[],
  tested: readonly SourceRow[],
  rung: Rung,
): Promise<Scores> {
  const labeller = await OpenTextLabeller.open(model, rung);
  try {
    const { network, counting }: KeywordScores = await evaluateKeywords(labeller, { learned, tested });
    const line = (name: string, { f1, precisionAtK, k }: PhraseScores): string =>
      `${name}: F1 ${percent(f1)}, right among the first ${k} ${percent(precisionAtK)}`;
    const { k: _k, ...own } = network;
    return {
      json: { ...own, k: network.k, tfIdf: counting },
      lines: [line('network', network), line('TF-IDF', counting)],
    };
  } finally {
    labeller.dispose();
  }
}
