// A run that is over in a second: two symbols, told apart by the first two of three coefficients.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { trainingConfigSchema, type TrainingConfig } from '../../../app/contract/trainingConfig';
import { readMetadata } from '../../../engine/library/safetensors';
import type { ParameterSet } from '../../../engine/network/parameters';
import { makeRandom } from '../../../engine/runtime/random';
import type { ExampleStore } from '../../../engine/training/epochPlan';
import type { Example } from '../../../engine/training/examples';
import { speechTarget } from '../../../engine/training/networkSpec';
import type { EpochReport } from '../../../engine/training/records';
import { RunFolder } from '../../../engine/training/runFolder';
import {
  train,
  type TrainHooks,
  type TrainInput,
  type TrainingOutcome,
  type Wish,
} from '../../../engine/training/train';

const frontEnd = {
  kind: 'mfcc',
  sampleRateHz: 8000,
  windowMs: 32,
  hopMs: 20,
  window: 'hamming',
  melBands: 20,
  coefficients: 3,
  deltas: 0,
  deltaSpan: 2,
  tailMs: 0,
  normalisation: { kind: 'none' },
} as const;
export const config = trainingConfigSchema.parse({
  id: 'tiny',
  name: { en: 'Tiny', zh: '小' },
  understands: { en: 'a and b', zh: 'a 和 b' },
  frontEnd,
  vocabulary: ['a', 'b'],
  network: { layers: [{ cell: 'lstm', units: 4, direction: 'bidirectional' }], dropout: 0.2 },
  training: { epochs: 4, batchFrames: 64, maxRows: 4, learningRate: 0.05, warmUpSteps: 2, validationFraction: 0 },
});

/** Class 0 where the first coefficient is high, class 1 where the second is. */
export const exampleOf = (clip: number, seed: number): Example => {
  const random = makeRandom(seed + clip);
  const frames = 6 + (clip % 3);
  const features = Float32Array.from({ length: frames * 3 }, (_, at) => (at % 3 === clip % 2 ? 1 : 0) + 0.1 * random());
  return { frames, features, labels: Int32Array.of(clip % 2) };
};
export const store: ExampleStore = {
  clips: Array.from({ length: 8 }, (_, clip) => ({
    speaker: 'anna',
    corpus: 'made',
    isUnknownOnly: false,
    copyFrames: [6 + (clip % 3)],
  })),
  example: (utterance, seed) => exampleOf(utterance[0]?.clip ?? 0, seed),
  alignedExample: (utterance, seed) => {
    const { frames, features, labels } = exampleOf(utterance[0]?.clip ?? 0, seed);
    return { frames, features, labels: new Int32Array(frames).fill(labels[0] as number) };
  },
};
export const targetOf = (of: TrainingConfig) =>
  speechTarget(of, frontEnd, { symbols: ['a', 'b'], wordSeparator: null, unknown: null });
export const input: TrainInput = {
  config,
  ...targetOf(config),
  training: store,
  validation: [exampleOf(0, 1), exampleOf(1, 1)],
  rung: 'wasm',
};
/** The better the network learns, the larger the loss on these. */
export const contradicting = input.validation.map((example) => ({
  ...example,
  labels: example.labels.map((label) => 1 - label),
}));
export const numbers = (parameters: ParameterSet): number[][] =>
  [...parameters.values()].map(({ values }) => [...values]);
export const withTraining = (training: Partial<TrainingConfig['training']>): TrainInput => ({
  ...input,
  config: { ...config, training: { ...config.training, ...training } },
});
/** What tinyRunProcess takes. */
export const programRun = withTraining({ epochs: 12, averageDecay: 0.9, checkpointSteps: 2, keepCheckpoints: 2 });
export function weightsOf(outcome: TrainingOutcome): ParameterSet {
  if (!('parameters' in outcome)) throw new Error('Expected weights');
  return outcome.parameters;
}
export async function trained(run: TrainInput, path: string, hooks?: TrainHooks): Promise<ParameterSet> {
  return weightsOf(await train(run, new RunFolder(path), hooks));
}
/** Pauses after `epochs` and goes on. */
export async function trainedInTwo(run: TrainInput, path: string, epochs: number): Promise<ParameterSet> {
  await pausedAfter(run, path, ({ epoch }) => epoch === epochs);
  return trained(run, path);
}
/** Pauses at the first epoch of which `isEnough` is true. */
async function pausedAfter(run: TrainInput, path: string, isEnough: (report: EpochReport) => boolean): Promise<void> {
  let wish: Wish = 'goOn';
  const onEpoch = (report: EpochReport): void => {
    if (isEnough(report)) wish = 'pause';
  };
  const { kind } = await train(run, new RunFolder(path), { onEpoch, control: () => wish });
  if (kind !== 'paused') throw new Error(`Expected a run that pauses, but it ${kind}`);
}

/** All that a run's newest checkpoint holds, but for times: every value of weights and optimiser, and the state. */
export async function standingOf(path: string) {
  const folder = join(path, 'checkpoints');
  const newest = (await fs.readdir(folder)).sort().at(-1)!;
  const bytes = await fs.readFile(join(folder, newest));
  const headerEnd = 8 + Number(bytes.readBigUInt64LE());
  const state = JSON.parse(readMetadata(bytes)['state']!) as { sums: object };
  return {
    values: bytes.subarray(headerEnd).toString('base64'),
    state: { ...state, journals: null, sums: { ...state.sums, seconds: 0 } },
  };
}
const linesOf = async (path: string): Promise<unknown[]> => {
  const lines = (await fs.readFile(path, 'utf8')).trim().split('\n');
  return lines.map((line) => ({ ...(JSON.parse(line) as object), seconds: 0, utterancesPerSecond: 0 }));
};
/** What a run wrote down, but for times. */
export const recordsOf = async (path: string) => ({
  steps: await linesOf(join(path, 'steps.jsonl')),
  epochs: await linesOf(join(path, 'metrics.jsonl')),
  weights: await linesOf(join(path, 'weights.jsonl')),
  hearings: JSON.parse(await fs.readFile(join(path, 'hearings.json'), 'utf8')) as unknown,
});
