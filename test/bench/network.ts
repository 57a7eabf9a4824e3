// One LSTM layer at one size: this engine beside tfjs-layers and PyTorch.
import type { Rung } from '../../app/contract/rung';
import type { Goal } from './goals';
import { measureByTurns, type Contender, type Measured } from './measure';
import { sizeText, type HeadKind, type LayerSize } from './size';
import { tfjsLayer, tfjsStreamingStep, tfjsTrainStep } from './tfjsLayers';
import { isInTorch, type Torch } from './torch';
import { compiledLayer, portableLayer, streamingStep, trainStep } from './unrollNetwork';

export interface Comparison {
  readonly title: string;
  /** This engine's compiled rung is the first. */
  readonly measured: readonly Measured[];
  readonly goals: readonly Goal[];
  /** Multiply-adds of the first contender's fastest run, as a share of what a large matrix product does in that time. */
  readonly peakShare?: number;
  /** That one step of one sequence needs of the layer, forward. */
  readonly multiplyAddsPerStep?: number;
}

const PORTABLE: readonly Exclude<Rung, 'compiled'>[] = ['native', 'wasm'];
const STREAM_REPEATS = 20;
const MAX_TORCH_RATIO = 1.3;
const MIN_TFJS_FORWARD = 40;
const MIN_TFJS_STEP = 20;

/** Outputs of the layer; or the gradients of its weights from a given output gradient (tfjs-layers) and of its input too. */
export async function compareLayer(
  size: LayerSize,
  pass: 'forward' | 'gradients',
  torch: Torch | null,
  rounds: number,
): Promise<Comparison> {
  const what = pass === 'forward' ? 'Forward' : 'Forward and backward';
  const contenders = [compiledLayer(size, pass), tfjsLayer(size, pass), ...torchContender(torch, pass, size)];
  for (const rung of PORTABLE) contenders.push(await portableLayer(size, pass, rung));
  const measured = await measureByTurns(contenders, { rounds });
  const goals = [...(pass === 'forward' ? tfjsGoal(measured, MIN_TFJS_FORWARD) : []), ...torchGoal(measured)];
  return { title: `${what}: ${sizeText(size)}`, measured, goals };
}

/** Layer, dense layer, loss, backward, clipping, Adam. tfjs-layers knows no CTC and no clipping by global norm. */
export async function compareTrainStep(
  size: LayerSize,
  head: HeadKind,
  torch: Torch | null,
  rounds: number,
): Promise<Comparison> {
  const isFramewise = head === 'framewise';
  const contenders = [await trainStep(size, head, 'compiled'), ...torchContender(torch, head, size)];
  if (isFramewise) contenders.push(tfjsTrainStep(size));
  for (const rung of PORTABLE) contenders.push(await trainStep(size, head, rung));
  const measured = await measureByTurns(contenders, { rounds });
  const loss = isFramewise ? 'cross-entropy of every frame' : 'CTC';
  return {
    title: `Training step, ${loss}: ${sizeText(size)}`,
    measured,
    goals: isFramewise ? [...tfjsGoal(measured, MIN_TFJS_STEP), ...torchGoal(measured)] : [],
  };
}

/** One frame in, one frame of logits out. */
export async function compareStream(size: LayerSize, torch: Torch | null, rounds: number): Promise<Comparison> {
  const contenders = [
    await streamingStep(size, 'compiled'),
    tfjsStreamingStep(size),
    ...torchContender(torch, 'stream', size),
  ];
  for (const rung of PORTABLE) contenders.push(await streamingStep(size, rung));
  const measured = await measureByTurns(contenders, { rounds, repeats: STREAM_REPEATS });
  return { title: `Streaming step: one frame, D ${size.D}, H ${size.H}`, measured, goals: [] };
}

export const torchContender = (torch: Torch | null, ...work: Parameters<Torch['contender']>): Contender[] =>
  torch === null || !isInTorch(work[1].cell) ? [] : [torch.contender(...work)];

/** By the fastest runs: what else the machine does disturbs them least. */
export function timesOurs(measured: readonly Measured[], name: string): number | null {
  const other = measured.find((contender) => contender.name === name);
  return other === undefined ? null : other.minMs / (measured[0]?.minMs ?? NaN);
}
function tfjsGoal(measured: readonly Measured[], limit: number): Goal[] {
  const value = timesOurs(measured, 'tfjs-layers');
  return value === null ? [] : [{ text: 'as fast as tfjs-layers', unit: 'times', sense: 'at least', limit, value }];
}
function torchGoal(measured: readonly Measured[]): Goal[] {
  const times = timesOurs(measured, 'PyTorch');
  if (times === null) return [];
  return [{ text: "PyTorch's time", unit: 'times', sense: 'at most', limit: MAX_TORCH_RATIO, value: 1 / times }];
}
