// One recording as training would disturb it: the same copies, the same draws, the same features.
import { MAX_TAKE_SECONDS } from '../../app/contract/dataSets';
import { RECORDING_SAMPLE_RATE_HZ, type ReplyOf } from '../../app/contract/messages';
import { trainingConfigSchema, type Augmentation } from '../../app/contract/trainingConfig';
import { starterConfig } from '../../app/starterConfig';
import { featureDimension } from '../../app/features/settings';
import type { SoundSources } from '../data/augment';
import { copiesOf } from '../data/clipCopies';
import { alphabetFrom, labelRows } from '../data/dataset';
import type { ManifestRow } from '../data/manifest';
import { ClipSet, clipOf, normalisationOf } from './clips';

const MOST_SAMPLES = MAX_TAKE_SECONDS * RECORDING_SAMPLE_RATE_HZ;
const WORDING = { vocabulary: null, aliases: {} } as const;

export interface DisturbedRowOptions {
  readonly augmentation: Augmentation;
  readonly sources: SoundSources;
  readonly seed: number;
}

/**
 * Sound and static features before and after; the front end is that of a configuration to begin with. Of several copies it is the
 * second, as the first is the recording as it is. Pace and vocal tract are changed on the features, and are not heard.
 * @throws UnrollError audio.unreadable, audio.empty
 */
export async function disturbRow(
  bytes: Uint8Array,
  row: ManifestRow,
  { augmentation, sources, seed }: DisturbedRowOptions,
): Promise<ReplyOf<'data.disturb'>> {
  const config = trainingConfigSchema.parse({ ...starterConfig(['a']), augmentation });
  const sounds = await copiesOf({ bytes, name: row.path }, augmentation, { seed, sources });
  const copies = sounds.map((sound) => sound.subarray(0, MOST_SAMPLES));
  const alphabet = alphabetFrom([row], WORDING);
  const labels = labelRows([row], alphabet, WORDING).labelled[0]?.labels ?? new Int32Array(0);
  const clip = clipOf(copies, labels, config.frontEnd);
  const frontEnd = { ...config.frontEnd, normalisation: normalisationOf([clip], config) };
  const set = new ClipSet([clip], { frontEnd, augmentation, alphabet, network: {} });
  const copy = copies.length > 1 ? 1 : 0;
  const shape = { dimension: featureDimension(frontEnd), coefficients: frontEnd.coefficients };
  return {
    pcm: (copies[copy] as Int16Array).slice(),
    before: staticPart(set.plainExample(0).features, shape),
    after: staticPart(set.example([{ clip: 0, copy }], seed).features, shape),
    coefficients: frontEnd.coefficients,
  };
}

/** [n, K] of [n, D]: slopes follow from them. */
function staticPart(
  features: Float32Array,
  { dimension, coefficients }: { readonly dimension: number; readonly coefficients: number },
): Float32Array {
  const frames = features.length / dimension;
  const part = new Float32Array(frames * coefficients);
  for (let t = 0; t < frames; t++)
    part.set(features.subarray(t * dimension, t * dimension + coefficients), t * coefficients);
  return part;
}
