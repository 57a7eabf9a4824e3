// The named activations of a whole network over a whole sequence. Layer after layer and piece after piece, so that memory does
// not grow with the sequence, and others get their turn between two pieces.
import { directionsOf, type Direction, type LayerSpec, type NetworkSpec } from '../../app/contract/network';
import { stepsHeard } from '../cells/clock';
import { cellOf } from '../cells/registry';
import { valueOf } from '../network/nativeLayer';
import { isConcatenated, outputSize, type ParameterSet } from '../network/parameters';
import { RowMath } from '../network/rowMath';
import { LayerReading, readingsOf, type ReadingPlace } from './layerReading';
import type { MatrixStore } from './matrixStore';
import type { RowProducts } from './rowProducts';
import type { StepChanges } from './stepChanges';
import { traceStep } from './stepTrace';

/** Steps that are computed without a pause: some ten milliseconds of a layer of 256 units. */
const PIECE_STEPS = 32;

export const LOGITS = 'logits';
/** Name of a series in a store, and in a file. */
export const seriesName = (layer: number, direction: Direction, activation: string): string =>
  `layer${layer}.${direction}.${activation}`;
/** What a reading hands up: no activation has that name. */
const handedUp = (layer: number, direction: Direction): string => seriesName(layer, direction, '↑');

/** Rows [first, first + count) of what the first layer reads, [count, ·]. */
export type StepsBelow = (first: number, count: number) => Promise<Float32Array>;

export interface RecordingOptions {
  readonly spec: NetworkSpec;
  readonly parameters: ParameterSet;
  readonly products: RowProducts;
  /** T */
  readonly steps: number;
  readonly below: StepsBelow;
  readonly store: MatrixStore;
  /** Of a reading; missing or null: none. */
  readonly changes?: (place: ReadingPlace) => StepChanges | null;
  /** States before the first step in place of the layer's own, by reading; missing: the layer's. */
  readonly initial?: (place: ReadingPlace) => readonly Float32Array[];
  /** A layer is whole, all its directions; after the last one the logits: null. */
  readonly onLayer?: (index: number | null) => void;
  readonly onProgress?: (fraction: number) => void;
  readonly signal?: AbortSignal;
}

/** Sets room aside for everything that recordActivations writes. */
export function createSeries(store: MatrixStore, spec: NetworkSpec, steps: number): void {
  for (const { index, layer, direction } of readingsOf(spec)) {
    for (const { name, width } of traceStep(layer)) store.create(seriesName(index, direction, name), steps, width);
    store.create(handedUp(index, direction), steps, cellOf(layer).outputs);
  }
  store.create(LOGITS, steps, spec.head.classes);
}

/**
 * Writes every activation [T, units] and the logits [T, C] into the store, where createSeries has made room.
 * @throws the signal's reason where it is aborted
 */
export async function recordActivations(options: RecordingOptions): Promise<void> {
  const { spec, steps } = options;
  const readings = readingsOf(spec);
  const total = steps * (readings.length + 1);
  let done = 0;
  const tick = (count: number): void => options.onProgress?.((done += count) / total);
  for (const [k, place] of readings.entries()) {
    await recordReading(options, place, stepsUnder(options, place.index), tick);
    if (readings[k + 1]?.index !== place.index) options.onLayer?.(place.index);
  }
  await recordLogits(options, tick);
  options.onLayer?.(null);
}

/** What a layer reads; of the layer above the last one, what the head reads. */
export function stepsUnder(
  { spec, store, below }: Pick<RecordingOptions, 'spec' | 'store' | 'below'>,
  index: number,
): StepsBelow {
  const under = spec.layers[index - 1];
  if (under === undefined) return below;
  return async (first, count) => {
    const sides = await Promise.all(
      directionsOf(under).map((direction) => store.read(handedUp(index - 1, direction), first, count)),
    );
    return joinedSides(under, sides);
  };
}

