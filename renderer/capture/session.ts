// One recording on its way to the engine. Sound is kept here until the engine has it on disk, so an engine that dies
// costs nothing: when it is back, what is missing is sent.
import type { ErrorMessage } from '../../app/contract/errorMessage';
import type { EventOf, ReplyOf, RequestOf } from '../../app/contract/messages';
import { unreachable } from '../../app/errors';
import { BridgeError, errorCodeOf, type Bridge } from '../bridge/bridge';
import { SoundLog, type CapturedChunk } from './soundLog';

const SAMPLES_PER_MS = 16;
/** Samples sent at once when there is a backlog: four seconds. */
const LARGEST_PIECE_SAMPLES = 64_000;
/** Kept past the acknowledgement: the engine's features look ahead and may know a few frames less than the disk. */
const KEPT_SAMPLES = 32_000;
/** Ten minutes without an engine: more would fill the window's memory. */
const LARGEST_BACKLOG_SAMPLES = 16_000 * 600;
const RETRY_MS = 1_000;
/** Errors after which the engine can be asked to go on with the recording. */
const INTERRUPTIONS = new Set(['engine.restarting', 'connection.lost', 'request.late']);

/** The recording, and how fast it was read. */
export type FinishedTake = ReplyOf<'listen.finish'>;

export interface SessionEvents {
  /** What is safe. */
  onStored(progress: { readonly samplesOnDisk: number; readonly bytesOnDisk: number }): void;
  /** The stream whose recognition events belong to this recording; a new one after each interruption. */
  onStream(streamId: string): void;
  /** False while the engine does not answer: recording goes on, text does not. */
  onHearing(isHeard: boolean): void;
  /** So much sound waits for the engine that no more should be taken. */
  onFull(): void;
  /** The recording cannot go on; what is on disk stays. */
  onFailed(error: unknown): void;
}

type SessionState =
  | { readonly kind: 'opening' }
  | { readonly kind: 'open'; readonly streamId: string }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'finished' }
  | { readonly kind: 'failed'; readonly error: unknown };

interface Ending {
  readonly resolve: (finished: FinishedTake) => void;
  readonly reject: (error: unknown) => void;
}

export class ListeningSession {
  readonly #bridge: Bridge;
  readonly #start: RequestOf<'listen.start'>;
  readonly #events: SessionEvents;
  readonly #log: SoundLog;
  readonly #unsubscribe: () => void;
  #state: SessionState = { kind: 'opening' };
  #recordingId: string | null = null;
  #ending: Ending | null = null;
  /** Where the next piece begins. */
  #sentSample = 0;
  #sentFrame = 0;
  #samplesOnDisk = 0;
  #marks: readonly number[] = [];
  /** Whether the engine may not have #marks on disk. */
  #areMarksUnsaid = false;
  #givenBack: readonly number[] = [];
  #isGivingBackUnsaid = false;
  #isPumping = false;
  /** Lets go of an answer that will not come. */
  #interrupt: (() => void) | null = null;
  #retryTimer: ReturnType<typeof setTimeout> | null = null;

