// Two networks that hear one sound, or two sounds through one network, on the time of the first.
import type { ErrorMessage } from '../../../app/contract/errorMessage';
import type { InspectedSound, InspectedText, MatrixSource } from '../../../app/contract/inspection';
import { errorMessageOf, type Bridge } from '../../bridge/bridge';
import { Inspected, sameSeries, seriesOf, type Extent } from './inspected.svelte';
import { lessOf, sameTime, warped, warpOf, type Columns, type Warp } from './warp';

/** Columns that a figure is compared in: about as many as it has pixels. */
const MOST_COLUMNS = 900;

/** What is compared with the sound and the network that are open. */
export type Second =
  { readonly kind: 'model'; readonly modelId: string } | { readonly kind: 'sound'; readonly sound: InspectedSound };

export interface ComparedColumns {
  readonly first: Columns;
  /** On the time of the first. */
  readonly second: Columns;
  /** First less second; null where rows of one are no rows of the other. */
  readonly difference: Columns | null;
}
export interface ComparedFigure extends ComparedColumns {
  readonly source: MatrixSource;
  readonly extent: Extent;
  readonly firstOrder: Int32Array | null;
  readonly secondOrder: Int32Array | null;
}

export class Comparison {
  /** The second; null until it is open. */
  second = $state.raw<Inspected | null>(null);
  texts = $state.raw<{ readonly first: InspectedText; readonly second: InspectedText } | null>(null);
  /** Mean distance of the frames that were laid on one another, over their mean length; null for one sound. */
  distance = $state<number | null>(null);
  /** By how much the posteriors differ at every step, 0 to 1; empty where the two have other steps or classes. */
  steps = $state.raw<Float32Array>(new Float32Array(0));
  error = $state.raw<ErrorMessage | null>(null);
  isReady = $state(false);
  readonly first: Inspected;
  readonly kind: Second['kind'];
  readonly #bridge: Bridge;
  #warp: Warp = new Float32Array(0);
  #isClosed = false;

  constructor(bridge: Bridge, first: Inspected, second: Second) {
    this.#bridge = bridge;
    this.first = first;
    this.kind = second.kind;
  }

  async open(second: Second): Promise<void> {
    try {
      await this.#open(second);
    } catch (error) {
      this.fail(error);
    }
  }

  close(): void {
    this.#isClosed = true;
    this.second?.close();
  }

  fail(error: unknown): void {
    if (this.#isClosed) return;
    this.error = errorMessageOf(error);
    if (this.error === null) throw error;
  }

  /** Where the second is at a time of the first. */
  toSecondMs(ms: number): number {
    const { hopMs } = this.first.inspection;
    const row = Math.max(0, Math.min(this.#warp.length - 1, Math.floor(ms / hopMs)));
    return ((this.#warp[row] ?? 0) + 0.5) * (this.second?.inspection.hopMs ?? hopMs);
  }

  /** What both have to be compared by. */
  get sources(): readonly MatrixSource[] {
    const { first, second } = this;
    if (second === null) return [];
    const others = second.inspection.layers.flatMap(seriesOf);
    const series = first.inspection.layers
      .flatMap(seriesOf)
      .filter((own) => others.some((each) => sameSeries(each, own)));
    return [
      { kind: 'posteriors' },
      ...series.map(
        ({ layer, direction, activation }) => ({ kind: 'activation', layer, direction, activation }) as const,
      ),
      { kind: 'logMel' },
    ];
  }

  async figure(source: MatrixSource): Promise<ComparedFigure> {
    const { first } = this;
    const [columns, extent] = await Promise.all([this.columns(source, MOST_COLUMNS), first.extent(source)]);
    const [firstOrder, secondOrder] = await this.#orders(source, columns.difference !== null);
    return { source, ...columns, extent, firstOrder, secondOrder };
  }

  /** Both on the time of the first. @param most columns; if left out, a column for every frame of the first */
  async columns(source: MatrixSource, most = Infinity): Promise<ComparedColumns> {
    const { first, second: other } = this;
    if (other === null) throw new Error('Expected the second to be open');
    const [own, others] = await Promise.all([columnsOf(first, source, most), columnsOf(other, source, most)]);
    const columns = own.units === 0 ? 0 : own.values.length / own.units;
    const second = warped(others, columns, own.msPerColumn, (ms) => this.toSecondMs(ms));
    const isAlike = this.#isAlike(source) && second.units === own.units;
    return { first: own, second, difference: isAlike ? lessOf(own, second) : null };
  }

  /** Units of one network are the same in two sounds; of two networks only what they hear and say is. */
  #isAlike({ kind }: MatrixSource): boolean {
    if (this.kind === 'sound') return true;
    const [own, others] = [this.first.inspection.symbols, this.second?.inspection.symbols ?? []];
    return kind === 'logMel' || (kind === 'posteriors' && own.join('\n') === others.join('\n'));
  }

  async #orders(source: MatrixSource, isAlike: boolean): Promise<[Int32Array | null, Int32Array | null]> {
    if (source.kind !== 'activation') return [null, null];
    const own = await this.first.order(source, 'similarity');
    return [own, isAlike || this.second === null ? own : await this.second.order(source, 'similarity')];
  }

  async #open(second: Second): Promise<void> {
    const { inspection, sound } = this.first;
    const opened =
      second.kind === 'model'
        ? await Inspected.open(this.#bridge, sound, second.modelId)
        : await Inspected.open(this.#bridge, second.sound, inspection.modelId);
    if (this.#isClosed) return opened.close();
    this.second = opened;
    await this.#align(second, opened);
    const [first, other] = await Promise.all(
      [this.first, opened].map(({ handle }) => this.#bridge.request('inspection.text', { handle })),
    );
    if (first && other) this.texts = { first, second: other };
    if (second.kind === 'model') this.steps = await this.#difference(opened);
    this.isReady = true;
  }

  async #align(second: Second, { handle, inspection }: Inspected): Promise<void> {
    const { frames, hopMs } = this.first.inspection;
    if (second.kind === 'model') {
      this.#warp = sameTime(frames, hopMs / inspection.hopMs);
      return;
    }
    const source = { kind: 'logMel' } as const;
    const body = { handle: this.first.handle, source, other: handle, otherSource: source };
    const { path, distance } = await this.#bridge.request('inspection.align', body);
    this.#warp = warpOf(path, frames);
    this.distance = distance;
  }

  async #difference({ handle: other, inspection }: Inspected): Promise<Float32Array> {
    const { handle, inspection: own } = this.first;
    if (own.steps !== inspection.steps || own.symbols.length !== inspection.symbols.length) return new Float32Array(0);
    return (await this.#bridge.request('inspection.difference', { handle, other })).steps;
  }
}

async function columnsOf(inspected: Inspected, source: MatrixSource, most: number): Promise<Columns> {
  const { frames, units, frameMs } = inspected.matrix(source);
  const level = Math.max(0, Math.ceil(Math.log2(frames / most)));
  const to = Math.ceil(frames / 2 ** level);
  const reduce = source.kind === 'posteriors' ? 'max' : 'mean';
  const values = await inspected.rows(source, { from: 0, to, level, reduce });
  return { values, units, msPerColumn: frameMs * 2 ** level };
}
