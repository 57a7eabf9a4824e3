// All that the Record view shows and does, without a DOM. Lives as long as the window: a recording outlasts the view.
import type { DecodingChoice } from '../../../app/contract/decoding';
import type { ErrorMessage } from '../../../app/contract/errorMessage';
import type { EventOf, ReplyOf } from '../../../app/contract/messages';
import type { RecordingSummary } from '../../../app/contract/recording';
import type { FrameSymbols } from '../../../app/contract/recognition';
import { givenBack } from '../../../app/transcripts/edits';
import { errorMessageOf, type Bridge } from '../../bridge/bridge';
import type { HeardChunk } from '../../capture/featurePipeline';
import type { OpenFeatureStream } from '../../capture/featureStream';
import { SILENT_LEVEL, SilenceWatch, type Level } from '../../capture/level';
import { Recorder, type Take } from '../../capture/recorder';
import { IDLE, canStart, isActive, type RecorderState } from '../../capture/recorderState';
import type { OpenSource } from '../../capture/source';
import { FrameSymbolTrack } from '../../charts/frameSymbols';
import { withMark } from '../../charts/marks';
import { Peaks } from '../../charts/peaks';
import { NO_TEXT, withGivenBack, withRecognised, withSettledAnew, type LiveText } from './liveText';

export type OpenedModel = ReplyOf<'models.open'>;
export type Sample = ReplyOf<'samples.list'>['samples'][number];

export interface RecordStoreOptions {
  readonly bridge: Bridge;
  readonly openFeatures: OpenFeatureStream;
  /** The microphone that is chosen at the time of the call. */
  readonly openMicrophone: OpenSource;
  readonly openSample: (pcm: Int16Array, label: string) => OpenSource;
  /** How the person wants text to be searched; as the model has it if left out. */
  readonly decoding?: () => DecodingChoice;
  /** The model that reads each line once more when it has ended; null: none does. */
  readonly settleModelId?: () => string | null;
}

/** Sound at 16 kHz; `firstSample` is its place in the take. */
export type SoundListener = (pcm: Int16Array, firstSample: number) => void;

export const SAMPLES_PER_MS = 16;

export class RecordStore {
  recorder = $state.raw<RecorderState>(IDLE);
  /** The model that listens; null until it is open. */
  model = $state.raw<OpenedModel | null>(null);
  /** True from the wish to record until the model is ready. */
  isOpening = $state(false);
  text = $state.raw<LiveText>(NO_TEXT);
  elapsedMs = $state(0);
  bytesOnDisk = $state(0);
  level = $state.raw<Level>(SILENT_LEVEL);
  /** Nothing above −60 dB for four seconds. */
  isSilent = $state(false);
  /** False while the engine is away: the text waits, the recording does not. */
  isHeard = $state(true);
  lagMs = $state<number | null>(null);
  source = $state.raw<{ readonly label: string; readonly deviceRateHz: number | null } | null>(null);
  /** Name of the sample that is heard instead of a microphone, or null. */
  sampleTitle = $state<string | null>(null);
  /** The recording that was just made, until the next one begins. */
  finished = $state.raw<RecordingSummary | null>(null);
  /** Moments that the person marked in it, in milliseconds. */
  marks = $state.raw<readonly number[]>([]);
  /** How fast the engine read it: time worked over time spoken. */
  realTimeFactor = $state<number | null>(null);
  /** What could not be done, in a sentence's form. */
  problem = $state.raw<ErrorMessage | null>(null);
  /** It was given up: the window says so above every view. */
  isEngineGone = $state(false);
  samples = $state.raw<readonly Sample[]>([]);
  /** The take in the engine; another one after the engine was away, null until there is one. */
  streamId = $state<string | null>(null);
  /** When the newest sound arrived, on the clock of performance.now(); figures scroll by it. */
  heardAt = 0;
  /** Drawn, not read by the template: plain data. */
  readonly peaks = new Peaks();
  readonly symbols = new FrameSymbolTrack();
  readonly #options: RecordStoreOptions;
  readonly #bridge: Bridge;
  readonly #recorder: Recorder;
  readonly #silence = new SilenceWatch();
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing that is shown depends on it
  readonly #listeners = new Set<SoundListener>();
  #wantedModelId: string | null = null;
  /** Events of a stream whose name is not known yet. */
  #early: (() => void)[] = [];
  /** Lines that stay as they had settled, by their start. */
  #givenBack: readonly number[] = [];
  #opening: { readonly modelId: string; readonly model: Promise<OpenedModel> } | null = null;

