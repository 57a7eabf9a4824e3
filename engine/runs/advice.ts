// What a person should know before a run begins: whether there is enough to learn from, what will be learned, how long it takes.
import type { ReplyOf } from '../../app/contract/messages';
import type { RecogniserManifest } from '../../app/contract/model';
import type { TrainingConfig } from '../../app/contract/trainingConfig';
import { WANTED_PER_CLASS, WANTED_SPEAKERS } from '../data/advice';
import { alphabetFrom, learnedText } from '../data/dataset';
import type { ManifestRow } from '../data/manifest';
import { splitWords } from '../metrics/errorRates';
import { parameterCount } from '../network/parameters';
import { keptOf } from '../training/fineTune';
import { networkSpecFor } from '../training/networkSpec';
import { splitForValidation } from '../training/validationSplit';

type Advice = ReplyOf<'runs.advise'>['advice'];

/**
 * All but the time it takes.
 * @param rows of the data set, those of the test among them
 * @param from the model it begins with, whose features the configuration has
 * @throws UnrollError training.fromMisfit
 */
export function adviceOn(
  rows: readonly ManifestRow[],
  config: TrainingConfig,
  from: RecogniserManifest | null,
): Omit<Advice, 'seconds'> {
  const { validationFraction, seed } = config.training;
  const { training } = splitForValidation(rows, validationFraction, seed);
  const counts = classCounts(training, config);
  const alphabet = alphabetFrom(rows, config);
  const spec = networkSpecFor(config, config.frontEnd, alphabet);
  return {
    recordings: training.length,
    classes: counts.size,
    speakers: new Set(training.flatMap(({ speaker }) => speaker ?? [])).size,
    fewestPerClass: counts.size === 0 ? 0 : [...counts.values()].reduce((least, count) => Math.min(least, count)),
    advisedPerClass: WANTED_PER_CLASS,
    advisedSpeakers: WANTED_SPEAKERS,
    symbols: alphabet.symbols,
    parameters: parameterCount(spec),
    kept:
      from === null
        ? null
        : keptOf({ spec: from.network, labels: from.alphabet.symbols }, { spec, labels: alphabet.symbols }, from.id),
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
