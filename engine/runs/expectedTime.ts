// How long a run will take: some of its recordings are measured, its first epoch is planned, and a few steps of a batch of middling
// size are taken on features made up.
import type { CompiledShape } from '../network/program';
import type { Rung } from '../../app/contract/rung';
import type { TrainingConfig } from '../../app/contract/trainingConfig';
import { MAX_FILE_BYTES, RECORDING_SAMPLE_RATE_HZ } from '../../app/contract/messages';
import { UnrollError } from '../../app/errors';
import { featureDimension } from '../../app/features/settings';
import { decodeAudio } from '../data/audioFile';
import { alphabetFrom } from '../data/dataset';
import type { ManifestRow } from '../data/manifest';
import { readNamedFile } from '../data/namedFile';
import { initialParameters } from '../network/initialise';
import { openProgram } from '../network/open';
import { parameterCount } from '../network/parameters';
import { makeRandom } from '../runtime/random';
import { padBatch, type Example } from '../training/examples';
import { networkSpecFor } from '../training/networkSpec';
import { planBatches, planUtterances, type PlannedClip, type PlanOptions } from '../training/plan';
import { USUAL_TRAINING } from '../training/trainingRule';
import { splitForValidation } from '../training/validationSplit';

/** Recordings that are opened to learn how long they are. */
const MEASURED = 24;
/** Larger networks take too long to be tried. */
const MOST_PARAMETERS = 20_000_000;
const TIMED_STEPS = 3;
const PROBE_SEED = 1;

/** @returns seconds for all epochs; null where no recording can be read, or the network is too large to be tried */
export async function expectedSeconds(
  rows: readonly ManifestRow[],
  config: TrainingConfig,
  rung: Rung,
): Promise<number | null> {
  const { validationFraction, seed, epochs } = config.training;
  const { training } = splitForValidation(rows, validationFraction, seed);
  const lengths = await someFrames(training, config);
  if (lengths.length === 0) return null;
  const batches = plannedBatches(training, lengths, config);
  const cost = await costOf(batches, rows, config, rung);
  if (cost === null) return null;
  const frames = batches.reduce((sum, { T, N }) => sum + T * N, 0);
  return cost.compiling + epochs * frames * cost.perFrame;
}

/** Frames of some recordings, evenly spread over the list; those that cannot be read are passed over. */
async function someFrames(rows: readonly ManifestRow[], { frontEnd }: TrainingConfig): Promise<number[]> {
  const count = Math.min(MEASURED, rows.length);
  const frames: number[] = [];
  for (let index = 0; index < count; index++) {
    const { path } = rows[Math.floor((index * rows.length) / count)]!;
    try {
      const pcm = await decodeAudio(await readNamedFile(path, MAX_FILE_BYTES), path);
      const seconds = pcm.length / RECORDING_SAMPLE_RATE_HZ;
      frames.push(Math.max(1, Math.round((1000 * seconds) / frontEnd.hopMs)));
    } catch (error) {
      if (!(error instanceof UnrollError)) throw error;
    }
  }
  return frames;
}

/** The first epoch's batches, as if the recordings were as long as those that were measured. */
function plannedBatches(rows: readonly ManifestRow[], lengths: readonly number[], config: TrainingConfig) {
  const clips = rows.map(({ speaker, corpus }, index): PlannedClip => {
    const copyFrames = [lengths[index % lengths.length]!];
    return { speaker: speaker ?? '', corpus: corpus ?? '', isUnknownOnly: false, copyFrames };
  });
  const options: PlanOptions = { ...config.training, epoch: 0, stringing: config.stringing };
  const frames = planUtterances(clips, options).map((parts) =>
    parts.reduce((sum, { clip }) => sum + clips[clip]!.copyFrames[0]!, 0),
  );
  return planBatches(frames, options).map((batch): CompiledShape => {
    const T = batch.reduce((longest, index) => Math.max(longest, frames[index]!), 0);
    return { T, N: 2 ** Math.ceil(Math.log2(batch.length)) };
  });
}

/** Seconds of one frame of one row, and of compiling for all shapes; null where the network is too large. */
async function costOf(
  batches: readonly CompiledShape[],
  rows: readonly ManifestRow[],
  config: TrainingConfig,
  rung: Rung,
): Promise<{ readonly perFrame: number; readonly compiling: number } | null> {
  const spec = networkSpecFor(config, config.frontEnd, alphabetFrom(rows, config));
  const middling = [...batches].sort((a, b) => a.T * a.N - b.T * b.N)[batches.length >> 1];
  if (middling === undefined || parameterCount(spec) > MOST_PARAMETERS) return null;
  const { optimizer, clipping, averageDecay } = config.training;
  const rule = { ...USUAL_TRAINING, optimizer, clipping, averageDecay };
  const program = await openProgram(spec, initialParameters(spec, PROBE_SEED), rung, rule);
  try {
    const shapes = new Set<string>();
    for (const shape of batches) {
      const compiled = program.shapeToCompile(emptyBatch(shape));
      if (compiled !== null) shapes.add(`${compiled.T} ${compiled.N}`);
    }
    const batch = madeUpBatch(middling, featureDimension(config.frontEnd));
    const step = async (): Promise<number> => {
      const startedAt = performance.now();
      await program.trainStep(batch, { learningRate: 0, seed: PROBE_SEED });
      return (performance.now() - startedAt) / 1000;
    };
    const first = await step();
    let shortest = first;
    for (let time = 0; time < TIMED_STEPS; time++) shortest = Math.min(shortest, await step());
    return { perFrame: shortest / (middling.T * middling.N), compiling: shapes.size * (first - shortest) };
  } finally {
    program.dispose();
  }
}

const emptyBatch = ({ T, N }: CompiledShape) => ({
  features: new Float32Array(0),
  ...{ T, N, D: 0 },
  lengths: new Int32Array(N).fill(T),
});

/** Noise, in which one symbol is said. */
function madeUpBatch({ T, N }: CompiledShape, D: number) {
  const random = makeRandom(PROBE_SEED);
  const examples = Array.from({ length: N }, (): Example => {
    const features = Float32Array.from({ length: T * D }, () => 2 * random() - 1);
    return { frames: T, features, labels: Int32Array.of(0) };
  });
  return padBatch(examples, N);
}