  constructor(options: RecordStoreOptions) {
    this.#options = options;
    this.#bridge = options.bridge;
    this.#recorder = new Recorder(options.bridge, options.openFeatures, {
      onState: (state) => this.#stateChanged(state),
      onSource: ({ label, deviceRateHz }) => (this.source = { label, deviceRateHz }),
      onChunk: (chunk, firstSample) => this.#heard(chunk, firstSample),
      onStored: ({ bytesOnDisk }) => (this.bytesOnDisk = bytesOnDisk),
      onStream: (streamId) => this.#streamOpened(streamId),
      onHearing: (isHeard) => (this.isHeard = isHeard),
      onFinished: ({ recording, realTimeFactor }) => {
        this.finished = recording;
        this.realTimeFactor = realTimeFactor;
        // One that was given back while the engine was finishing.
        for (const line of this.#givenBack) void this.#giveBackKept(recording, line);
      },
    });
  }

  readonly isActive = $derived(isActive(this.recorder));
  readonly canStart = $derived(canStart(this.recorder) && !this.isOpening);
  readonly hasText = $derived(this.text.lines.length > 0 || this.text.tail.length > 0);
  /** Nothing is under way and nothing was just made: the view explains itself. */
  readonly isEmpty = $derived(!this.isActive && this.finished === null && !this.hasText);

  /** Hears the engine until the returned function is called. */
  follow(): () => void {
    const stops = [
      this.#bridge.on('listen.recognised', (event) => this.#recognised(event)),
      this.#bridge.on('listen.settledAnew', (event) => this.#settledAnew(event)),
      this.#bridge.on('engine.state', ({ state }) => {
        this.isEngineGone = state === 'failed';
        if (state === 'ready') void this.#engineIsBack();
      }),
    ];
    return () => stops.forEach((stop) => stop());
  }

  /** Hands on the sound of takes as it comes, until the returned function is called. */
  hearSound(listener: SoundListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async loadSamples(): Promise<void> {
    await this.#attempt(async () => {
      const { samples } = await this.#bridge.request('samples.list', {});
      this.samples = samples;
    });
  }

  /** Opens the model that will listen, so that the first word does not wait for it. */
  async prepare(modelId: string): Promise<void> {
    this.#wantedModelId = modelId;
    const settleModelId = this.#options.settleModelId?.() ?? null;
    if (this.isActive) return;
    await this.#attempt(async () => {
      await this.#openModel(modelId);
      if (settleModelId !== null) await this.#bridge.request('models.open', { modelId: settleModelId });
    });
  }

  /** Space: begins, goes on after a rest, or stops and keeps. */
  async toggle(modelId: string | null): Promise<void> {
    if (this.recorder.kind === 'recording') return this.stop();
    if (this.recorder.kind === 'paused') return this.goOn();
    if (modelId !== null) await this.record(modelId);
  }

  async record(modelId: string): Promise<void> {
    await this.#begin(modelId, 'microphone', async () => this.#options.openMicrophone);
  }

  /** Plays a sample aloud and hears it as if it were spoken. */
  async playSample(modelId: string, sampleId: string, label: string): Promise<void> {
    await this.#begin(modelId, 'sample', async () => {
      const { pcm } = await this.#bridge.request('samples.audio', { sampleId });
      this.sampleTitle = label;
      return this.#options.openSample(pcm, label);
    });
  }

  pause(): Promise<void> {
    return this.#recorder.pause();
  }

  goOn(): Promise<void> {
    return this.#recorder.resume();
  }

  stop(): Promise<void> {
    return this.#recorder.stop();
  }

  /** Marks a moment, or takes the mark there away, in the recording under way or in the one just made. */
  async mark(ms: number): Promise<void> {
    const { finished } = this;
    if (finished === null && this.recorder.kind !== 'recording' && this.recorder.kind !== 'paused') return;
    this.marks = withMark(this.marks, ms);
    if (finished === null) return this.#recorder.mark(this.marks);
    await this.#attempt(async () => {
      await this.#bridge.request('recordings.mark', { recordingId: finished.id, marks: [...this.marks] });
    });
  }

  /** A line as it had settled, in the place of how it was read when it had ended; it is not read again. */
  async giveBack(lineStartMs: number): Promise<void> {
    this.text = withGivenBack(this.text, lineStartMs);
    this.#givenBack = [...this.#givenBack, lineStartMs];
    if (this.finished === null) this.#recorder.giveBack(this.#givenBack);
    else await this.#giveBackKept(this.finished, lineStartMs);
  }

  /** Another microphone was chosen: a recording goes on with it. */
  async changeMicrophone(): Promise<void> {
    if (this.recorder.kind !== 'recording') return;
    await this.#recorder.pause();
    await this.#recorder.resume();
  }

  /** Puts away the recording that was just made; it stays in the library. */
  clear(): void {
    if (this.isActive) return;
    this.#reset();
    if (this.recorder.kind !== 'idle' && canStart(this.recorder)) this.recorder = IDLE;
  }

  /** In the recording as it is kept. A line that the person has put right since is left alone. */
  async #giveBackKept({ id: recordingId, modelId }: RecordingSummary, lineStartMs: number): Promise<void> {
    await this.#attempt(async () => {
      const { recording } = await this.#bridge.request('recordings.get', { recordingId });
      const utterances = recording.transcripts.find((each) => each.modelId === modelId)?.utterances ?? [];
      const line = utterances.findIndex(({ live }) => live?.[0]?.startMs === lineStartMs);
      const splice = givenBack(utterances, line);
      if (splice === null || modelId === null) return;
      const body = { recordingId, modelId, first: splice.first, count: splice.count };
      const edited = await this.#bridge.request('recordings.edit', { ...body, utterances: [...splice.utterances] });
      if (this.finished?.id === recordingId) this.finished = edited.recording;
    });
  }

  async #begin(modelId: string, source: Take['source'], openSource: () => Promise<OpenSource>): Promise<void> {
    if (!this.canStart) return;
    this.isOpening = true;
    this.#reset();
    await this.#attempt(async () => {
      const [model, open] = await Promise.all([this.#openModel(modelId), openSource()]);
      const decoding = this.#options.decoding?.();
      const settleModelId = this.#options.settleModelId?.() ?? null;
      await this.#recorder.record({
        ...{ modelId, frontEnd: model.frontEnd, source, open },
        ...(decoding === undefined ? {} : { decoding }),
        ...(settleModelId === null ? {} : { settleModelId }),
      });
    });
    this.isOpening = false;
  }

  #reset(): void {
    this.text = NO_TEXT;
    this.elapsedMs = 0;
    this.bytesOnDisk = 0;
    this.lagMs = null;
    this.finished = null;
    this.realTimeFactor = null;
    this.marks = [];
    this.problem = null;
    this.source = null;
    this.sampleTitle = null;
    this.isHeard = true;
    this.peaks.clear();
    this.symbols.clear();
    this.streamId = null;
    this.#early = [];
    this.#givenBack = [];
  }

  async #openModel(modelId: string): Promise<OpenedModel> {
    if (this.#opening?.modelId !== modelId) {
      this.#opening = { modelId, model: this.#bridge.request('models.open', { modelId }) };
    }
    try {
      this.model = await this.#opening.model;
      return this.model;
    } catch (error) {
      this.#opening = null;
      throw error;
    }
  }

  /** Runs what may fail for a reason that a person can act on; anything else is a bug and goes on up. */
  async #attempt(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.problem = errorMessageOf(error);
      if (this.problem === null) throw error;
    }
  }

  /** What could not be asked while the engine was away. */
  async #engineIsBack(): Promise<void> {
    this.problem = null;
    if (this.samples.length === 0) await this.loadSamples();
    if (this.#wantedModelId !== null && !this.model) await this.prepare(this.#wantedModelId);
  }

  #stateChanged(state: RecorderState): void {
    this.recorder = state;
    if (state.kind === 'recording') this.#silence.reset();
    else {
      this.level = SILENT_LEVEL;
      this.isSilent = false;
    }
    if (state.kind === 'idle' || state.kind === 'failed') this.text = { ...this.text, tail: [] };
  }

  #heard(chunk: HeardChunk, firstSample: number): void {
    const durationMs = chunk.pcm.length / SAMPLES_PER_MS;
    this.peaks.append(chunk.pcm);
    this.heardAt = performance.now();
    this.elapsedMs = firstSample / SAMPLES_PER_MS + durationMs;
    this.#listeners.forEach((listener) => listener(chunk.pcm, firstSample));
    if (this.recorder.kind !== 'recording') return;
    this.level = chunk.level;
    this.isSilent = this.#silence.hear(chunk.level.peakDbfs, durationMs);
  }

  #streamOpened(streamId: string): void {
    this.streamId = streamId;
    const early = this.#early;
    this.#early = [];
    for (const take of early) take();
  }

  #recognised(event: EventOf<'listen.recognised'>): void {
    if (event.streamId !== this.streamId) {
      if (this.isActive) this.#early.push(() => this.#recognised(event));
      return;
    }
    this.text = withRecognised(this.text, event);
    this.symbols.put(event.frames satisfies FrameSymbols);
    this.lagMs = event.lagMs + this.#recorder.unsentMs;
  }

  #settledAnew(event: EventOf<'listen.settledAnew'>): void {
    if (event.streamId !== this.streamId) {
      if (this.isActive) this.#early.push(() => this.#settledAnew(event));
      return;
    }
    if (!this.#givenBack.includes(event.lineStartMs)) this.text = withSettledAnew(this.text, event);
  }
}
