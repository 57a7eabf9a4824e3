// From a recording to the static features of its copies: what takes the time before learning begins.
import { extractFeatures } from '../../app/features/frontEnd';
import type { FrontEndSettings } from '../../app/features/settings';
import type { Augmentation } from '../../app/contract/trainingConfig';
import type { SoundSources } from '../data/augment';
import { copiesOf } from '../data/clipCopies';

/** What is alike for all recordings of a run. */
export interface FeatureJob {
  /** For static coefficients alone. */
  readonly settings: FrontEndSettings;
  readonly augmentation: Augmentation;
  readonly seed: number;
  readonly sources: SoundSources;
}
export interface Recording {
  readonly bytes: Uint8Array;
  /** For sentences. */
  readonly name: string;
}

/** [n, K] of each copy. @throws UnrollError audio.unreadable, audio.empty */
export async function clipFeatures(recording: Recording, job: FeatureJob): Promise<Float32Array[]> {
  const copies = await copiesOf(recording, job.augmentation, job);
  return copies.map((copy) => extractFeatures(copy, job.settings).frames);
}
