// Activations while somebody speaks. Sound comes first: frames are only put aside as they are heard, pictures are made of them
// at a bounded rate, and what comes too fast is left out of the pictures.
//
// A network of forward layers is gone through step by step, its memory carried along. One that also hears what comes after a frame,
// by layers that read backward or by convolutions, is gone through over the last two seconds, anew each time: what is told
// replaces what was told of those steps.
import type { ActivationSeries } from '../../app/contract/inspection';
import type { EventOf } from '../../app/contract/messages';
import { directionsOf, framesPerStep, isForwardOnly } from '../../app/contract/network';
import { subtractWindowMean } from '../../app/features/windowMean';
import { stepsHeard } from '../cells/clock';
import { stepCount } from '../network/stack';
import { joinedSides, seriesName, turnOfOthers } from './activations';
import { stepsOfPiece } from './framesBelow';
import type { InspectedModel } from './inspection';
import { LayerReading, readingsOf } from './layerReading';
import { openRowProducts, type RowProducts } from './rowProducts';
import { refused } from './refused';
import { traceStep } from './stepTrace';

type LiveEvent = EventOf<'inspection.live'>;

/** Time between two events, and the largest share of it that may go into the picture. */
const INTERVAL_MS = 100;
const MOST_SHARE = 0.25;
/** Frames that wait at most; older ones are left out. */
const MOST_WAITING = 200;
const WINDOW_MS = 2_000;
const PIECE_STEPS = 32;

export interface LiveWatchOptions {
  readonly streamId: string;
  readonly model: InspectedModel;
  readonly series: readonly ActivationSeries[];
  /** Frames that the stream has heard already. */
  readonly framesBefore: number;
  readonly onLive: (event: LiveEvent) => void;
  readonly onBug: (error: unknown) => void;
}

/** Values of consecutive steps by the name of their series. */
type Activations = ReadonlyMap<string, Float32Array>;

export class LiveWatch {
  readonly #options: LiveWatchOptions;
  readonly #products: RowProducts;
  readonly #readings: readonly LayerReading[];
  readonly #carried: (readonly Float32Array[])[];
  readonly #isForward: boolean;
  readonly #inputs: number;
  /** Steps since the memory was empty. */
  #heard = 0;
  readonly #framesPerStep: number;
  /** [n, D], from frame #firstWaiting on; of a network that hears what comes after a frame the last window stays. */
  #waiting = new Float32Array(0);
  #firstWaiting: number;
  #hasNews = false;
  #leftOut = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #isEnded = false;

