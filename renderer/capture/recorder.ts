// Runs one recording at a time: source → features → session, and says what it is doing.
import type { DecodingChoice } from '../../app/contract/decoding';
import type { RequestOf } from '../../app/contract/messages';
import { featureDimension, type FrontEndSettings } from '../../app/features/settings';
import { errorMessageOf, type Bridge } from '../bridge/bridge';
import type { HeardChunk } from './featurePipeline';
import type { FeatureStream, OpenFeatureStream } from './featureStream';
import { IDLE, canStart, nextState, type PauseReason, type RecorderEvent, type RecorderState } from './recorderState';
import { ListeningSession, type FinishedTake } from './session';
import { MicrophoneError, type OpenSource, type SoundSource } from './source';

export interface RecorderEvents {
  onState(state: RecorderState): void;
  onSource(source: SoundSource): void;
  /** Sound as it goes to disk; `firstSample` is its place in the recording. */
  onChunk(chunk: HeardChunk, firstSample: number): void;
  onStored(progress: { readonly samplesOnDisk: number; readonly bytesOnDisk: number }): void;
  onStream(streamId: string): void;
  onHearing(isHeard: boolean): void;
  onFinished(finished: FinishedTake): void;
}

export interface Take {
  readonly modelId: string;
  readonly frontEnd: FrontEndSettings;
  readonly source: RequestOf<'listen.start'>['source'];
  readonly open: OpenSource;
  /** Left out: as the model has it. */
  readonly decoding?: DecodingChoice;
  /** Reads each line once more when it has ended. */
  readonly settleModelId?: string;
}

export class Recorder {
  readonly #bridge: Bridge;
  readonly #openFeatures: OpenFeatureStream;
  readonly #events: RecorderEvents;
  #state: RecorderState = IDLE;
  #take: Take | null = null;
  #source: SoundSource | null = null;
  #features: FeatureStream | null = null;
  #session: ListeningSession | null = null;
  #samples = 0;
  #marks: readonly number[] = [];

  constructor(bridge: Bridge, openFeatures: OpenFeatureStream, events: RecorderEvents) {
    this.#bridge = bridge;
    this.#openFeatures = openFeatures;
    this.#events = events;
  }

  get state(): RecorderState {
    return this.#state;
  }

  /** Milliseconds of sound that the engine has not been sent yet. */
  get unsentMs(): number {
    return this.#session?.unsentMs ?? 0;
  }

  /** Begins a recording where none is under way. */
  async record(take: Take): Promise<void> {
    if (!canStart(this.#state)) return;
    this.#take = take;
    this.#samples = 0;
    this.#marks = [];
    this.#session = null;
    this.#features = this.#openFeatures(take.frontEnd, {
      onChunk: (chunk) => this.#heard(take, chunk),
      onFailed: (error) => void this.#fail(error),
    });
    await this.#openSource(take.open);
  }

  /** Moments that the person marked, in milliseconds of the recording, ascending: all that there are now. */
  mark(marks: readonly number[]): void {
    this.#marks = marks;
    this.#session?.mark(marks);
  }

  /** Lines, by their start, that stay as they had settled: all that there are now. */
  giveBack(lines: readonly number[]): void {
    this.#session?.giveBack(lines);
  }

  /** Rests: the source is let go, the recording stays open. */
  async pause(reason: PauseReason = 'person'): Promise<void> {
    if (this.#state.kind !== 'recording') return;
    this.#dispatch({ kind: 'paused', reason });
    await this.#stopSource();
  }

  /** Goes on after a pause, where `open` is given with another source. */
  async resume(open?: OpenSource): Promise<void> {
    if (this.#state.kind !== 'paused' || !this.#take) return;
    if (open) this.#take = { ...this.#take, open };
    await this.#openSource(this.#take.open);
  }

  /** Hears the last word out, and keeps the recording. */
  async stop(): Promise<void> {
    if (this.#state.kind !== 'recording' && this.#state.kind !== 'paused') return;
    this.#dispatch({ kind: 'stopping' });
    try {
      await this.#stopSource();
      const tail = (await this.#features?.finish()) ?? new Float32Array(0);
      this.#closeFeatures();
      // No session: the source gave not a single sample, and there is nothing to keep.
      const finished = await this.#session?.finish(tail);
      this.#dispatch({ kind: 'finished' });
      if (finished) this.#events.onFinished(finished);
    } catch (error) {
      await this.#fail(error);
    }
  }

  async #openSource(open: OpenSource): Promise<void> {
    this.#dispatch({ kind: 'asked' });
    try {
      const source = await open({
        onSamples: (samples, rateHz) => this.#features?.push(samples, rateHz),
        onEnded: (reason) => void (reason === 'finished' ? this.stop() : this.pause('noMicrophone')),
      });
      this.#source = source;
      this.#events.onSource(source);
      this.#dispatch({ kind: 'opened' });
    } catch (error) {
      if (!(error instanceof MicrophoneError)) return this.#fail(error);
      this.#dispatch({ kind: 'refused', reason: error.reason });
      if (canStart(this.#state)) this.#closeFeatures();
    }
  }

  #heard(take: Take, chunk: HeardChunk): void {
    this.#session ??= this.#openSession(take, this.#marks);
    this.#session.push(chunk);
    this.#events.onChunk(chunk, this.#samples);
    this.#samples += chunk.pcm.length;
  }

  #openSession(
    { modelId, source, frontEnd, decoding, settleModelId }: Take,
    marks: readonly number[],
  ): ListeningSession {
    const start = {
      ...{ modelId, source },
      ...(decoding === undefined ? {} : { decoding }),
      ...(settleModelId === undefined ? {} : { settleModelId }),
    };
    const session = new ListeningSession(this.#bridge, start, featureDimension(frontEnd), {
      onStored: (progress) => this.#events.onStored(progress),
      onStream: (streamId) => this.#events.onStream(streamId),
      onHearing: (isHeard) => this.#events.onHearing(isHeard),
      onFull: () => void this.pause('behind'),
      onFailed: (error) => void this.#fail(error),
    });
    if (marks.length > 0) session.mark(marks);
    return session;
  }

  async #stopSource(): Promise<void> {
    const source = this.#source;
    this.#source = null;
    await source?.stop();
  }

  #closeFeatures(): void {
    this.#features?.close();
    this.#features = null;
  }

  async #fail(error: unknown): Promise<void> {
    if (this.#state.kind === 'failed') return;
    const shown = errorMessageOf(error) ?? (error instanceof Error ? error : new Error(String(error)));
    this.#dispatch({ kind: 'failed', error: shown });
    await this.#stopSource();
    this.#closeFeatures();
  }

  #dispatch(event: RecorderEvent): void {
    const state = nextState(this.#state, event);
    if (state === this.#state) return;
    this.#state = state;
    this.#events.onState(state);
  }
}
