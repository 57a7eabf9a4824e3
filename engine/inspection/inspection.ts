// One sound and one network that is looked into: everything is computed once, in the background, and kept on disk.
import {
  MAX_INSPECTED_MS,
  type ActivationSeries,
  type InspectedText,
  type Inspection as Description,
  type MatrixSource,
} from '../../app/contract/inspection';
import type { Intervention } from '../../app/contract/inspectionQuestions';
import { RECORDING_SAMPLE_RATE_HZ, type ReplyOf, type RequestOf } from '../../app/contract/messages';
import { stepMsOf, type RecogniserManifest } from '../../app/contract/model';
import { framesPerStep } from '../../app/contract/network';
import type { Rung } from '../../app/contract/rung';
import { UnrollError, unreachable } from '../../app/errors';
import { hopSamples, windowSamples } from '../../app/features/mfcc';
import { featureDimension } from '../../app/features/settings';
import { logSoftmax } from '../ctc/posteriors';
import type { ParameterSet } from '../network/parameters';
import { stepCount } from '../network/stack';
import { createSeries, LOGITS, recordActivations, seriesName, type StepsBelow } from './activations';
import { describeLayers } from './describeLayers';
import { FEATURES, LOG_MEL, openBelow, recordFeatures, recordLogMel } from './framesBelow';
import { MatrixStore } from './matrixStore';
import { openRowProducts } from './rowProducts';
import { refused } from './refused';
import type { HeardNetwork } from './saliency';
import { changesOf } from './stepChanges';
import { readText } from './readText';
import { tileOf, type RowSource } from './tiles';

export interface InspectedModel {
  readonly manifest: RecogniserManifest;
  readonly parameters: ParameterSet;
  readonly rung: Rung;
}
export interface InspectionOptions {
  readonly handle: string;
  /** 16 kHz mono */
  readonly pcm: Int16Array;
  readonly model: InspectedModel;
  /** A file that is not there yet. */
  readonly path: string;
  readonly interventions?: readonly Intervention[];
  readonly onProgress?: (fraction: number) => void;
}

const TOP_SYMBOLS = 10;
const MS_PER_SAMPLE = 1000 / RECORDING_SAMPLE_RATE_HZ;

/** Something that is awaited by many, and may fail before anybody does. */
class Awaited {
  readonly promise: Promise<void>;
  #resolve: () => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;
  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.promise.catch(() => undefined);
  }
  done(): void {
    this.#resolve();
  }
  failed(error: unknown): void {
    this.#reject(error);
  }
}

export class Inspection {
  readonly description: Description;
  readonly model: InspectedModel;
  readonly pcm: Int16Array;
  readonly store: MatrixStore;
  /** All is computed. Fails with what made it fail. */
  readonly whole: Promise<void>;
  readonly #interventions: readonly Intervention[];
  readonly #ending = new AbortController();
  readonly #layers: readonly Awaited[];
  readonly #logits = new Awaited();
  #below: StepsBelow | null = null;
  #text: Promise<InspectedText> | null = null;
  #logMel: Promise<void> | null = null;

  private constructor(options: InspectionOptions, store: MatrixStore, description: Description) {
    this.description = description;
    this.model = options.model;
    this.pcm = options.pcm;
    this.store = store;
    this.#interventions = options.interventions ?? [];
    this.#layers = description.layers.map(() => new Awaited());
    this.whole = this.#run(options.onProgress);
    this.whole.catch(() => undefined); // told to whoever asks
  }

  /**
   * Counts the frames and begins to compute.
   * @throws UnrollError inspection.tooLong, inspection.empty
   */
  static async open(options: InspectionOptions): Promise<Inspection> {
    const { pcm, model, path, handle } = options;
    const durationMs = pcm.length * MS_PER_SAMPLE;
    if (durationMs > MAX_INSPECTED_MS)
      throw new UnrollError('inspection.tooLong', { minutes: MAX_INSPECTED_MS / 60_000 });
    const store = await MatrixStore.open(path);
    try {
      const frames = await recordFeatures(pcm, model.manifest, store);
      if (frames === 0) throw new UnrollError('inspection.empty');
      const steps = stepCount(model.manifest.network, frames);
      createSeries(store, model.manifest.network, steps);
      return new Inspection(options, store, describe(handle, model.manifest, { durationMs, frames, steps }));
    } catch (error) {
      await store.dispose();
      throw error;
    }
  }

  get signal(): AbortSignal {
    return this.#ending.signal;
  }
  /** What was changed in the network. */
  get interventions(): readonly Intervention[] {
    return this.#interventions;
  }

  /** Lets go of everything; whoever still waits is told. */
  async close(): Promise<void> {
    this.#ending.abort(new UnrollError('inspection.closed'));
    await this.whole.catch(() => undefined);
    await this.#logMel?.catch(() => undefined);
    await this.#text?.catch(() => undefined);
    await this.store.dispose();
  }

  async text(): Promise<InspectedText> {
    await this.#logits.promise;
    this.#text ??= readText(this.store, this.model.manifest, this.signal);
    return this.#text;
  }

  async matrix({
    source,
    ...place
  }: Omit<RequestOf<'inspection.matrix'>, 'handle'>): Promise<ReplyOf<'inspection.matrix'>> {
    return tileOf(await this.rows(source), place);
  }

  /** A whole matrix, once it is there. @throws UnrollError message.refused where the network has none such */
  async rows(source: MatrixSource): Promise<RowSource> {
    switch (source.kind) {
      case 'activation':
        return this.series(source);
      case 'posteriors':
        return this.#posteriors();
      case 'features':
        return this.#source(FEATURES);
      case 'logMel':
        this.#logMel ??= recordLogMel(this.pcm, this.model.manifest, this.store, this.signal);
        await this.#logMel;
        return this.#source(LOG_MEL);
      default:
        return unreachable(source);
    }
  }

