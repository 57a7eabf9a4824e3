// Every cell: forward, training step and streaming step, in one direction and in both; and a whole recogniser's step.
import { describeNetwork } from '../../engine/network/describe';
import { TensorScope } from '../../engine/runtime/tensors';
import type { Goal } from './goals';
import { measureByTurns, type Contender, type Measured } from './measure';
import { timesOurs, torchContender, type Comparison } from './network';
import { randomFloats, sizeText, specFor, type BenchCell, type LayerSize } from './size';
import { isInTfjsLayers, tfjsLayer, tfjsStreamingStep } from './tfjsLayers';
import type { Torch } from './torch';
import { compiledLayer, streamingStep, trainStep } from './unrollNetwork';

const SIZES = [
  { T: 100, N: 16, D: 26, H: 256 },
  { T: 300, N: 16, D: 39, H: 128 },
  { T: 300, N: 1, D: 39, H: 128 },
] as const;
const RECOGNISER: LayerSize = { cell: 'lstm', depth: 3, T: 200, N: 16, D: 80, H: 128, direction: 'bidirectional' };
const STREAM_REPEATS = 50;
const MAX_RECOGNISER = 0.8;
const MAX_TRAIN: Partial<Record<BenchCell, number>> = { lstm: 1, elman: 0.5, 'gru-after': 0.5 };
const MAX_STREAM: Partial<Record<BenchCell, number>> = { lstm: 0.4, elman: 0.7, 'gru-after': 0.7 };
const MIN_TFJS = { forward: 40, gradients: 20 } as const;

const PEAK_SIZE = 1024;
const PEAK_RUNS = 8;
/** The machine's measured matrix-product peak, multiply-adds a second. */
export function measurePeak(): number {
  const scope = new TensorScope();
  const factor = scope.shared([PEAK_SIZE, PEAK_SIZE], randomFloats(PEAK_SIZE ** 2));
  let least = Infinity;
  for (let k = 0; k < PEAK_RUNS; k++) {
    const start = performance.now();
    scope.run('MatMul', [], [factor, factor], 1);
    least = Math.min(least, performance.now() - start);
  }
  scope.dispose();
  return PEAK_SIZE ** 3 / (least / 1000);
}

/** @param peak multiply-adds a second */
export function cellComparisons(
  peak: number,
  torch: Torch | null,
  rounds: number,
  cells: readonly BenchCell[],
): (() => Promise<Comparison>)[] {
  const sized = SIZES.flatMap((size) =>
    cells.flatMap((cell) => {
      const directions: readonly LayerSize['direction'][] =
        cell === 'feedForward' ? ['forward'] : ['forward', 'bidirectional'];
      return directions.map((direction): LayerSize => ({ cell, depth: 1, ...size, direction }));
    }),
  );
  const ofLayers = sized.flatMap((size) =>
    (['forward', 'gradients'] as const).map((pass) => () => compareCell(size, pass, peak, torch, rounds)),
  );
  const streams = sized
    .filter(({ direction, N }) => direction === 'forward' && N > 1)
    .map((size) => () => compareCellStream(size, torch, rounds));
  const recogniser = cells.includes('lstm') ? [() => compareRecogniser(torch, rounds)] : [];
  return [...ofLayers, ...streams, ...recogniser];
}

async function compareCell(
  size: LayerSize,
  pass: 'forward' | 'gradients',
  peak: number,
  torch: Torch | null,
  rounds: number,
): Promise<Comparison> {
  const isBesideTfjs = isInTfjsLayers(size.cell);
  const contenders: Contender[] = [
    compiledLayer(size, pass),
    ...torchContender(torch, pass, size),
    ...(isBesideTfjs ? [tfjsLayer(size, pass)] : []),
  ];
  const measured = await measureByTurns(contenders, { rounds });
  const { multiplyAddsPerStep } = describeNetwork(specFor(size, 'framewise')).layers[0]!;
  // Back come the gradients of the input and of the weights: each as many products as the way forward.
  const work = multiplyAddsPerStep * size.T * size.N * (pass === 'forward' ? 1 : 3);
  const limit = MAX_TRAIN[size.cell];
  return {
    title: `${pass === 'forward' ? 'Forward' : 'Training step'}: ${sizeText(size)}`,
    measured,
    goals: [...(pass === 'gradients' ? torchGoal(measured, limit) : []), ...tfjsGoal(measured, MIN_TFJS[pass])],
    multiplyAddsPerStep,
    peakShare: work / peak / (measured[0]!.minMs / 1000),
  };
}

async function compareCellStream(size: LayerSize, torch: Torch | null, rounds: number): Promise<Comparison> {
  const isBesideTfjs = isInTfjsLayers(size.cell);
  const contenders = [
    await streamingStep(size, 'compiled'),
    ...torchContender(torch, 'stream', size),
    ...(isBesideTfjs ? [tfjsStreamingStep(size)] : []),
  ];
  const measured = await measureByTurns(contenders, { rounds, repeats: STREAM_REPEATS });
  const title = `Streaming step: ${size.cell}, one frame, D ${size.D}, H ${size.H}`;
  return { title, measured, goals: torchGoal(measured, MAX_STREAM[size.cell]) };
}

/** Three bidirectional layers, dense layer, CTC, clipping, Adam. */
async function compareRecogniser(torch: Torch | null, rounds: number): Promise<Comparison> {
  const contenders = [await trainStep(RECOGNISER, 'ctc', 'compiled'), ...torchContender(torch, 'ctc', RECOGNISER)];
  const measured = await measureByTurns(contenders, { rounds });
  const title = `A recogniser's training step, CTC: ${sizeText(RECOGNISER)}`;
  return { title, measured, goals: torchGoal(measured, MAX_RECOGNISER) };
}

function torchGoal(measured: readonly Measured[], limit: number | undefined): Goal[] {
  const times = timesOurs(measured, 'PyTorch');
  if (times === null || limit === undefined) return [];
  return [{ text: "PyTorch's time", unit: 'times', sense: 'at most', limit, value: 1 / times }];
}
function tfjsGoal(measured: readonly Measured[], limit: number): Goal[] {
  const value = timesOurs(measured, 'tfjs-layers');
  return value === null ? [] : [{ text: 'as fast as tfjs-layers', unit: 'times', sense: 'at least', limit, value }];
}
