// An engine with training runs: their curves are made from a seed, so that every test sees the same.
import type { DataSet } from '../../../app/contract/dataSets';
import type { EventOf, ReplyOf } from '../../../app/contract/messages';
import { MAX_STEPS, type RunEpoch, type RunStatus, type RunSteps } from '../../../app/contract/runs';
import { trainingConfigSchema, type TrainingConfig } from '../../../app/contract/trainingConfig';
import { UnrollError } from '../../../app/errors';
import { starterConfig } from '../../../app/starterConfig';
import type { MockBridge } from '../../../renderer/bridge/mockBridge';
import { hoursAgo, shelf } from './shelf';

export const STEPS_PER_EPOCH = 182;
export const THRESHOLD = 5;
/** Where the made gradient explodes. */
export const JUMP_STEP = 2_912;

/** Pseudo-random numbers in 0..1 (Park & Miller 1988). */
function random(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

export interface Curves {
  readonly loss: Float32Array;
  readonly learningRate: Float32Array;
  readonly gradientNorm: Float32Array;
  /** [steps, 3] */
  readonly partNorms: Float32Array;
}

/** A loss that falls with noise, and one gradient that explodes, most of it in the second of three parts. */
export function madeCurves(steps: number, seed = 19): Curves {
  const next = random(seed);
  const noise = (): number => next() + next() + next() - 1.5;
  const curves = {
    loss: new Float32Array(steps),
    learningRate: new Float32Array(steps),
    gradientNorm: new Float32Array(steps),
    partNorms: new Float32Array(3 * steps),
  };
  for (let step = 0; step < steps; step++) {
    const after = step - JUMP_STEP;
    const bump = after >= 0 ? Math.exp(-after / 60) : 0;
    curves.loss[step] = (0.1 + 4 * Math.exp(-step / 700)) * Math.exp(0.5 * noise() + 1.6 * bump);
    curves.gradientNorm[step] = after === 0 ? 41.7 : 2 * Math.exp(0.5 * noise());
    curves.learningRate[step] = 0.001 * Math.min(1, (step + 1) / 200) * (1 - step / (4 * steps));
    const norm = curves.gradientNorm[step]!;
    curves.partNorms.set(
      after === 0 ? [0.2 * norm, 0.97 * norm, 0.1 * norm] : [norm / 2, norm / 2, norm / 2],
      3 * step,
    );
  }
  return curves;
}

export const stretch = (runId: string, curves: Curves, first: number, end: number): RunSteps => ({
  runId,
  first,
  loss: curves.loss.slice(first, end),
  learningRate: curves.learningRate.slice(first, end),
  gradientNorm: curves.gradientNorm.slice(first, end),
  partNorms: curves.partNorms.slice(3 * first, 3 * end),
  isSkipped: Uint8Array.from(curves.gradientNorm.slice(first, end), (norm) => (Number.isNaN(norm) ? 1 : 0)),
});

export function madeEpochs(curves: Curves): RunEpoch[] {
  const count = Math.floor(curves.loss.length / STEPS_PER_EPOCH);
  let best = Infinity;
  return Array.from({ length: count }, (_, index) => {
    const step = (index + 1) * STEPS_PER_EPOCH;
    const late = Math.max(0, index - 18);
    const validationLoss = 0.18 + 4 * Math.exp(-step / 800) + 0.02 * late;
    const isBest = validationLoss < best;
    best = Math.min(best, validationLoss);
    return {
      epoch: index + 1,
      step,
      trainLoss: validationLoss * 0.9,
      validationLoss,
      symbolError: 0.019 + 0.4 * Math.exp(-index / 4.2),
      wordError: 0.041 + 0.46 * Math.exp(-index / 4.2),
      words: 1_200,
      learningRate: 0.001,
      seconds: 12,
      utterancesPerSecond: 212,
      isBest,
    };
  });
}

export const statusOf = (change: Partial<RunStatus> = {}): RunStatus => ({
  format: 'unroll-run',
  version: 1,
  id: 'digits',
  name: 'digits, two layers of 128',
  notes: '',
  createdAt: hoursAgo(1),
  state: 'running',
  setId: 'sample',
  fromModelId: null,
  place: null,
  parameters: 213_137,
  progress: {
    activity: 'learning',
    fraction: 0.4,
    epoch: 22,
    epochs: 60,
    step: 4_186,
    stepsPerEpoch: STEPS_PER_EPOCH,
    utterancesPerSecond: 212,
    secondsLeft: 370,
    peakBytes: 1.1e9,
  },
  best: { epoch: 19, validationLoss: 0.21, wordError: 0.041 },
  error: null,
  modelId: null,
  deletedAt: null,
  ...change,
});

const SKIPPED: ReplyOf<'runs.skipped'>['steps'] = [
  { runStep: 41, recordings: ['two.wav', 'broken.wav'] },
  { runStep: 977, recordings: ['broken.wav'] },
];

/** Weights that spread from epoch to epoch. */
const weightEpochs = (): ReplyOf<'runs.weights'>['epochs'] =>
  Array.from({ length: 22 }, (_, index) => ({
    epoch: index + 1,
    parameters: ['layer0.forward.inputWeights', 'layer0.forward.recurrentWeights'].map((name) => ({
      ...{ name, shape: [128, 512], mean: 0, deviation: 0.1 + 0.01 * index, largest: 0.5 + 0.05 * index },
      counts: Int32Array.from({ length: 41 }, (_each, part) => (part === 20 ? 100 : 0)),
    })),
  }));
const HEARINGS: ReplyOf<'runs.hearings'>['hearings'] = [
  {
    rank: 'best',
    reference: 'eight zero three nine',
    hypothesis: 'eight zero three nine',
    pieces: [{ kind: 'same', reference: 'eight zero three nine', hypothesis: 'eight zero three nine' }],
    symbolError: 0,
  },
  {
    rank: 'median',
    reference: 'nine six two five',
    hypothesis: 'nine six two fine',
    pieces: [
      { kind: 'same', reference: 'nine six two fi', hypothesis: 'nine six two fi' },
      { kind: 'put', reference: 'v', hypothesis: 'n' },
      { kind: 'same', reference: 'e', hypothesis: 'e' },
    ],
    symbolError: 0.056,
  },
  {
    rank: 'worst',
    reference: 'eight eight three zero',
    hypothesis: 'eight threee zero',
    pieces: [
      { kind: 'same', reference: 'eight ', hypothesis: 'eight ' },
      { kind: 'leftOut', reference: 'eight ', hypothesis: '' },
      { kind: 'same', reference: 'three', hypothesis: 'three' },
      { kind: 'added', reference: '', hypothesis: 'e' },
      { kind: 'same', reference: ' zero', hypothesis: ' zero' },
    ],
    symbolError: 0.318,
  },
];

const SAMPLE_SET: DataSet = {
  id: 'sample',
  title: 'Sample set',
  createdAt: hoursAgo(3),
  recordings: 120,
  seconds: 95,
  speakers: 1,
  origin: 'sample',
  split: { seed: 1, validation: 0.1, test: 0.1, by: 'recording' },
  problem: null,
};

export const madeConfig = (): TrainingConfig => {
  const starter = starterConfig(['zero', 'one', 'two']);
  const training = { ...starter.training, clipping: { kind: 'norm', threshold: THRESHOLD } };
  return trainingConfigSchema.parse({ ...starter, training });
};

export interface RunShelf {
  readonly bridge: MockBridge;
  readonly curves: Curves;
  /** Learns up to a step, and says so; where it is not heard, as though the wire had been cut. */
  step(runId: string, end: number, how?: 'heard' | 'unheard'): void;
  /** A run has changed. */
  change(run: RunStatus): void;
}

/** @param known steps that are on disk when the run is opened. */
export function runShelf(runs: readonly RunStatus[] = [statusOf()], known = 4_186, total = 5_000): RunShelf {
  const kept = new Map(runs.map((run) => [run.id, run]));
  const curves = madeCurves(total);
  let done = known;
  const find = (id: string): RunStatus => {
    const run = kept.get(id);
    if (!run) throw new UnrollError('message.refused', { method: 'runs', reason: `There is no run ${id}.` });
    return run;
  };
  const put = (run: RunStatus): { run: RunStatus } => {
    kept.set(run.id, run);
    return { run };
  };
  const bridge = shelf([]);
  bridge.answer('data.list', () => ({ sets: kept.size > 0 ? [SAMPLE_SET] : [] }));
  bridge.answer('data.openSample', () => ({ set: SAMPLE_SET }));
  bridge.answer('runs.advise', ({ config, fromModelId }) => ({
    advice: {
      recordings: 120,
      classes: 3,
      speakers: 1,
      fewestPerClass: 12,
      advisedPerClass: 30,
      advisedSpeakers: 5,
      symbols: [...' enortwz'],
      parameters: 1_000 * config.network.layers.length,
      kept: fromModelId === null ? null : { layers: config.network.layers.length, classes: 9 },
    },
  }));
  bridge.answer('runs.expectedTime', () => ({ seconds: 120 }));
  bridge.answer('runs.findRate', () => ({
    points: Array.from({ length: 40 }, (_, index) => ({
      learningRate: 1e-5 * 10 ** (index / 10),
      loss: 4 - index / 15 + Math.max(0, index - 32),
    })),
    suggestion: 0.0042,
  }));
  bridge.answer('runs.start', ({ name, setId, fromModelId }) => {
    const waiting = { ...statusOf(), id: 'begun', name, setId, fromModelId, createdAt: hoursAgo(0) };
    return put({ ...waiting, state: 'queued', place: 0, progress: null, best: null });
  });
  bridge.answer('runs.move', ({ runId, beforeRunId }) => {
    const waiting = [...kept.values()]
      .filter(({ state, id }) => state === 'queued' && id !== runId)
      .sort((a, b) => a.place! - b.place!);
    const at = beforeRunId === null ? waiting.length : waiting.findIndex(({ id }) => id === beforeRunId);
    waiting.splice(at, 0, find(runId));
    return { runs: waiting.map((run, place) => put({ ...run, place }).run) };
  });
  bridge.answer('runs.list', () => ({ runs: [...kept.values()] }));
  bridge.answer('runs.open', ({ runId }) => {
    const config = madeConfig();
    const parts = [79_360, 131_584].map((parameters, index) => ({ layer: config.network.layers[index]!, parameters }));
    return { run: find(runId), config, parts: [...parts, { layer: null, parameters: 2_193 }] };
  });
  bridge.answer('runs.steps', ({ runId, first, count }) => ({
    steps: stretch(runId, curves, first, Math.min(done, first + Math.min(count, MAX_STEPS))),
    total: done,
    parts: 3,
  }));
  bridge.answer('runs.epochs', () => ({
    epochs: madeEpochs({ ...curves, loss: curves.loss.slice(0, done) }),
  }));
  bridge.answer('runs.skipped', () => ({ steps: SKIPPED }));
  bridge.answer('runs.weights', ({ afterEpoch }) => ({ epochs: afterEpoch === 0 ? weightEpochs() : [] }));
  bridge.answer('runs.hearings', () => ({ epoch: 22, hearings: HEARINGS }));
  bridge.answer('runs.hearingAudio', () => ({ pcm: new Int16Array(1_600).fill(1_000) }));
  bridge.answer('runs.pause', ({ runId }) => put({ ...find(runId), state: 'pausing' }));
  bridge.answer('runs.resume', ({ runId }) => put({ ...find(runId), state: 'running' }));
  bridge.answer('runs.stop', ({ runId }) => put({ ...find(runId), state: 'stopping' }));
  bridge.answer('runs.rename', ({ runId, name }) => put({ ...find(runId), name }));
  bridge.answer('runs.note', ({ runId, notes }) => put({ ...find(runId), notes }));
  bridge.answer('runs.delete', ({ runId }) => {
    put({ ...find(runId), deletedAt: hoursAgo(0) });
    return {};
  });
  bridge.answer('runs.restore', ({ runId }) => put({ ...find(runId), deletedAt: null }));
  return {
    bridge,
    curves,
    step: (runId, end, how = 'heard') => {
      const steps = stretch(runId, curves, done, end);
      done = end;
      if (how === 'heard') bridge.emit('runs.stepped', { steps, parts: 3 } satisfies EventOf<'runs.stepped'>);
    },
    change: (run) => {
      put(run);
      bridge.emit('runs.changed', { run });
    },
  };
}
