// How long a run will read before its first step: a few of its recordings are disturbed and analysed as it would.
import type { TrainingConfig } from '../../app/contract/trainingConfig';
import { NO_SOURCES } from '../data/augment';
import { FeatureCache } from '../data/featureCache';
import { clipFeatures } from '../training/clipFeatures';
import { featureJob } from '../training/clips';
import { FeaturePool } from '../training/featurePool';

/** Recordings that are tried, and how many seconds of them at most. */
const TRIED = 3;
const TRIED_SECONDS = 20;

export interface MeasuredRecording {
  readonly bytes: Uint8Array;
  readonly path: string;
  readonly seconds: number;
  /** At the front end's hop. */
  readonly frames: number;
}
export interface Reading {
  /** Recordings to learn from, and to validate on, of which only the plain copy is made. */
  readonly training: number;
  readonly validation: number;
  readonly config: TrainingConfig;
  readonly cache: string;
}

/** @param measured some of the training recordings, at least one */
export async function readingSeconds(
  measured: readonly MeasuredRecording[],
  { training, validation, config, cache }: Reading,
): Promise<number> {
  const { job, dependencies } = featureJob(config, config.augmentation, NO_SOURCES);
  const features = new FeatureCache(cache);
  let kept = 0;
  for (const { bytes } of measured) if (await features.has([bytes, ...dependencies])) kept += 1;
  if (kept === measured.length) return 0;
  let [sound, spent] = [0, 0];
  for (const { bytes, path, seconds } of measured.slice(0, TRIED)) {
    if (sound > 0 && sound + seconds > TRIED_SECONDS) break;
    const startedAt = performance.now();
    await clipFeatures({ bytes, name: path }, job);
    spent += (performance.now() - startedAt) / 1000;
    sound += seconds;
  }
  const mean = measured.reduce((sum, { seconds }) => sum + seconds, 0) / measured.length;
  const share = 1 - kept / measured.length;
  const recordings = training + validation / config.augmentation.copies;
  return (share * recordings * mean * (spent / sound)) / new FeaturePool(job).size;
}
