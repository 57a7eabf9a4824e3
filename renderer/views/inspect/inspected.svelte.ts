// One sound through one network, as the view shows it: what there is to see, and its values piece by piece.
import { SvelteMap } from 'svelte/reactivity';
import type {
  ActivationSeries,
  InspectedActivation,
  InspectedLayer,
  InspectedSound,
  InspectedText,
  Inspection,
  MatrixSource,
  UnitOrder,
} from '../../../app/contract/inspection';
import type { ErrorMessage } from '../../../app/contract/errorMessage';
import { errorMessageOf, type Bridge } from '../../bridge/bridge';
import { TILE_COLUMNS, TileStore, type TiledMatrix } from '../../charts/tileStore';
import { FrameAxis } from './frameAxis.svelte';
import { Once } from './once';

/** Values that are held for the figures: some minutes of a large network, whatever the recording's length. */
const HELD_BYTES = 96 << 20;

export type Reduction = 'mean' | 'min' | 'max';

/** What the values of a matrix lie between over the whole sound. */
export interface Extent {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** Half of the units never go farther from zero: a few that run away must not bleach the others. */
  readonly reach: number;
}

/** A row of figures: one activation of one reading of one layer. */
export interface Series extends ActivationSeries {
  readonly of: InspectedActivation;
}

export const sameSeries = (a: ActivationSeries, b: ActivationSeries): boolean =>
  a.layer === b.layer && a.direction === b.direction && a.activation === b.activation;

/** The series of a layer, reading by reading. */
export const seriesOf = ({ index: layer, directions, activations }: InspectedLayer): Series[] =>
  directions.flatMap((direction) => activations.map((of) => ({ layer, direction, activation: of.name, of })));

export class Inspected {
  readonly sound: InspectedSound;
  readonly inspection: Inspection;
  readonly axis: FrameAxis;
  readonly tiles: TileStore;
  text = $state.raw<InspectedText | null>(null);
  /** Part of the sound that the network has heard. */
  heard = $state(0);
  error = $state.raw<ErrorMessage | null>(null);
  readonly #bridge: Bridge;
  readonly #versions = new SvelteMap<string, number>();
  readonly #matrices = new Once<TiledMatrix>();
  readonly #extents = new Once<Promise<Extent>>();
  readonly #orders = new Once<Promise<Int32Array>>();
  readonly #off: () => void;
  #isClosed = false;

