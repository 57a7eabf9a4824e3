// Which frames moved a symbol: the gradient of one class at one step by every value that the network saw, through all layers and
// both directions, as far back as there is any.
import type { Tensor, Tensor3D } from '@tensorflow/tfjs';
import { directionsOf, type NetworkSpec } from '../../app/contract/network';
import { convolutionShapes, frontParameters } from '../network/front';
import { valueOf } from '../network/nativeLayer';
import { isConcatenated, outputSize, type ParameterSet } from '../network/parameters';
import { openPortableBackend } from '../network/portableBackend';
import { runFront } from '../network/portableFront';
import type { Rung } from '../../app/contract/rung';
import { LOGITS, stepsUnder, turnOfOthers, type StepsBelow } from './activations';
import { FEATURES } from './framesBelow';
import { LayerReading, readingsOf } from './layerReading';
import type { MatrixStore } from './matrixStore';
import { ReadingBack } from './readingBack';
import type { RowProducts } from './rowProducts';
import { RowMath } from '../network/rowMath';

export interface HeardNetwork {
  readonly spec: NetworkSpec;
  readonly parameters: ParameterSet;
  readonly rung: Rung;
  readonly products: RowProducts;
  /** Everything that recordActivations wrote. */
  readonly store: MatrixStore;
  readonly below: StepsBelow;
  readonly steps: number;
  readonly signal?: AbortSignal;
}
export interface SaliencyQuestion {
  readonly step: number;
  readonly classIndex: number;
  readonly of: 'logit' | 'logPosterior';
}
/** Rows [first, first + count) of a matrix that is 0 elsewhere. */
export interface Rows {
  readonly first: number;
  readonly count: number;
  readonly width: number;
  readonly values: Float32Array;
}

const PIECE_STEPS = 32;
/** What reaches memory from where no output is left counts as nothing below this part of the largest that there was. */
const NEGLIGIBLE = 1e-9;
const MATH = new RowMath();

/** ∂(class at step)/∂(features), of the frames that it reaches. */
export async function saliencyOf(network: HeardNetwork, question: SaliencyQuestion): Promise<Rows> {
  let rows = await ofTop(network, question);
  for (let index = network.spec.layers.length - 1; index >= 0; index--) rows = await throughLayer(network, index, rows);
  return throughFront(network, throughStack(network, rows));
}

/** ∂(class at step)/∂(what the head reads), one row. */
async function ofTop({ parameters, store }: HeardNetwork, { step, classIndex, of }: SaliencyQuestion): Promise<Rows> {
  const { shape, values } = valueOf(parameters, 'head.weights');
  const [width, classes] = shape as [number, number];
  const posteriors = MATH.softmax(await store.read(LOGITS, step, 1));
  const slopes = Float32Array.from({ length: classes }, (_, k) => {
    const own = k === classIndex ? 1 : 0;
    return of === 'logit' ? own : own - posteriors[k]!;
  });
  const row = Float32Array.from({ length: width }, (_, unit) =>
    slopes.reduce((sum, slope, k) => sum + slope * values[unit * classes + k]!, 0),
  );
  return { first: step, count: 1, width, values: row };
}

/** From what a layer hands up to what it reads. */
async function throughLayer(network: HeardNetwork, index: number, above: Rows): Promise<Rows> {
  const { spec, steps } = network;
  const layer = spec.layers[index]!;
  const width = readingsOf(spec).find((place) => place.index === index)!.inputs;
  const sum = new Float32Array(steps * width);
  const sides = directionsOf(layer).length;
  const outputs = outputSize(layer) / (isConcatenated(layer) ? 2 : 1);
  let [from, to] = [steps, 0];
  for (const [side, place] of readingsOf(spec)
    .filter((each) => each.index === index)
    .entries()) {
    const reading = new LayerReading(place, network.parameters, network.products);
    const own = sides === 2 && isConcatenated(layer) ? columnsOf(above, side * outputs, outputs) : above;
    const reached = await throughReading(network, new ReadingBack(reading, network.products), own, sum);
    [from, to] = [Math.min(from, reached.from), Math.max(to, reached.to)];
  }
  return { first: from, count: to - from, width, values: sum.slice(from * width, to * width) };
}

