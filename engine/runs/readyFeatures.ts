// How many recordings of a set a run would find computed already: looked up by content, so that nothing is computed twice.
import type { ReplyOf, RequestOf } from '../../app/contract/messages';
import { MAX_FILE_BYTES } from '../../app/contract/messages';
import { UnrollError } from '../../app/errors';
import { NO_SOURCES } from '../data/augment';
import { FeatureCache } from '../data/featureCache';
import { readNamedFile } from '../data/namedFile';
import { trainableRows } from '../data/setFiles';
import { sourcesOf } from '../data/soundSources';
import { featureJob } from '../training/clips';
import { splitForValidation } from '../training/validationSplit';

export interface ReadyFeaturesOptions {
  /** The data folder's sets. */
  readonly sets: string;
  /** Features that runs share. */
  readonly cache: string;
}

/** Recordings to learn from and to validate on; one that cannot be read counts as not computed. @throws UnrollError dataset.missing */
export async function readyFeatures(
  { sets, cache }: ReadyFeaturesOptions,
  { setId, config }: RequestOf<'runs.features'>,
): Promise<ReplyOf<'runs.features'>> {
  const rows = (await trainableRows(sets, setId)).filter(({ part }) => part !== 'test');
  const { validationFraction, seed } = config.training;
  const { training, validation } = splitForValidation(rows, validationFraction, seed);
  const { augmentation } = config;
  const sources = await sourcesOf(sets, augmentation);
  const learned = featureJob(config, augmentation, sources).dependencies;
  // Of those that it is validated on there is the plain copy alone, as prepareRun reads them.
  const held = featureJob(config, { ...augmentation, copies: 1 }, NO_SOURCES).dependencies;
  const features = new FeatureCache(cache);
  let [ready, bytes] = [0, 0];
  // One after the other: whoever speaks meanwhile is heard.
  for (const [list, dependencies] of [[training, learned] as const, [validation, held] as const])
    for (const { path } of list) {
      const content = await readNamedFile(path, MAX_FILE_BYTES).catch(nothingOf);
      const size = content === null ? null : await features.sizeOf([content, ...dependencies]);
      if (size === null) continue;
      ready += 1;
      bytes += size;
    }
  return { ready, of: training.length + validation.length, bytes };
}

/** The check of the set names such a recording. */
function nothingOf(error: unknown): null {
  if (error instanceof UnrollError) return null;
  throw error;
}
