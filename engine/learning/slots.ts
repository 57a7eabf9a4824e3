// `npm run learning -- slots --texts DIR`: every cell, forward and in both directions, on slot filling, over several seeds.
import { promises as fs } from 'node:fs';
import { join, resolve } from 'node:path';
import { UnrollError } from '../../app/errors';
import { percent, say } from '../commands/output';
import { readTextSource } from '../data/textSource';
import type { TextRow } from '../data/textTable';
import { evaluateOnTexts } from '../labelling/evaluateLabeller';
import { writeFileAtomic } from '../library/atomicFile';
import { parameterCount } from '../network/parameters';
import { makeRandom } from '../runtime/random';
import type { Rung } from '../../app/contract/rung';
import { textModel } from '../texts/makeTextModel';
import { shuffle } from '../training/plan';
import { trainOnTexts } from '../training/trainLabeller';
import { readingsOf, SLOT_CELLS, slotConfig } from './slotNetworks';
import { isSameTraining, keepSlotResult, readSlotResults, type SlotKey } from './slotResults';
import { withSlotTable } from './slotTable';

const DOCUMENT = resolve(__dirname, '../../docs/texts.md');
export const SLOT_DEFAULTS = { seeds: 5, sentences: 6000, epochs: 12 };
/** Which sentences are drawn is the same for all. */
const SUBSET_SEED = 1;

export interface SlotJob {
  /** Holds snips/. */
  readonly texts: string | undefined;
  readonly out: string;
  readonly seeds: number;
  readonly sentences: number;
  readonly epochs: number;
  readonly rung: Rung;
  readonly machine: string;
}

/** Every training is kept when it is done, and docs/texts.md written anew. @throws UnrollError usage without texts */
export async function compareOnSlots(job: SlotJob): Promise<void> {
  if (job.texts === undefined) throw new UnrollError('usage', { reason: 'Name the folder of the texts: --texts DIR.' });
  const at = join(job.texts, 'snips');
  const [all, tested] = [
    await readTextSource(join(at, 'train'), 'slots'),
    await readTextSource(join(at, 'test'), 'slots'),
  ];
  const learned = shuffle([...all.rows], makeRandom(SUBSET_SEED)).slice(0, job.sentences);
  await fs.mkdir(job.out, { recursive: true });
  for (const key of keysOf(job)) await settle(key, { ...job, learned, tested: tested.rows });
  await writeTable(job);
}

/** All cells with the first seed before any with the second: a whole table comes early. */
const keysOf = ({ seeds, sentences, epochs }: SlotJob): SlotKey[] =>
  Array.from({ length: seeds }, (_, index) =>
    SLOT_CELLS.flatMap((cell) =>
      readingsOf(cell).map((reading) => ({ cell, reading, seed: index + 1, sentences, epochs })),
    ),
  ).flat();

interface Parts {
  readonly learned: readonly TextRow[];
  readonly tested: readonly TextRow[];
}

async function settle(key: SlotKey, job: SlotJob & Parts): Promise<void> {
  const { learned, tested, out, rung } = job;
  const label = `${key.cell}, ${key.reading}, seed ${key.seed}`;
  if ((await readSlotResults(out)).some((result) => isSameTraining(result, key))) return say(`${label}: done before`);
  const tags = new Set(learned.flatMap(({ labels }) => labels.split(/\s+/u))).size;
  const begin = performance.now();
  // What was broken off in the middle of a training is begun anew: it takes less than a minute.
  const folder = join(out, 'training');
  await fs.rm(folder, { recursive: true, force: true });
  await trainOnTexts(slotConfig(key, { tags, epochs: key.epochs }), learned, {
    ...{ out: folder, cache: join(folder, 'cache'), rung },
  });
  const model = await textModel(join(folder, 'model'));
  const { tags: scores } = await evaluateOnTexts(model, tested, rung);
  if (scores === null) throw new Error('Expected a model of tags');
  const seconds = Math.round((performance.now() - begin) / 1000);
  const result = {
    ...{ ...key, f1: scores.f1, tested: tested.length, parameters: parameterCount(model.manifest.network), seconds },
    ...{ date: new Date().toISOString().slice(0, 10), machine: job.machine },
  };
  await keepSlotResult(out, result);
  say(`${label}: F1 ${percent(scores.f1)}, ${seconds} s`);
  await writeTable(job);
}

async function writeTable({ out, sentences, epochs }: SlotJob): Promise<void> {
  const results = (await readSlotResults(out)).filter((each) => each.sentences === sentences && each.epochs === epochs);
  await writeFileAtomic(DOCUMENT, withSlotTable(await fs.readFile(DOCUMENT, 'utf8'), results));
}
