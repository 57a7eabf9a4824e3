// What a person should know before a run begins: whether there is enough to learn from, and what will be learned.
import type { ReplyOf, RequestOf } from '../../app/contract/messages';
import type { RecogniserManifest } from '../../app/contract/model';
import type { RunAdvice } from '../../app/contract/runs';
import type { TrainingConfig } from '../../app/contract/trainingConfig';
import { WANTED_PER_CLASS, WANTED_SPEAKERS } from '../data/advice';
import { alphabetFrom, learnedText } from '../data/dataset';
import type { ManifestRow } from '../data/manifest';
import { splitWords } from '../metrics/errorRates';
import { parameterCount } from '../network/parameters';
import { checkFrozen, keptOf } from '../training/fineTune';
import { networkSpecFor } from '../training/networkSpec';
import { configFrom } from '../training/prepareRun';
import { splitForValidation } from '../training/validationSplit';
import { rowsToLearn } from './rowsToLearn';

export interface AdvicePlaces {
  /** The data folder's sets. */
  readonly sets: string;
  /** @throws UnrollError model.missing */
  readonly manifestOf: (modelId: string) => Promise<RecogniserManifest>;
}

/** @throws UnrollError as rowsToLearn; model.missing, training.fromMisfit */
export async function advise(
  { sets, manifestOf }: AdvicePlaces,
  { setId, config, fromModelId }: RequestOf<'runs.advise'>,
): Promise<ReplyOf<'runs.advise'>> {
  const rows = await rowsToLearn(sets, setId);
  const manifest = fromModelId === null ? null : await manifestOf(fromModelId);
  return { advice: adviceOn(rows, manifest === null ? config : configFrom(config, { manifest }), manifest) };
}

/**
 * @param rows of the data set, those of the test among them
 * @param from the model it begins with, whose features the configuration has
 * @throws UnrollError training.fromMisfit, training.frozenMisfit, training.frozenNothing
 */
export function adviceOn(
  rows: readonly ManifestRow[],
  config: TrainingConfig,
  from: RecogniserManifest | null,
): RunAdvice {
  const { validationFraction, seed } = config.training;
  const { training } = splitForValidation(rows, validationFraction, seed);
  const counts = classCounts(training, config);
  const alphabet = alphabetFrom(rows, config);
  const spec = networkSpecFor(config, config.frontEnd, alphabet);
  const own = { spec, labels: alphabet.symbols };
  const kept = from === null ? null : keptOf({ spec: from.network, labels: from.alphabet.symbols }, own, from.id);
  checkFrozen(config.training.frozenLayers ?? 0, kept, from?.id ?? '');
  return {
    recordings: training.length,
    classes: counts.size,
    speakers: new Set(training.flatMap(({ speaker }) => speaker ?? [])).size,
    fewestPerClass: counts.size === 0 ? 0 : [...counts.values()].reduce((least, count) => Math.min(least, count)),
    advisedPerClass: WANTED_PER_CLASS,
    advisedSpeakers: WANTED_SPEAKERS,
    symbols: alphabet.symbols,
    parameters: parameterCount(spec),
    kept,
  };
}

/** Recordings of each word of the vocabulary; without one, of each text where texts are said again and again, else of each word. */
function classCounts(rows: readonly ManifestRow[], config: TrainingConfig): Map<string, number> {
  const texts = rows.map(({ transcript }) => learnedText(transcript, config)).filter((text) => text !== '');
  const counts = new Map<string, number>((config.vocabulary ?? []).map((word) => [word.normalize('NFC'), 0]));
  const count = (name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1);
  if (config.vocabulary !== null) {
    for (const text of texts) for (const word of new Set(splitWords(text))) if (counts.has(word)) count(word);
    return counts;
  }
  const isRepeated = 2 * new Set(texts).size <= texts.length;
  for (const text of texts) for (const name of isRepeated ? [text] : new Set(splitWords(text))) count(name);
  return counts;
}
