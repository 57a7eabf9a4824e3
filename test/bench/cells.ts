// Every cell at every size: forward, training step and streaming step, in one direction and in both.
import { describeNetwork } from '../../engine/network/describe';
import { TensorScope, withHandles } from '../../engine/runtime/tensors';
import type { Goal } from './goals';
import { measureByTurns, timed, type Contender, type Measured } from './measure';
import { timesOurs, torchContender, type Comparison } from './network';
import { lengthsOf, randomFloats, sizeText, specFor, type BenchCell, type HeadKind, type LayerSize } from './size';
import { isInTfjsLayers, tfjsLayer, tfjsStreamingStep, tfjsTrainStep } from './tfjsLayers';
import type { Torch } from './torch';
import { compiledLayer, streamingStep, trainStep } from './unrollNetwork';

/** `stack` is a recogniser's three layers. */
export const CELL_SIZES = {
  '100x16x26x256': { depth: 1, T: 100, N: 16, D: 26, H: 256 },
  '300x16x39x128': { depth: 1, T: 300, N: 16, D: 39, H: 128 },
  '300x1x39x128': { depth: 1, T: 300, N: 1, D: 39, H: 128 },
  stack: { depth: 3, T: 200, N: 16, D: 80, H: 128 },
} as const;
export const CELL_WORK = ['forward', 'step', 'stream'] as const;
export const CELL_DIRECTIONS = ['forward', 'bidirectional'] as const;
/** What of all this is measured. */
export interface CellChoice {
  readonly cells: readonly BenchCell[];
  readonly sizes: readonly (keyof typeof CELL_SIZES)[];
  readonly directions: readonly LayerSize['direction'][];
  readonly work: readonly (typeof CELL_WORK)[number][];
  /** Whether tfjs-layers, which is slow, takes part. */
  readonly hasTfjs: boolean;
}

const STREAM_REPEATS = 50;
const MAX_RECOGNISER = 0.8;
const MAX_TRAIN: Partial<Record<BenchCell, number>> = { lstm: 1, elman: 0.5, 'gru-after': 0.5 };
const MAX_STREAM: Partial<Record<BenchCell, number>> = { lstm: 0.4, elman: 0.7, 'gru-after': 0.7 };
const MIN_TFJS = { forward: 40, step: 20 } as const;

const PEAK_SIZE = 1024;
const PEAK_NAME = 'matrix product of 1024³';
/** The machine's fastest: a square matrix product, by turns with the others. */
function matrixProduct(): Contender {
  const scope = new TensorScope();
  const factor = scope.shared([PEAK_SIZE, PEAK_SIZE], randomFloats(PEAK_SIZE ** 2));
  return {
    name: PEAK_NAME,
    runMs: timed(() => withHandles((run) => run.run('MatMul', [], [factor, factor], 1).length)),
    dispose: () => scope.dispose(),
  };
}

interface Setting {
  readonly torch: Torch | null;
  readonly rounds: number;
  readonly hasTfjs: boolean;
}

/** Batches of more than one row have rows of different lengths, padded. */
export function cellComparisons(choice: CellChoice, setting: Omit<Setting, 'hasTfjs'>): (() => Promise<Comparison>)[] {
  const all = { ...setting, hasTfjs: choice.hasTfjs };
  const sized = choice.sizes.flatMap((name) =>
    choice.cells.flatMap((cell) =>
      choice.directions
        .filter((direction) => cell !== 'feedForward' || direction === 'forward')
        .map((direction): LayerSize => ({ cell, ...CELL_SIZES[name], direction, lengths: 'mixed' })),
    ),
  );
  return sized.flatMap((size) => choice.work.flatMap((work) => comparisonsOf(size, work, all)));
}

function comparisonsOf(
  size: LayerSize,
  work: (typeof CELL_WORK)[number],
  setting: Setting,
): (() => Promise<Comparison>)[] {
  switch (work) {
    case 'forward':
      return [() => compareForward(size, setting)];
    case 'step':
      return [
        () => compareStep(size, 'framewise', setting),
        ...(size.depth > 1 ? [() => compareStep(size, 'ctc', setting)] : []),
        ...(size.cell === 'clockwork' && size.depth === 1 ? [() => compareBodies(size, setting)] : []),
      ];
    case 'stream':
      return size.direction === 'forward' && size.depth === 1 && size.N > 1
        ? [() => compareCellStream(size, setting)]
        : [];
  }
}