  /** @param frameSize D, values per frame */
  constructor(bridge: Bridge, start: RequestOf<'listen.start'>, frameSize: number, events: SessionEvents) {
    this.#bridge = bridge;
    this.#start = start;
    this.#events = events;
    this.#log = new SoundLog(frameSize);
    const stops = [
      bridge.on('engine.state', ({ state, error }) => this.#engineChanged(state, error)),
      bridge.on('listen.failed', ({ streamId, error }) => {
        if (this.#state.kind === 'open' && this.#state.streamId === streamId) this.#fail(new BridgeError(error));
      }),
    ];
    this.#unsubscribe = () => stops.forEach((stop) => stop());
    this.#pumpSoon();
  }

  get recordingId(): string | null {
    return this.#recordingId;
  }

  /** Milliseconds of sound that were captured but have not left for the engine. */
  get unsentMs(): number {
    return Math.max(0, this.#log.endSample - this.#sentSample) / SAMPLES_PER_MS;
  }

  push(chunk: CapturedChunk): void {
    this.#log.append(chunk);
    if (this.#log.endSample - this.#samplesOnDisk > LARGEST_BACKLOG_SAMPLES) this.#events.onFull();
    this.#pumpSoon();
  }

  /** Moments that the person marked, in milliseconds, ascending: those that there are now. */
  mark(marks: readonly number[]): void {
    this.#marks = marks;
    this.#areMarksUnsaid = true;
    this.#pumpSoon();
  }

  /** Lines, by their start, that the person gave back to what had settled: those that there are now. */
  giveBack(lines: readonly number[]): void {
    this.#givenBack = lines;
    this.#isGivingBackUnsaid = true;
    this.#pumpSoon();
  }

  /**
   * Sends what is left and ends the recording. Nothing may be pushed after it.
   * @param tail frames that only became complete by the end, [n, D]
   */
  finish(tail: Float32Array): Promise<FinishedTake> {
    return new Promise((resolve, reject) => {
      this.#log.append({ pcm: new Int16Array(0), frames: tail });
      this.#ending = { resolve, reject };
      if (this.#state.kind === 'failed') this.#settleFailure(this.#state.error);
      this.#pumpSoon();
    });
  }

  #engineChanged(state: EventOf<'engine.state'>['state'], error: ErrorMessage | null): void {
    switch (state) {
      case 'starting':
        return;
      case 'restarting':
        // With an answer under way its waiting ends first; else the stream is known to be gone all the same.
        return this.#interrupt ? this.#interrupt() : this.#wait();
      case 'ready':
        return this.#pumpSoon();
      case 'failed':
        return this.#fail(error ? new BridgeError(error) : new Error('Expected a reason why the engine failed'));
      default:
        return unreachable(state);
    }
  }

  #pumpSoon(): void {
    const isOver = this.#state.kind === 'finished' || this.#state.kind === 'failed';
    if (this.#isPumping || isOver) return;
    this.#isPumping = true;
    void this.#pump();
  }

  /** Sends one message after another until nothing is left; one is on its way at a time. */
  async #pump(): Promise<void> {
    try {
      while (await this.#step());
      this.#isPumping = false;
    } catch (error) {
      this.#isPumping = false;
      if (this.#isInterruption(error)) this.#wait();
      else this.#fail(error);
    }
  }

  #isInterruption(error: unknown): boolean {
    if (error instanceof Interruption) return true;
    const code = errorCodeOf(error);
    // A recording that the engine does not know even when it is asked to resume it is closed.
    if (code === 'stream.unknown') return this.#state.kind === 'open';
    return code !== null && INTERRUPTIONS.has(code);
  }

  /** @returns whether there may be more to do at once */
  async #step(): Promise<boolean> {
    switch (this.#state.kind) {
      case 'opening':
        await this.#open();
        return true;
      case 'interrupted':
        await this.#resume();
        return true;
      case 'open':
        return this.#sendNext(this.#state.streamId);
      case 'finished':
      case 'failed':
        return false;
      default:
        return unreachable(this.#state);
    }
  }

  async #open(): Promise<void> {
    const { streamId, recordingId } = await this.#answer(this.#bridge.request('listen.start', this.#start));
    this.#recordingId = recordingId;
    this.#opened(streamId);
  }

  async #resume(): Promise<void> {
    const recordingId = this.#recordingId;
    if (recordingId === null) return this.#open();
    const { source: _source, ...how } = this.#start;
    const resumed = await this.#answer(this.#bridge.request('listen.resume', { recordingId, ...how }));
    this.#sentSample = resumed.samplesOnDisk;
    this.#sentFrame = resumed.framesTaken;
    this.#areMarksUnsaid ||= this.#marks.length > 0;
    this.#isGivingBackUnsaid ||= this.#givenBack.length > 0;
    this.#opened(resumed.streamId);
  }

  #opened(streamId: string): void {
    if (this.#state.kind === 'failed') return;
    this.#state = { kind: 'open', streamId };
    this.#events.onStream(streamId);
    this.#events.onHearing(true);
  }

  async #sendNext(streamId: string): Promise<boolean> {
    if (this.#areMarksUnsaid) return this.#sendMarks(streamId);
    if (this.#isGivingBackUnsaid) return this.#sendGivenBack(streamId);
    if (this.#sentSample >= this.#log.endSample) {
      if (this.#ending) await this.#finish(streamId, this.#ending);
      return false;
    }
    const piece = this.#log.piece(this.#sentSample, this.#sentFrame, LARGEST_PIECE_SAMPLES);
    if (!piece) return false;
    const stored = await this.#answer(this.#bridge.request('listen.chunk', { streamId, ...piece }));
    this.#sentSample = piece.firstSample + piece.pcm.length;
    this.#sentFrame = piece.firstFrame + piece.frames.length / this.#log.frameSize;
    this.#samplesOnDisk = stored.samplesOnDisk;
    this.#log.dropBefore(stored.samplesOnDisk - KEPT_SAMPLES);
    this.#events.onStored(stored);
    return true;
  }

  async #sendMarks(streamId: string): Promise<boolean> {
    this.#areMarksUnsaid = false;
    try {
      await this.#answer(this.#bridge.request('listen.mark', { streamId, marks: [...this.#marks] }));
    } catch (error) {
      this.#areMarksUnsaid = true;
      throw error;
    }
    return true;
  }

  async #sendGivenBack(streamId: string): Promise<boolean> {
    this.#isGivingBackUnsaid = false;
    try {
      await this.#answer(this.#bridge.request('listen.giveBack', { streamId, lines: [...this.#givenBack] }));
    } catch (error) {
      this.#isGivingBackUnsaid = true;
      throw error;
    }
    return true;
  }

  async #finish(streamId: string, ending: Ending): Promise<void> {
    const tail = this.#log.framesFrom(this.#sentFrame);
    const request = this.#bridge.request('listen.finish', { streamId, firstFrame: this.#sentFrame, frames: tail });
    const finished = await this.#answer(request);
    this.#state = { kind: 'finished' };
    this.#unsubscribe();
    ending.resolve(finished);
  }

  /** Waits for an answer, but not longer than the engine lives. */
  #answer<R>(request: Promise<R>): Promise<R> {
    return new Promise<R>((resolve, reject) => {
      this.#interrupt = () => reject(new Interruption());
      request.then(resolve, reject);
    }).finally(() => (this.#interrupt = null));
  }

  /** Tries again when the engine says that it is ready, or after a while. */
  #wait(): void {
    if (this.#state.kind === 'failed' || this.#state.kind === 'finished') return;
    this.#state = this.#recordingId === null ? { kind: 'opening' } : { kind: 'interrupted' };
    this.#events.onHearing(false);
    if (this.#retryTimer) clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => this.#pumpSoon(), RETRY_MS);
  }

  #fail(error: unknown): void {
    if (this.#state.kind === 'finished' || this.#state.kind === 'failed') return;
    this.#state = { kind: 'failed', error };
    this.#unsubscribe();
    this.#interrupt?.();
    this.#settleFailure(error);
    this.#events.onFailed(error);
  }

  #settleFailure(error: unknown): void {
    this.#ending?.reject(error);
  }
}

/** The engine went away while an answer was awaited. */
class Interruption extends Error {}
