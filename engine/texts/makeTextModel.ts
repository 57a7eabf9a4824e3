// `npm run recipe -- commands | snips-slots | snips-intents | sentiment`: trains a bundled model of texts anew, measures it on texts
// that it never saw, and writes it to assets/models/ with its card. What is done is kept: the same command goes on where it was stopped.
import { promises as fs } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import type { TextLabelConfig } from '../../app/contract/labelConfig';
import type { ModelCard } from '../../app/contract/model';
import type { Rung } from '../../app/contract/rung';
import { answer, percent, say } from '../commands/output';
import { checkFile } from '../data/checkFile';
import { readNamedJson } from '../data/namedJson';
import type { TextRow } from '../data/textTable';
import { evaluateOnTexts } from '../labelling/evaluateLabeller';
import { writeFileAtomic } from '../library/atomicFile';
import { isRecogniserModel, isSoundLabeller, readModel, writeModel, type TextLabeller } from '../library/modelFiles';
import { makeRandom } from '../runtime/random';
import { chooseRung } from '../runtime/rung';
import { shuffle } from '../training/plan';
import type { EpochReport } from '../training/records';
import { trainOnTexts } from '../training/trainLabeller';
import { textRecipeOf, type TextRecipe, type TextRecipeName } from './textSources';

const ASSETS = resolve(__dirname, '../../assets');
const FOLDS = 10;
const MAX_RESULTS_BYTES = 1 << 20;

interface Making {
  readonly name: TextRecipeName;
  /** Where runs are kept. */
  readonly out: string;
  readonly rung: Rung;
}

type Measured = ModelCard['errors'][number];

/** @param texts folder of the texts @param to where runs are kept; runs/NAME if left out @returns the exit code */
export async function makeTextModel(
  name: TextRecipeName,
  { texts, out: to }: { readonly texts?: string | undefined; readonly out?: string | undefined },
): Promise<number> {
  const out = resolve(to ?? join('runs', name));
  const { rung } = await chooseRung();
  const recipe = await textRecipeOf(name, texts);
  const { learned, tested } = await recipe.rows();
  await fs.mkdir(out, { recursive: true });
  const errors = tested === null ? [await leaveTenthsOut(recipe, learned, { name, out, rung })] : [];
  const folder = await trained(recipe.config, learned, join(out, 'final'), rung);
  const { manifest, parameters } = await textModel(folder);
  const command = commandOf(name);
  const card: ModelCard = {
    ...manifest.card,
    data: [{ name: recipe.data, licence: recipe.dataLicence, utterances: learned.length, hours: 0 }],
    recipe: command,
    errors,
  };
  const target = join(ASSETS, 'models', name);
  await writeModel(target, { ...manifest, card }, parameters, { dtype: 'F16' });
  if (tested !== null) {
    // Of the weights as they are shipped.
    const shipped = await textModel(target);
    const measured = await measuredOn(shipped, tested, rung, { set: recipe.testSet, command });
    await writeModel(target, { ...manifest, card: { ...card, errors: measured } }, parameters, { dtype: 'F16' });
  }
  const { card: written } = (await textModel(target)).manifest;
  for (const { set, measure, value } of written.errors) answer(`${name}, ${set.en}: ${measure} ${percent(value)}`);
  return 0;
}

const commandOf = (name: TextRecipeName): string =>
  `npm run recipe -- ${name}${name === 'commands' ? '' : ' --texts DIR'}`;

/** A run's model, trained where it is not done yet. */
export async function trained(
  config: TextLabelConfig,
  rows: readonly TextRow[],
  out: string,
  rung: Rung,
): Promise<string> {
  await trainOnTexts(config, rows, { out, cache: join(out, 'cache'), rung, hooks: { onEpoch: told(basename(out)) } });
  return join(out, 'model');
}
const told = (label: string) => (report: EpochReport) =>
  say(`${label}: epoch ${report.epoch} of ${report.epochs}, right ${percent(report.slotF1 ?? report.accuracy ?? 0)}`);

export async function textModel(folder: string): Promise<TextLabeller> {
  const model = await readModel(folder);
  if (isRecogniserModel(model) || isSoundLabeller(model)) throw new Error('Expected a model that reads text');
  return model;
}

async function measuredOn(
  model: TextLabeller,
  rows: readonly TextRow[],
  rung: Rung,
  { set, command }: Pick<Measured, 'set' | 'command'>,
): Promise<Measured[]> {
  const { tags, accuracy, sequences } = await evaluateOnTexts(model, rows, rung);
  const common = { set, command, utterances: sequences, date: today() };
  if (tags === null) return [{ ...common, measure: 'labelAccuracy', value: accuracy }];
  return [
    { ...common, measure: 'slotF1', value: tags.f1 },
    { ...common, measure: 'textAccuracy', value: accuracy },
  ];
}
const today = (): string => new Date().toISOString().slice(0, 10);

const foldsSchema = z.array(
  z.strictObject({ fold: z.number().int(), right: z.number().int(), texts: z.number().int() }),
);

/** Each text is measured once by a network that never saw it. */
async function leaveTenthsOut(
  { config, testSet }: TextRecipe,
  rows: readonly TextRow[],
  { name, out, rung }: Making,
): Promise<Measured> {
  const file = join(out, 'folds.json');
  const read = await fs.stat(file).then(
    () => readNamedJson(file, MAX_RESULTS_BYTES),
    () => [], // not begun
  );
  const done = [...checkFile(foldsSchema, read, 'folds.json')];
  const order = shuffle([...rows.keys()], makeRandom(FOLDS));
  for (let fold = 0; fold < FOLDS; fold++) {
    if (done.some((each) => each.fold === fold)) continue;
    const left = new Set(order.filter((_, at) => at % FOLDS === fold));
    const folder = await trained(
      config,
      rows.filter((_, at) => !left.has(at)),
      join(out, `fold-${fold}`),
      rung,
    );
    const held = rows.filter((_, at) => left.has(at));
    const { accuracy, sequences } = await evaluateOnTexts(await textModel(folder), held, rung);
    done.push({ fold, right: Math.round(accuracy * sequences), texts: sequences });
    await writeFileAtomic(file, `${JSON.stringify(done, null, 2)}\n`);
    say(`${name}: fold ${fold + 1} of ${FOLDS}: right ${percent(accuracy)}`);
  }
  const sum = (of: (each: (typeof done)[number]) => number): number =>
    done.reduce((total, each) => total + of(each), 0);
  const [right, texts] = [sum((each) => each.right), sum((each) => each.texts)];
  return {
    ...{ set: testSet, measure: 'labelAccuracy', value: right / texts, utterances: texts },
    ...{ command: commandOf(name), date: today() },
  };
}