/** Adds to `sum` [T, D] what one reading hands down. @returns the steps that it reaches */
async function throughReading(
  network: HeardNetwork,
  back: ReadingBack,
  above: Rows,
  sum: Float32Array,
): Promise<{ readonly from: number; readonly to: number }> {
  const { store, steps, signal } = network;
  const { place, cell } = back.reading;
  const isForward = place.direction === 'forward';
  const under = stepsUnder(network, place.index);
  let states = cell.states.map(({ size }) => new Float32Array(size));
  let largest = 0;
  let [from, to] = [above.first, above.first + above.count];
  const isOver = (): boolean => {
    if (cell.states.length === 0) return true;
    const now = Math.max(...states.map(largestOf));
    return now <= NEGLIGIBLE * (largest = Math.max(largest, now));
  };
  // From the last step that anything reaches, in the order of reading, back to its beginning.
  let t = isForward ? to - 1 : from;
  for (let isDone = false; !isDone && t >= 0 && t < steps;) {
    const first = isForward ? Math.max(0, t - PIECE_STEPS + 1) : t;
    const count = isForward ? t - first + 1 : Math.min(PIECE_STEPS, steps - t);
    const piece = await back.recorded(store, under, first, count);
    const columns = piece.projected.length / count;
    const slopes = new Float32Array(count * columns);
    for (let k = 0; k < count; k++, t += isForward ? -1 : 1) {
      const row = t - first;
      const isLit = t >= above.first && t < above.first + above.count;
      const isBeyond = isForward ? t < above.first : t >= above.first + above.count;
      if (isBeyond && isOver()) {
        isDone = true;
        break;
      }
      const given = piece.projected.subarray(row * columns, (row + 1) * columns);
      const taken = back.take(given, piece.before[row]!, back.heardBefore(t, steps));
      const at = (t - above.first) * above.width;
      const gradient = taken.back(isLit ? above.values.subarray(at, at + above.width) : null, states);
      slopes.set(gradient.projected, row * columns);
      states = gradient.states.map((state) => state.slice());
      largest = Math.max(largest, ...states.map(largestOf));
      [from, to] = [Math.min(from, t), Math.max(to, t + 1)];
    }
    const inputs = back.toInput(slopes, count);
    const begin = first * place.inputs;
    for (let k = 0; k < inputs.length; k++) sum[begin + k]! += inputs[k]!;
    await turnOfOthers(signal);
  }
  return { from, to };
}

const largestOf = (values: Float32Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

function columnsOf({ first, count, width, values }: Rows, begin: number, size: number): Rows {
  const own = new Float32Array(count * size);
  for (let k = 0; k < count; k++) own.set(values.subarray(k * width + begin, k * width + begin + size), k * size);
  return { first, count, width: size, values: own };
}

/** From steps to the frames that they hold; see stack.ts for the letters. */
function throughStack({ spec, store }: HeardNetwork, rows: Rows): Rows {
  if (spec.stack === undefined) return rows;
  const { frames: k, step: s } = spec.stack;
  const width = rows.width / k;
  const all = store.shape(FEATURES).rows;
  const first = Math.max(0, rows.first * s - k + 1);
  const end = Math.min(all, (rows.first + rows.count - 1) * s + 1);
  const values = new Float32Array((end - first) * width);
  for (let row = 0; row < rows.count; row++)
    for (let offset = 0; offset < k; offset++) {
      const frame = (rows.first + row) * s - k + 1 + offset;
      if (frame < 0) continue;
      const begin = row * rows.width + offset * width;
      for (let d = 0; d < width; d++) values[(frame - first) * width + d]! += rows.values[begin + d]!;
    }
  return { first, count: end - first, width, values };
}

/** From what the convolutions hand up to the frames that they hear. */
async function throughFront({ spec, parameters, rung, store }: HeardNetwork, rows: Rows): Promise<Rows> {
  const shapes = convolutionShapes(spec);
  if (shapes.length === 0) return rows;
  const { rows: frames, width } = store.shape(FEATURES);
  const reach = shapes.reduce((sum, { kernel }) => sum + (kernel[0] - 1) / 2, 0);
  const first = Math.max(0, rows.first - reach);
  const end = Math.min(frames, rows.first + rows.count + reach);
  // Frames around those, so that every convolution hears what it heard.
  const begin = Math.max(0, first - reach);
  const x = await store.read(FEATURES, begin, Math.min(frames, end + reach) - begin);
  const T = x.length / width;
  const slopes = new Float32Array(T * rows.width);
  slopes.set(rows.values, (rows.first - begin) * rows.width);
  const backend = await openPortableBackend(rung === 'wasm' ? 'wasm' : 'native');
  const gradient = backend.tidy((tf) => {
    const names = frontParameters(spec).map(({ name }) => name);
    const tensors = new Map<string, Tensor>(
      names.map((name) => [name, tf.tensor(valueOf(parameters, name).values, [...valueOf(parameters, name).shape])]),
    );
    const dy = tf.tensor3d(slopes, [T, 1, rows.width]);
    const through = (input: Tensor): Tensor =>
      tf.sum(tf.mul(runFront(tf, spec, input as Tensor3D, Int32Array.of(T), tensors), dy));
    return tf
      .grad(through)(tf.tensor3d(x, [T, 1, width]))
      .dataSync() as Float32Array;
  });
  return { first, count: end - first, width, values: gradient.slice((first - begin) * width, (end - begin) * width) };
}