/** Outputs of the layers. */
async function compareForward(size: LayerSize, { torch, rounds, hasTfjs }: Setting): Promise<Comparison> {
  const measured = await measureByTurns(
    [
      compiledLayer(size, 'forward'),
      matrixProduct(),
      ...(size.cell === 'clockwork' ? [compiledLayer(size, 'forward', 'step')] : []),
      ...torchContender(torch, 'forward', size),
      ...(hasTfjs && isInTfjsLayers(size.cell) ? [tfjsLayer(size, 'forward')] : []),
    ],
    { rounds },
  );
  const layers = describeNetwork(specFor(size, 'framewise')).layers.filter(({ name }) => name.startsWith('layer'));
  const multiplyAddsPerStep = layers.reduce((sum, layer) => sum + layer.multiplyAddsPerStep, 0);
  return {
    title: `Forward: ${sizeText(size)}`,
    measured,
    goals: tfjsGoal(measured, MIN_TFJS.forward),
    multiplyAddsPerStep,
    peakShare: peakShare(size, multiplyAddsPerStep, measured),
  };
}

/** Layers, dense layer, loss, backward, clipping by global norm and Adam; one graph call for Unroll. */
async function compareStep(size: LayerSize, head: HeadKind, setting: Setting): Promise<Comparison> {
  const { torch, rounds } = setting;
  const isBesideTfjs = setting.hasTfjs && head === 'framewise' && isInTfjsLayers(size.cell);
  const contenders = [
    await trainStep(size, head, 'compiled', 'adam'),
    matrixProduct(),
    ...torchContender(torch, head, size, 'adam'),
    ...(isBesideTfjs ? [tfjsTrainStep(size)] : []),
  ];
  const measured = await measureByTurns(contenders, { rounds });
  const { multiplyAddsPerStep } = describeNetwork(specFor(size, head));
  const isRecogniser = head === 'ctc' && size.cell === 'lstm' && size.direction === 'bidirectional';
  const limit = size.depth === 1 ? MAX_TRAIN[size.cell] : isRecogniser ? MAX_RECOGNISER : undefined;
  return {
    title: `Training step, ${head === 'ctc' ? 'CTC' : 'cross-entropy of every frame'}: ${sizeText(size)}`,
    measured,
    goals: [...torchGoal(measured, limit), ...tfjsGoal(measured, MIN_TFJS.step)],
    multiplyAddsPerStep,
    // Back come the gradients of the input and of the weights: each as many products as the way forward.
    peakShare: peakShare(size, 3 * multiplyAddsPerStep, measured),
  };
}

/** A Clockwork's gradients by the loop's two bodies, beside the network of Elman that has no clocks. */
async function compareBodies(size: LayerSize, { rounds }: Setting): Promise<Comparison> {
  const elman: LayerSize = { ...size, cell: 'elman' };
  const contenders: Contender[] = [
    compiledLayer(size, 'gradients'),
    compiledLayer(size, 'gradients', 'step'),
    { ...compiledLayer(elman, 'gradients'), name: 'Unroll, elman' },
  ];
  const measured = await measureByTurns(contenders, { rounds });
  return { title: `Forward and backward: ${sizeText(size)}`, measured, goals: [] };
}

async function compareCellStream(size: LayerSize, { torch, rounds, hasTfjs }: Setting): Promise<Comparison> {
  const contenders = [
    await streamingStep(size, 'compiled'),
    ...torchContender(torch, 'stream', size),
    ...(hasTfjs && isInTfjsLayers(size.cell) ? [tfjsStreamingStep(size)] : []),
  ];
  const measured = await measureByTurns(contenders, { rounds, repeats: STREAM_REPEATS });
  const title = `Streaming step: ${size.cell}, one frame, D ${size.D}, H ${size.H}`;
  return { title, measured, goals: torchGoal(measured, MAX_STREAM[size.cell]) };
}

/** Of all frames that are no padding, by the fastest runs. */
function peakShare(size: LayerSize, multiplyAdds: number, measured: readonly Measured[]): number {
  const frames = lengthsOf(size).reduce((sum, length) => sum + length, 0);
  return ((multiplyAdds * frames) / PEAK_SIZE ** 3) * timesOurs(measured, PEAK_NAME)!;
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
