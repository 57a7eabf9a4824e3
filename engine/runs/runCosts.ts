// What the parts of a run cost on this machine, each tried a few times.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import type { NetworkSpec } from '../../app/contract/network';
import type { Rung } from '../../app/contract/rung';
import type { TrainingConfig } from '../../app/contract/trainingConfig';
import { initialParameters } from '../network/initialise';
import { openProgram } from '../network/open';
import type { CompiledShape, LabelledBatch, NetworkProgram } from '../network/program';
import { weightStatistics } from '../network/weightStatistics';
import { makeRandom } from '../runtime/random';
import { padBatch, type Example } from '../training/examples';
import { NO_SUMS } from '../training/progress';
import { RunFolder } from '../training/runFolder';
import { NO_PLATEAU } from '../training/schedule';
import { USUAL_TRAINING } from '../training/trainingRule';

const TIMED = 3;
const PROBE_SEED = 1;

/** Seconds each. */
export interface Costs {
  /** Of one frame of one row of a step. */
  readonly perFrame: number;
  /** Of writing a step down. */
  readonly perStep: number;
  /** Of compiling for all shapes of the batches. */
  readonly compiling: number;
  /** Of one frame of one row of validation. */
  readonly perValidatedFrame: number;
  readonly compilingValidation: number;
  /** Of writing an epoch down. */
  readonly perEpoch: number;
  /** Of writing what validation heard. */
  readonly perHearings: number;
  /** Of a checkpoint. */
  readonly perSave: number;
}

export interface Probe {
  readonly spec: NetworkSpec;
  readonly config: TrainingConfig;
  readonly rung: Rung;
  /** Of some epochs: at least one. */
  readonly batches: readonly CompiledShape[];
  /** Of validation after it. */
  readonly validated: readonly CompiledShape[];
  /** On the disk that the run will be on; nothing of it stays there. */
  readonly folder: string;
}

export async function probeCosts(probe: Probe): Promise<Costs> {
  const { spec, config, rung } = probe;
  const { optimizer, clipping, averageDecay } = config.training;
  const rule = { ...USUAL_TRAINING, optimizer, clipping, averageDecay };
  const program = await openProgram(spec, initialParameters(spec, PROBE_SEED), rung, rule);
  try {
    return { ...(await learningCosts(program, probe)), ...(await writingCosts(program, probe.folder)) };
  } finally {
    program.dispose();
  }
}

type LearningCosts = Pick<Costs, 'perFrame' | 'compiling' | 'perValidatedFrame' | 'compilingValidation'>;

async function learningCosts(program: NetworkProgram, { spec, batches, validated }: Probe): Promise<LearningCosts> {
  const D = spec.inputSize;
  const compiled = (shapes: readonly CompiledShape[]): number =>
    new Set(shapes.map((shape) => nameOf(program.shapeToCompile(shape))).filter((name) => name !== '')).size;
  const shapes = { learning: compiled(batches), validation: compiled(validated) };
  const middling = middlingOf(batches);
  const step = await timed(async () => {
    await program.trainStep(madeUpBatch(middling, D), { learningRate: 0, seed: PROBE_SEED });
  });
  const learned = {
    perFrame: step.usual / (middling.T * middling.N),
    compiling: shapes.learning * Math.max(0, step.first - step.usual),
  };
  if (validated.length === 0) return { ...learned, perValidatedFrame: 0, compilingValidation: 0 };
  const heard = middlingOf(validated);
  const batch = madeUpBatch(heard, D);
  const look = await timed(async () => {
    await program.losses(batch);
    await program.logits(batch);
  });
  return {
    ...learned,
    perValidatedFrame: look.usual / (heard.T * heard.N),
    compilingValidation: shapes.validation * Math.max(0, look.first - look.usual),
  };
}

/** Steps, an epoch and a checkpoint of that network, as a run writes them. */
async function writingCosts(
  program: NetworkProgram,
  folder: string,
): Promise<Pick<Costs, 'perStep' | 'perEpoch' | 'perHearings' | 'perSave'>> {
  await fs.mkdir(folder, { recursive: true });
  const place = await fs.mkdtemp(join(folder, '.trial-'));
  try {
    const run = new RunFolder(place);
    const step = await timed(() => run.addStep(STEP));
    const epoch = await timed(() => run.addEpoch(EPOCH, weightStatistics(program.recognitionParameters())));
    const hearings = await timed(() => run.writeHearings({ epoch: 1, hearings: [] }));
    const values = program.parameters();
    const save = await timed(() =>
      run.saveCheckpoint(
        { state: STATE, weights: { values, optimizer: program.optimizerState(), best: values } },
        { fingerprint: '', keep: 1 },
      ),
    );
    return { perStep: step.usual, perEpoch: epoch.usual, perHearings: hearings.usual, perSave: save.usual };
  } finally {
    await fs.rm(place, { recursive: true });
  }
}

/** Seconds of the first time, which may compile, and the median of those after it. */
async function timed(work: () => Promise<void>): Promise<{ readonly first: number; readonly usual: number }> {
  const once = async (): Promise<number> => {
    const startedAt = performance.now();
    await work();
    return (performance.now() - startedAt) / 1000;
  };
  const first = await once();
  const later: number[] = [];
  for (let time = 0; time < TIMED; time++) later.push(await once());
  return { first, usual: later.sort((a, b) => a - b)[TIMED >> 1]! };
}

/** The one in the midst of them by its size. @param shapes at least one */
const middlingOf = (shapes: readonly CompiledShape[]): CompiledShape =>
  [...shapes].sort((a, b) => a.T * a.N - b.T * b.N)[shapes.length >> 1]!;

const nameOf = (shape: CompiledShape | null): string => (shape === null ? '' : `${shape.T} ${shape.N}`);

/** Noise, in which one symbol is said. */
function madeUpBatch({ T, N }: CompiledShape, D: number): LabelledBatch {
  const random = makeRandom(PROBE_SEED);
  const examples = Array.from({ length: N }, (): Example => {
    const features = Float32Array.from({ length: T * D }, () => 2 * random() - 1);
    return { frames: T, features, labels: Int32Array.of(0) };
  });
  return padBatch(examples, N);
}

const STEP = {
  ...{ epoch: 1, step: 1, stepsPerEpoch: 1, runStep: 1, learningRate: 0, loss: 0, gradientNorm: 0 },
  ...{ partNorms: [0], isSkipped: false, utterances: 1 },
};
const EPOCH = {
  ...{ epoch: 1, epochs: 1, step: 1, trainLoss: 0, validationLoss: 0, symbolError: 0, wordError: 0, words: 0 },
  ...{ learningRate: 0, gradientNorm: 0, skippedSteps: 0, seconds: 0, utterancesPerSecond: 0, isBest: false },
};
const STATE = {
  ...{ epoch: 0, batches: 0, step: 0, skippedSteps: 0, skippedInRow: 0, plateau: NO_PLATEAU, sums: NO_SUMS },
  ...{ best: null, lowestLoss: null, epochsSinceBetter: 0 },
};
