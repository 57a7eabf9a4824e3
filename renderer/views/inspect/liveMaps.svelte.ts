// What the network does while somebody speaks: the newest seconds of every activation, and of the sound's log mel bands.
import type { ErrorMessage } from '../../../app/contract/errorMessage';
import type { InspectedLayer } from '../../../app/contract/inspection';
import type { EventOf, ReplyOf } from '../../../app/contract/messages';
import { StreamingFrontEnd } from '../../../app/features/frontEnd';
import { logMelOf } from '../../../app/features/logMel';
import type { FrontEndSettings } from '../../../app/features/settings';
import { errorMessageOf, type Bridge } from '../../bridge/bridge';
import { roundUp } from '../../charts/axisSteps';
import { RollingMap } from '../../charts/rollingMap';
import { SAMPLES_PER_MS } from '../record/recordStore.svelte';
import { sameSeries, seriesOf, type Series } from './inspected.svelte';

/** What the figures show from edge to edge. */
export const LIVE_SPAN_MS = 10_000;
/** Held beyond that, since a figure that turns by pages shows older steps. */
const MARGIN_MS = 3_000;
/** Of log mel bands in nats: where the colours end until something louder was heard. */
const QUIET_TOP = 10;

export type LiveState =
  | { readonly kind: 'resting' }
  | { readonly kind: 'asking' }
  /** Pictures come from `fromStep` on: there the network's memory began empty. */
  | { readonly kind: 'watching'; readonly fromStep: number }
  /** The network hears more than single frames: it is seen once the recording is done. */
  | { readonly kind: 'unseen' }
  | { readonly kind: 'failed'; readonly error: ErrorMessage };

/** The newest seconds of one activation. */
export class LiveSeries {
  readonly series: Series;
  readonly map: RollingMap;
  /** Half of the units never went farther from zero; rounded, so that colours seldom change. */
  reach = $state(0);
  /** Of each unit, how far it went from zero. */
  readonly #largest: Float32Array;

  constructor(series: Series, capacity: number) {
    this.series = series;
    this.map = new RollingMap(series.of.units, capacity);
    this.#largest = new Float32Array(series.of.units);
  }

  put(firstStep: number, values: Float32Array): void {
    this.map.put(firstStep, values);
    if (this.series.of.range === 'gate') return;
    values.forEach((value, at) => {
      const unit = at % this.#largest.length;
      this.#largest[unit] = Math.max(this.#largest[unit]!, Math.abs(value));
    });
    const sorted = this.#largest.slice().sort();
    const median = sorted[sorted.length >> 1] ?? 0;
    if (median > 0) this.reach = roundUp(median);
  }
}

/** Log mel bands of the newest seconds, made here of the sound as it is recorded. */
export class LiveLogMel {
  readonly map: RollingMap;
  readonly settings: FrontEndSettings;
  /** Of the loudest band so far, in nats. */
  top = $state(QUIET_TOP);
  #frontEnd: StreamingFrontEnd;
  #nextFrame: number | null = null;

  constructor(settings: FrontEndSettings) {
    this.settings = settings;
    this.#frontEnd = new StreamingFrontEnd(logMelOf(settings));
    this.map = new RollingMap(settings.melBands, Math.ceil((LIVE_SPAN_MS + MARGIN_MS) / settings.hopMs));
  }

  /** @param firstSample place of the sound in the take */
  hear(pcm: Int16Array, firstSample: number): void {
    if (firstSample === 0) this.clear();
    this.#nextFrame ??= Math.round(firstSample / SAMPLES_PER_MS / this.settings.hopMs);
    const frames = this.#frontEnd.push(pcm);
    if (frames.length === 0) return;
    this.map.put(this.#nextFrame, frames);
    this.#nextFrame += frames.length / this.settings.melBands;
    this.top = Math.max(this.top, Math.ceil(frames.reduce((top, each) => Math.max(top, each), this.top)));
  }

  clear(): void {
    this.#frontEnd = new StreamingFrontEnd(logMelOf(this.settings));
    this.#nextFrame = null;
    this.map.clear();
    this.top = QUIET_TOP;
  }
}

export class LiveMaps {
  state = $state.raw<LiveState>({ kind: 'resting' });
  layers = $state.raw<readonly InspectedLayer[]>([]);
  all = $state.raw<readonly LiveSeries[]>([]);
  stepMs = $state(10);
  /** Steps of the take that no picture was made of. */
  leftOut = $state(0);
  /** Changes with every picture. */
  version = $state(0);
  readonly #bridge: Bridge;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  /** For an effect: looks on while the stream hears, until the returned function is called. */
  watch(streamId: string): () => void {
    let isLeft = false;
    const off = this.#bridge.on('inspection.live', (event) => {
      if (event.streamId === streamId && !isLeft) this.#show(event);
    });
    this.state = { kind: 'asking' };
    this.#begin(streamId, () => isLeft).catch((cause: unknown) => this.#refused(cause, isLeft));
    return () => {
      isLeft = true;
      off();
      this.state = { kind: 'resting' };
      // A stream that has ended is watched by nobody anyway.
      this.#bridge.request('inspection.watch', { streamId, series: [] }).catch((cause: unknown) => {
        if (errorMessageOf(cause) === null) throw cause;
      });
    };
  }

  /** Another take begins. */
  clear(): void {
    this.layers = [];
    this.all = [];
    this.leftOut = 0;
  }

  of(layer: InspectedLayer, direction: Series['direction']): readonly LiveSeries[] {
    return this.all.filter(({ series }) => series.layer === layer.index && series.direction === direction);
  }

  async #begin(streamId: string, isLeft: () => boolean): Promise<void> {
    // What there is to see is told with an empty list; only then it can be chosen.
    const described = await this.#bridge.request('inspection.watch', { streamId, series: [] });
    if (isLeft()) return;
    this.#describe(described);
    const series = this.all.map(({ series: { layer, direction, activation } }) => ({ layer, direction, activation }));
    const { fromStep } = await this.#bridge.request('inspection.watch', { streamId, series });
    if (!isLeft()) this.state = { kind: 'watching', fromStep };
  }

  /** A take that goes on after the engine was away keeps its pictures. */
  #describe({ layers, stepMs }: ReplyOf<'inspection.watch'>): void {
    if (JSON.stringify(layers) === JSON.stringify(this.layers)) return;
    const capacity = Math.ceil((LIVE_SPAN_MS + MARGIN_MS) / stepMs);
    this.layers = layers;
    this.stepMs = stepMs;
    this.all = layers.flatMap(seriesOf).map((series) => new LiveSeries(series, capacity));
  }

  #show({ firstStep, series, leftOut }: EventOf<'inspection.live'>): void {
    for (const each of series) this.all.find((own) => sameSeries(own.series, each))?.put(firstStep, each.values);
    this.leftOut += leftOut;
    this.version += 1;
  }

  #refused(cause: unknown, isLeft: boolean): void {
    const error = errorMessageOf(cause);
    if (error === null) throw cause;
    if (isLeft) return;
    // The activations asked for are those just told of: all that is left to refuse is the network.
    this.state = error.code === 'message.refused' ? { kind: 'unseen' } : { kind: 'failed', error };
  }
}