/** Both readings of a layer side by side, or added up, [n, outputs of the layer]. */
export function joinedSides(layer: LayerSpec, sides: readonly Float32Array[]): Float32Array {
  const [first, second] = sides as [Float32Array, Float32Array | undefined];
  if (second === undefined) return first;
  if (!isConcatenated(layer)) return first.map((value, k) => value + second[k]!);
  const width = outputSize(layer) / 2;
  const joined = new Float32Array(2 * first.length);
  for (let at = 0; at < first.length; at += width) {
    joined.set(first.subarray(at, at + width), 2 * at);
    joined.set(second.subarray(at, at + width), 2 * at + width);
  }
  return joined;
}

async function recordReading(
  options: RecordingOptions,
  place: ReadingPlace,
  under: StepsBelow,
  tick: (steps: number) => void,
): Promise<void> {
  const { store, steps, parameters, products, changes, initial, signal } = options;
  const reading = new LayerReading(place, parameters, products);
  const experiment = changes?.(place) ?? null;
  let states = initial?.(place) ?? reading.first;
  for (const { first, count } of piecesOf(steps, place.direction)) {
    const projected = reading.project(await under(first, count), count);
    const piece = new Piece(place, count);
    const columns = projected.length / count;
    for (let k = 0; k < count; k++) {
      const row = place.direction === 'forward' ? k : count - 1 - k;
      const t = first + row;
      if (experiment?.forgetsAt(t)) states = states.map((state) => new Float32Array(state.length));
      const math = experiment?.mathAt(t) ?? MATH;
      const given = projected.subarray(row * columns, (row + 1) * columns);
      const result = reading.step(given, states, stepsHeard(place.direction, t, steps), math);
      states = result.states;
      piece.put(row, result);
    }
    await piece.write(store, first);
    tick(count);
    await turnOfOthers(signal);
  }
}

const MATH = new RowMath();

/** Activations of consecutive steps. */
class Piece {
  readonly #values: ReadonlyMap<string, Float32Array>;
  readonly #output: Float32Array;

  constructor(
    private readonly place: ReadingPlace,
    count: number,
  ) {
    this.#values = new Map(traceStep(place.layer).map(({ name, width }) => [name, new Float32Array(count * width)]));
    this.#output = new Float32Array(count * cellOf(place.layer).outputs);
  }
  put(row: number, { activations, output }: ReturnType<LayerReading['step']>): void {
    for (const [name, values] of Object.entries(activations)) this.#values.get(name)!.set(values, row * values.length);
    this.#output.set(output, row * output.length);
  }
  async write(store: MatrixStore, first: number): Promise<void> {
    const { index, direction } = this.place;
    await Promise.all([
      ...[...this.#values].map(([name, values]) => store.write(seriesName(index, direction, name), first, values)),
      store.write(handedUp(index, direction), first, this.#output),
    ]);
  }
}

async function recordLogits(options: RecordingOptions, tick: (steps: number) => void): Promise<void> {
  const { spec, parameters, products, store, steps, signal } = options;
  const under = stepsUnder(options, spec.layers.length);
  const { shape, values } = valueOf(parameters, 'head.weights');
  const bias = valueOf(parameters, 'head.bias').values;
  const head = products.open(values, shape[0]!, shape[1]!);
  for (const { first, count } of piecesOf(steps, 'forward')) {
    const logits = head.multiply(await under(first, count), count);
    for (let k = 0; k < logits.length; k++) logits[k]! += bias[k % bias.length]!;
    await store.write(LOGITS, first, logits);
    tick(count);
    await turnOfOthers(signal);
  }
}

/** Pieces of T steps in the order in which a direction reads them. */
function* piecesOf(steps: number, direction: Direction): Generator<{ readonly first: number; readonly count: number }> {
  const pieces = Math.ceil(steps / PIECE_STEPS);
  for (let k = 0; k < pieces; k++) {
    const first = (direction === 'forward' ? k : pieces - 1 - k) * PIECE_STEPS;
    yield { first, count: Math.min(PIECE_STEPS, steps - first) };
  }
}

/** Lets whatever waits be done first: sound that is being recorded comes before pictures. */
export async function turnOfOthers(signal?: AbortSignal): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal?.throwIfAborted();
}
