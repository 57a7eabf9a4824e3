// What lies under the layers, kept in a store: the frames that the network sees, what its convolutions make of them, and the log
// mel bands that people look at.
import type { Tensor } from '@tensorflow/tfjs';
import type { RecogniserManifest } from '../../app/contract/model';
import type { NetworkSpec } from '../../app/contract/network';
import type { Rung } from '../../app/contract/rung';
import { StreamingFrontEnd } from '../../app/features/frontEnd';
import { logMelOf } from '../../app/features/logMel';
import { featureDimension, type FrontEndSettings } from '../../app/features/settings';
import { subtractWindowMean } from '../../app/features/windowMean';
import { joined } from '../listen/logitReader';
import { convolutionShapes, frontOutputSize, frontParameters } from '../network/front';
import type { ParameterSet } from '../network/parameters';
import { openPortableBackend } from '../network/portableBackend';
import { runFront } from '../network/portableFront';
import { stepCount } from '../network/stack';
import { turnOfOthers, type StepsBelow } from './activations';
import type { MatrixStore } from './matrixStore';

export const FEATURES = 'features';
export const LOG_MEL = 'logMel';
const FRONT = 'front';

/** One second of sound between two turns of others. */
const PIECE_SAMPLES = 16_000;
const PIECE_FRAMES = 200;

/** Frames of a whole sound, 16 kHz mono, as the front end makes them, [count, D]. */
async function framesOf(pcm: Int16Array, settings: FrontEndSettings, signal?: AbortSignal): Promise<Float32Array> {
  const frontEnd = new StreamingFrontEnd(settings);
  const parts: Float32Array[] = [];
  for (let first = 0; first < pcm.length; first += PIECE_SAMPLES) {
    parts.push(frontEnd.push(pcm.subarray(first, first + PIECE_SAMPLES)));
    await turnOfOthers(signal);
  }
  parts.push(frontEnd.finish());
  return joined(parts);
}

/** Puts what the network sees of a sound into the store, [frames, D]. @returns frames */
export async function recordFeatures(
  pcm: Int16Array,
  { frontEnd }: Pick<RecogniserManifest, 'frontEnd'>,
  store: MatrixStore,
  signal?: AbortSignal,
): Promise<number> {
  const frames = await framesOf(pcm, frontEnd, signal);
  subtractWindowMean(frames, frontEnd);
  const dimension = featureDimension(frontEnd);
  const count = frames.length / dimension;
  store.create(FEATURES, count, dimension);
  await store.write(FEATURES, 0, frames);
  return count;
}

/** Puts the log mel bands of a sound into the store, [frames, bands]. */
export async function recordLogMel(
  pcm: Int16Array,
  { frontEnd }: Pick<RecogniserManifest, 'frontEnd'>,
  store: MatrixStore,
  signal?: AbortSignal,
): Promise<void> {
  const bands = await framesOf(pcm, logMelOf(frontEnd), signal);
  store.create(LOG_MEL, bands.length / frontEnd.melBands, frontEnd.melBands);
  await store.write(LOG_MEL, 0, bands);
}

/** What the first layer reads: convolutions are computed and kept, stacked frames put together as they are asked for. */
export async function openBelow(
  spec: NetworkSpec,
  parameters: ParameterSet,
  store: MatrixStore,
  rung: Rung,
  signal?: AbortSignal,
): Promise<StepsBelow> {
  if (spec.front !== undefined) await recordFront(spec, parameters, store, rung, signal);
  const name = spec.front === undefined ? FEATURES : FRONT;
  return stackedFrames(spec, store.shape(name).width, (first, count) => store.read(name, first, count));
}

/** What the first layer reads of a piece that is at hand, x [frames, D], with silence around it. @returns [⌈frames / s⌉, ·] */
export async function stepsOfPiece(
  spec: NetworkSpec,
  parameters: ParameterSet,
  rung: Rung,
  x: Float32Array,
): Promise<Float32Array> {
  const frames = x.length / spec.inputSize;
  const rows = spec.front === undefined ? x : (await openFront(spec, parameters, rung))(x);
  const width = rows.length / frames;
  const read: StepsBelow = async (first, count) => rows.slice(first * width, (first + count) * width);
  return stackedFrames(spec, width, read)(0, stepCount(spec, frames));
}

/** Rows of frames as steps; see stack.ts for the letters. */
function stackedFrames({ stack }: Pick<NetworkSpec, 'stack'>, width: number, read: StepsBelow): StepsBelow {
  if (stack === undefined) return read;
  const { frames: k, step: s } = stack;
  return async (first, count) => {
    const begin = first * s - k + 1;
    const silent = Math.max(0, -begin);
    const rows = new Float32Array(((count - 1) * s + k) * width);
    rows.set(await read(begin + silent, (count - 1) * s + k - silent), silent * width);
    const steps = new Float32Array(count * k * width);
    for (let i = 0; i < count; i++) steps.set(rows.subarray(i * s * width, (i * s + k) * width), i * k * width);
    return steps;
  };
}

/** The convolutions over frames x [T, D] with silence around them. @returns what makes [T, frontOutputSize] of them */
async function openFront(
  spec: NetworkSpec,
  parameters: ParameterSet,
  rung: Rung,
): Promise<(x: Float32Array) => Float32Array> {
  const backend = await openPortableBackend(rung === 'wasm' ? 'wasm' : 'native');
  const names = frontParameters(spec).map(({ name }) => name);
  return (x) => {
    const T = x.length / spec.inputSize;
    return backend.tidy((tf) => {
      const tensors = new Map<string, Tensor>(
        names.map((name) => {
          const { shape, values } = parameters.get(name)!;
          return [name, tf.tensor(values, [...shape])];
        }),
      );
      return runFront(tf, spec, tf.tensor3d(x, [T, 1, spec.inputSize]), Int32Array.of(T), tensors).dataSync();
    }) as Float32Array;
  };
}

async function recordFront(
  spec: NetworkSpec,
  parameters: ParameterSet,
  store: MatrixStore,
  rung: Rung,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { rows: frames } = store.shape(FEATURES);
  const front = await openFront(spec, parameters, rung);
  const shapes = convolutionShapes(spec);
  // Frames to each side that a frame of the last convolution hears.
  const reach = shapes.reduce((sum, { kernel }) => sum + (kernel[0] - 1) / 2, 0);
  const size = frontOutputSize(spec);
  store.create(FRONT, frames, size);
  for (let first = 0; first < frames; first += PIECE_FRAMES) {
    const begin = Math.max(0, first - reach);
    const x = await store.read(FEATURES, begin, first + PIECE_FRAMES + reach - begin);
    const values = front(x);
    const count = Math.min(PIECE_FRAMES, frames - first);
    await store.write(FRONT, first, values.slice((first - begin) * size, (first - begin + count) * size));
    await turnOfOthers(signal);
  }
}