  /** @throws UnrollError message.refused where there is no such series, or memory would be carried over stacked frames */
  constructor(options: LiveWatchOptions) {
    const { model } = options;
    const { network } = model.manifest;
    this.#isForward = isForwardOnly(network);
    if (this.#isForward && network.stack !== undefined)
      throw refused('A network of forward layers over stacked frames is seen once its recording is done.');
    checkSeries(options);
    this.#options = options;
    this.#products = openRowProducts(model.rung);
    this.#readings = readingsOf(network).map((place) => new LayerReading(place, model.parameters, this.#products));
    this.#carried = this.#readings.map(({ first }) => first);
    this.#inputs = network.inputSize;
    this.#framesPerStep = framesPerStep(network);
    this.#firstWaiting = options.framesBefore;
  }

  /** Puts frames aside [n, D]; n may be 0. */
  push(frames: Float32Array): void {
    if (this.#isEnded || frames.length === 0) return;
    const joined = new Float32Array(this.#waiting.length + frames.length);
    joined.set(this.#waiting);
    joined.set(frames, this.#waiting.length);
    this.#waiting = joined;
    const { hopMs } = this.#options.model.manifest.frontEnd;
    this.#keepLast(this.#isForward ? MOST_WAITING : Math.round(WINDOW_MS / hopMs));
    if (this.#waiting.length === 0) return;
    this.#hasNews = true;
    this.#timer ??= setTimeout(() => void this.#work().catch(this.#options.onBug), INTERVAL_MS);
  }

  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#products.dispose();
  }

  /** What stays begins with a step's own frame. */
  #keepLast(most: number): void {
    const frames = this.#waiting.length / this.#inputs;
    const least = this.#firstWaiting + Math.max(0, frames - most);
    const first = Math.ceil(least / this.#framesPerStep) * this.#framesPerStep;
    const dropped = Math.min(frames, first - this.#firstWaiting);
    if (dropped === 0) return;
    this.#waiting = this.#waiting.slice(dropped * this.#inputs);
    this.#firstWaiting += dropped;
    if (!this.#isForward) return;
    // Without what lies between, the memory begins anew.
    this.#leftOut += dropped;
    this.#heard = 0;
    this.#readings.forEach(({ first }, k) => (this.#carried[k] = first));
  }

  async #work(): Promise<void> {
    const startedAt = performance.now();
    const firstStep = this.#firstWaiting / this.#framesPerStep;
    const x = this.#waiting.slice();
    const frames = x.length / this.#inputs;
    this.#hasNews = false;
    if (this.#isForward) {
      this.#waiting = new Float32Array(0);
      this.#firstWaiting += frames;
    } else subtractWindowMean(x, this.#options.model.manifest.frontEnd);
    const { manifest, parameters, rung } = this.#options.model;
    const steps = stepCount(manifest.network, frames);
    const below = await stepsOfPiece(manifest.network, parameters, rung, x);
    const activations = await this.#through(below, steps);
    if (activations !== null) this.#tell(firstStep, steps, activations);
    const worked = performance.now() - startedAt;
    this.#timer = null;
    if (!this.#hasNews || this.#isEnded) return;
    const pause = Math.max(INTERVAL_MS - worked, worked / MOST_SHARE - worked);
    this.#timer = setTimeout(() => void this.#work().catch(this.#options.onBug), pause);
  }

  #tell(firstStep: number, steps: number, activations: Activations): void {
    const { streamId, series, onLive } = this.#options;
    const leftOut = this.#leftOut;
    this.#leftOut = 0;
    const values = series.map((each) => ({
      ...each,
      values: activations.get(seriesName(each.layer, each.direction, each.activation))!,
    }));
    onLive({ streamId, firstStep, steps, series: values, leftOut });
  }

  /** All readings over steps [n, D]. @returns null where the watch ended meanwhile */
  async #through(x: Float32Array, n: number): Promise<Activations | null> {
    const { layers } = this.#options.model.manifest.network;
    const all = new Map<string, Float32Array>();
    let input = x;
    let reading = 0;
    for (const layer of layers) {
      const sides: Float32Array[] = [];
      for (const _ of directionsOf(layer)) {
        const output = await this.#read(reading++, input, n, all);
        if (output === null) return null;
        sides.push(output);
      }
      input = joinedSides(layer, sides);
    }
    this.#heard += n;
    return all;
  }

  async #read(index: number, x: Float32Array, n: number, all: Map<string, Float32Array>): Promise<Float32Array | null> {
    const reading = this.#readings[index]!;
    const { place, cell, first } = reading;
    const outputs = new Float32Array(n * cell.outputs);
    const values = new Map(traceStep(place.layer).map(({ name, width }) => [name, new Float32Array(n * width)]));
    let states = this.#isForward ? this.#carried[index]! : first;
    const projected = reading.project(x, n);
    const columns = projected.length / n;
    for (let k = 0; k < n; k++) {
      const t = place.direction === 'forward' ? k : n - 1 - k;
      const heard = this.#isForward ? this.#heard + k : stepsHeard(place.direction, t, n);
      const result = reading.step(projected.subarray(t * columns, (t + 1) * columns), states, heard);
      states = result.states;
      outputs.set(result.output, t * cell.outputs);
      for (const [name, row] of Object.entries(result.activations)) values.get(name)!.set(row, t * row.length);
      if (k % PIECE_STEPS === PIECE_STEPS - 1) await turnOfOthers();
      if (this.#isEnded) return null;
    }
    if (this.#isForward) this.#carried[index] = states;
    for (const [name, rows] of values) all.set(seriesName(place.index, place.direction, name), rows);
    return outputs;
  }
}

function checkSeries({ model, series }: LiveWatchOptions): void {
  const names = new Set(
    readingsOf(model.manifest.network).flatMap(({ index, direction, layer }) =>
      traceStep(layer).map(({ name }) => seriesName(index, direction, name)),
    ),
  );
  const stranger = series
    .map((each) => seriesName(each.layer, each.direction, each.activation))
    .find((n) => !names.has(n));
  if (stranger !== undefined) throw refused(`The network has no ${stranger}.`);
}