  private constructor(bridge: Bridge, sound: InspectedSound, inspection: Inspection) {
    this.#bridge = bridge;
    this.sound = sound;
    this.inspection = inspection;
    this.axis = new FrameAxis(inspection.steps, inspection.stepMs);
    this.tiles = new TileStore(
      HELD_BYTES,
      (key) => void this.#versions.set(key, this.versionOf(key) + 1),
      (error) => this.fail(error),
    );
    this.#off = bridge.on('inspection.progress', ({ handle, fraction, error }) => {
      if (handle !== inspection.handle) return;
      this.heard = fraction;
      if (error) this.error = error;
    });
  }

  /** Rejects where the sound or the model cannot be opened. */
  static async open(bridge: Bridge, sound: InspectedSound, modelId: string): Promise<Inspected> {
    return new Inspected(bridge, sound, await bridge.request('inspection.open', { sound, modelId }));
  }

  get handle(): string {
    return this.inspection.handle;
  }
  get isClosed(): boolean {
    return this.#isClosed;
  }

  async readText(): Promise<void> {
    try {
      this.text = await this.#bridge.request('inspection.text', { handle: this.handle });
      this.heard = 1;
    } catch (error) {
      this.fail(error);
    }
  }

  /** An error that a person can act on is shown; any other is a bug. What comes after closing is of no account. */
  fail(error: unknown): void {
    if (this.#isClosed) return;
    this.error = errorMessageOf(error);
    if (this.error === null) throw error;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#off();
    this.tiles.close();
    // One that the engine has closed by itself is closed.
    this.#bridge.request('inspection.close', { handle: this.handle }).catch((error: unknown) => {
      if (errorMessageOf(error) === null) throw error;
    });
  }

  /** Changes whenever there is more of a matrix. */
  versionOf(key: string): number {
    return this.#versions.get(key) ?? 0;
  }

  /** A matrix over time, whose columns are made of frames by `reduce` where there are more of them than pixels. */
  matrix(source: MatrixSource, reduce: Reduction = 'mean'): TiledMatrix {
    const key = `${keyOf(source)} ${reduce}`;
    return this.#matrices.get(key, () => {
      const { frames, steps, hopMs, stepMs } = this.inspection;
      const isOfFrames = source.kind === 'features' || source.kind === 'logMel';
      const length = isOfFrames ? frames : steps;
      return {
        key,
        frames: length,
        units: this.#widthOf(source),
        frameMs: isOfFrames ? hopMs : stepMs,
        highestLevel: Math.max(0, Math.ceil(Math.log2(length / TILE_COLUMNS))),
        read: (level, from, to) => this.rows(source, { from, to, level, reduce }),
      };
    });
  }

  /** Columns [from, to) of a level, [columns, units]; fewer where the matrix ends before. */
  async rows(
    source: MatrixSource,
    { from, to, level, reduce }: { from: number; to: number; level: number; reduce: Reduction },
  ): Promise<Float32Array> {
    const rowsPerColumn = 2 ** level;
    const pieces: Float32Array[] = [];
    for (let next = from; next < to;) {
      const body = {
        handle: this.handle,
        source,
        first: next * rowsPerColumn,
        columns: to - next,
        rowsPerColumn,
        reduce,
      };
      const { columns, values } = await this.#bridge.request('inspection.matrix', body);
      if (columns === 0) break;
      pieces.push(values);
      next += columns;
    }
    return joined(pieces);
  }

  /** Mean, smallest and largest value of a matrix. */
  extent(source: MatrixSource): Promise<Extent> {
    const { frames, steps, handle } = this.inspection;
    const rowsPerColumn = Math.max(1, frames, steps);
    const over = async (reduce: Reduction): Promise<Float32Array> =>
      (await this.#bridge.request('inspection.matrix', { handle, source, first: 0, columns: 1, rowsPerColumn, reduce }))
        .values;
    return this.#extents.get(keyOf(source), async () => {
      const [means, lows, highs] = await Promise.all([over('mean'), over('min'), over('max')]);
      return {
        mean: means.reduce((sum, value) => sum + value, 0) / Math.max(1, means.length),
        low: lows.reduce((least, value) => Math.min(least, value), Infinity),
        high: highs.reduce((most, value) => Math.max(most, value), -Infinity),
        reach: median(lows.map((low, unit) => Math.max(-low, highs[unit] ?? 0))),
      };
    });
  }

  /** order[k] is the unit that stands at place k. */
  order({ layer, direction, activation }: ActivationSeries, by: UnitOrder): Promise<Int32Array> {
    const series = { layer, direction, activation };
    const key = `${keyOf({ kind: 'activation', ...series })} ${JSON.stringify(by)}`;
    return this.#orders.get(key, async () => {
      const { order } = await this.#bridge.request('inspection.order', { handle: this.handle, series, by });
      return order;
    });
  }

  #widthOf(source: MatrixSource): number {
    const { symbols, features, melBands, layers } = this.inspection;
    switch (source.kind) {
      case 'activation':
        return layers[source.layer]?.activations.find(({ name }) => name === source.activation)?.units ?? 0;
      case 'posteriors':
        return symbols.length + 1;
      case 'features':
        return features;
      case 'logMel':
        return melBands;
    }
  }
}

const median = (values: Float32Array): number => values.sort()[values.length >> 1] ?? 0;

const keyOf = (source: MatrixSource): string =>
  source.kind === 'activation' ? `${source.layer} ${source.direction} ${source.activation}` : source.kind;

function joined(pieces: readonly Float32Array[]): Float32Array {
  const [first] = pieces;
  if (pieces.length === 1 && first) return first;
  const whole = new Float32Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