  /** @throws as rows */
  async series({ layer, direction, activation }: ActivationSeries): Promise<RowSource> {
    const name = seriesName(layer, direction, activation);
    const awaited = this.#layers[layer];
    if (awaited === undefined || !this.store.has(name)) throw refused(`The network has no ${name}.`);
    await awaited.promise;
    return this.#source(name);
  }

  peaks({ firstSample, samples, columns }: Omit<RequestOf<'inspection.peaks'>, 'handle'>): ReplyOf<'inspection.peaks'> {
    const end = Math.min(this.pcm.length, firstSample + samples);
    const count = Math.max(0, Math.min(columns, end - firstSample));
    const smallest = new Float32Array(count);
    const largest = new Float32Array(count);
    for (let k = 0; k < count; k++) {
      const from = firstSample + Math.floor((k * (end - firstSample)) / count);
      const to = firstSample + Math.floor(((k + 1) * (end - firstSample)) / count);
      let [low, high] = [Infinity, -Infinity];
      for (let n = from; n < to; n++) [low, high] = [Math.min(low, this.pcm[n]!), Math.max(high, this.pcm[n]!)];
      smallest[k] = low / FULL_SCALE;
      largest[k] = high / FULL_SCALE;
    }
    return { smallest, largest };
  }

  /** Every value at one step. @throws UnrollError message.refused where the sound has no such step */
  async values(step: number): Promise<ReplyOf<'inspection.values'>> {
    const { steps, frames, layers } = this.description;
    if (step >= steps) throw refused(`The sound has ${steps} steps.`);
    const frame = Math.min(frames - 1, step * framesPerStep(this.model.manifest.network));
    const rowOf = async (source: MatrixSource, row: number): Promise<Float32Array> =>
      (await this.rows(source)).read(row, 1);
    const all = layers.flatMap(({ index, directions, activations }) =>
      directions.flatMap((direction) =>
        activations.map(({ name }) => ({ layer: index, direction, activation: name }) as const),
      ),
    );
    const posteriors = await rowOf({ kind: 'posteriors' }, step);
    return {
      features: await rowOf({ kind: 'features' }, frame),
      logMel: await rowOf({ kind: 'logMel' }, frame),
      symbols: mostProbable(posteriors),
      activations: await Promise.all(
        all.map(async (series) => ({ ...series, values: await rowOf({ kind: 'activation', ...series }, step) })),
      ),
    };
  }

  /** Once all is computed, for what goes through the network once more. */
  async heard<R>(use: (network: HeardNetwork) => Promise<R>): Promise<R> {
    await this.whole;
    const { parameters, rung, manifest } = this.model;
    const products = openRowProducts(rung);
    const { store, signal } = this;
    const below = this.#below!;
    try {
      const { steps } = this.description;
      return await use({ spec: manifest.network, parameters, rung, products, store, below, steps, signal });
    } finally {
      products.dispose();
    }
  }

  async #posteriors(): Promise<RowSource> {
    await this.#logits.promise;
    const { rows, width, read } = this.#source(LOGITS);
    return {
      rows,
      width,
      read: async (first, count) => {
        const logits = await read(first, count);
        return Float32Array.from(logSoftmax(logits, logits.length / width, width), Math.exp);
      },
    };
  }

  #source(name: string): RowSource {
    return { ...this.store.shape(name), read: (first, count) => this.store.read(name, first, count) };
  }

  async #run(onProgress: ((fraction: number) => void) | undefined): Promise<void> {
    const { manifest, parameters, rung } = this.model;
    const { network: spec } = manifest;
    const { store, signal } = this;
    const products = openRowProducts(rung);
    try {
      this.#below = await openBelow(spec, parameters, store, rung, signal);
      await recordActivations({
        spec,
        parameters,
        products,
        store,
        signal,
        steps: this.description.steps,
        below: this.#below,
        changes: (place) => changesOf(this.#interventions, place),
        onLayer: (index) => (index === null ? this.#logits : this.#layers[index]!).done(),
        ...(onProgress !== undefined && { onProgress }),
      });
    } catch (error) {
      for (const awaited of [...this.#layers, this.#logits]) awaited.failed(error);
      throw error;
    } finally {
      products.dispose();
    }
  }
}

const FULL_SCALE = 32_768;

function describe(
  handle: string,
  manifest: RecogniserManifest,
  size: { readonly durationMs: number; readonly frames: number; readonly steps: number },
): Description {
  const { id, frontEnd, network, alphabet } = manifest;
  return {
    handle,
    modelId: id,
    ...size,
    soundRateHz: RECORDING_SAMPLE_RATE_HZ,
    sampleRateHz: frontEnd.sampleRateHz,
    hopSamples: hopSamples(frontEnd),
    windowSamples: windowSamples(frontEnd),
    hopMs: frontEnd.hopMs,
    stepMs: stepMsOf(manifest),
    features: featureDimension(frontEnd),
    coefficients: frontEnd.coefficients,
    melBands: frontEnd.melBands,
    symbols: alphabet.symbols,
    layers: describeLayers(network),
  };
}

const mostProbable = (posteriors: Float32Array): ReplyOf<'inspection.values'>['symbols'] =>
  Array.from(posteriors, (probability, classIndex) => ({ classIndex, probability: Math.min(1, probability) }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, TOP_SYMBOLS);
