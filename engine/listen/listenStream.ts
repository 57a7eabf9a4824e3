// One recording that is being heard: sound to disk first, then frames to words.
import type { ErrorMessage } from '../../app/contract/errorMessage';
import {
  RECORDING_SAMPLE_RATE_HZ,
  type EventOf,
  type MethodName,
  type ReplyOf,
  type RequestOf,
} from '../../app/contract/messages';
import type { RecordingSummary } from '../../app/contract/recording';
import { UnrollError } from '../../app/errors';
import type { LiveStep } from '../ctc/live';
import type { Recordings } from '../library/recordings';
import type { Take } from '../library/take';
import type { Hearing } from './hearing';
import { Settling, type LineReader } from './settling';
import { recognisedEvents } from './recognisedEvents';

type Frames = Pick<RequestOf<'listen.finish'>, 'firstFrame' | 'frames'>;

export interface StreamEvents {
  recognised(event: EventOf<'listen.recognised'>): void;
  settledAnew(event: EventOf<'listen.settledAnew'>): void;
  failed(streamId: string, error: ErrorMessage): void;
  /** The list of recordings has changed. */
  changed(): void;
  /** What no person can mend. */
  bug(error: unknown): void;
}

const nothing = (): void => undefined;
/** For whoever hears some of them alone; a mistake is heard by all. */
export const UNHEARD: StreamEvents = {
  recognised: nothing,
  settledAnew: nothing,
  failed: nothing,
  changed: nothing,
  bug: (error) => {
    throw error;
  },
};

/** Looks on while a stream hears. */
export interface FrameWatch {
  /** Frames that were just heard, [n, D]; returns at once. */
  push(frames: Float32Array): void;
  end(): void;
}

export class ListenStream {
  readonly id: string;
  readonly #take: Take;
  readonly #hearing: Hearing;
  readonly #inputs: number;
  readonly #hopMs: number;
  readonly #recordings: Recordings;
  readonly #events: StreamEvents;
  /** What was heard again from disk and goes out with the next event: the window may not have had it. */
  #again: readonly LiveStep[];
  /** What was heard before this stream, and is no work of its own. */
  readonly #framesBefore: number;
  #workedMs = 0;
  #watch: FrameWatch | null = null;
  /** Null: what has settled stays. */
  readonly #settling: Settling | null;

  constructor(options: {
    readonly id: string;
    readonly take: Take;
    readonly hearing: Hearing;
    readonly inputs: number;
    readonly hopMs: number;
    readonly recordings: Recordings;
    readonly events: StreamEvents;
    readonly heardAgain?: readonly LiveStep[];
    readonly lineReader?: LineReader | null;
  }) {
    this.id = options.id;
    this.#take = options.take;
    this.#hearing = options.hearing;
    this.#inputs = options.inputs;
    this.#hopMs = options.hopMs;
    this.#recordings = options.recordings;
    this.#events = options.events;
    this.#again = options.heardAgain ?? [];
    this.#framesBefore = options.hearing.framesTaken;
    this.#settling = this.#openSettling(options.lineReader ?? null);
    for (const step of this.#again) this.#settling?.take(step, true);
  }

  #openSettling(reader: LineReader | null): Settling | null {
    if (reader === null) return null;
    return new Settling({
      reader,
      sound: () => ({ samples: this.samplesOnDisk, read: (first, count) => this.#take.read(first, count) }),
      onRead: (lineStartMs, words) => this.#events.settledAnew({ streamId: this.id, lineStartMs, words }),
      onBug: (error) => this.#events.bug(error),
    });
  }

  get recordingId(): string {
    return this.#take.description.id;
  }
  get samplesOnDisk(): number {
    return this.#take.samplesOnDisk;
  }
  get framesTaken(): number {
    return this.#hearing.framesTaken;
  }

  /**
   * @throws UnrollError message.refused where sound or frames are missing before these; disk.full, after which the stream
   * is over and its sound a recording.
   */
  async chunk({ firstSample, pcm, ...frames }: RequestOf<'listen.chunk'>): Promise<ReplyOf<'listen.chunk'>> {
    const known = this.#take.samplesOnDisk - firstSample;
    if (known < 0) throw refused('listen.chunk', `Sample ${firstSample} does not follow ${this.samplesOnDisk}.`);
    if (known < pcm.length) await this.#write(() => this.#take.append(pcm.subarray(known)));
    const fresh = this.#newFrames('listen.chunk', frames);
    const step = await this.#timed(() => this.#hearing.pushLive(fresh));
    this.#tell(step);
    this.#watch?.push(fresh);
    return { samplesOnDisk: this.samplesOnDisk, bytesOnDisk: this.#take.bytesOnDisk };
  }

  /** @throws UnrollError disk.full, as chunk; the marks before these are kept */
  mark(marks: readonly number[]): Promise<void> {
    return this.#write(() => this.#take.mark(marks));
  }

  /** Lines that stay as they had settled: these alone. */
  giveBack(lines: readonly number[]): void {
    this.#settling?.giveBack(lines);
  }

  /** Hears the last frames, settles everything, makes a recording of the take. */
  async finish(frames: Frames): Promise<ReplyOf<'listen.finish'>> {
    const fresh = this.#newFrames('listen.finish', frames);
    this.#tell(await this.#timed(() => this.#hearing.push(fresh)));
    this.#tell(await this.#timed(() => this.#hearing.finish()));
    await this.#settling?.finish();
    const realTimeFactor = this.#realTimeFactor;
    return { recording: await this.#close(false), realTimeFactor };
  }

  /** Ends without its window: what is there becomes a recording; a take without a sample is left to the next start. */
  async putAway(): Promise<void> {
    if (this.samplesOnDisk === 0) return this.release();
    await this.#hearing.finish();
    await this.#close(true);
  }

  /** Gives the frames of every chunk from now on to a watch, in the place of the one before; null: to none. */
  watch(watch: FrameWatch | null): void {
    this.#watch?.end();
    this.#watch = watch;
  }

  /** Lets go of everything; the take stays as it is. */
  async release(): Promise<void> {
    this.watch(null);
    this.#settling?.stop();
    this.#hearing.dispose();
    await this.#take.close();
  }

  get #realTimeFactor(): number | null {
    const soundMs = (this.framesTaken - this.#framesBefore) * this.#hopMs;
    return soundMs > 0 ? this.#workedMs / soundMs : null;
  }

  async #timed<R>(work: () => Promise<R>): Promise<R> {
    const startedAt = performance.now();
    const result = await work();
    this.#workedMs += performance.now() - startedAt;
    return result;
  }

  async #write(run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      if (!(error instanceof UnrollError)) throw error;
      await this.#giveUp(error);
      throw error;
    }
  }

  /** The disk is full: a manifest is small and may still fit; if not, the take is put together at the next start. */
  async #giveUp(error: UnrollError): Promise<void> {
    this.#events.failed(this.id, error.toMessage());
    try {
      await this.putAway();
    } catch (second) {
      if (!(second instanceof UnrollError)) throw second;
      await this.release();
    }
  }

  async #close(isRecovered: boolean): Promise<RecordingSummary> {
    this.#settling?.stop();
    const heard = this.#hearing.utterances;
    const utterances = this.#settling?.linesOf(heard) ?? heard;
    const summary = await this.#recordings.finishTake(this.#take, { utterances, isRecovered });
    this.#hearing.dispose();
    this.watch(null);
    this.#events.changed();
    return summary;
  }

  /** The frames that were not taken yet. */
  #newFrames(method: MethodName, { firstFrame, frames }: Frames): Float32Array {
    const count = frames.length / this.#inputs;
    if (!Number.isInteger(count)) throw refused(method, `A frame of this model has ${this.#inputs} values.`);
    const known = this.framesTaken - firstFrame;
    if (known < 0) throw refused(method, `Frame ${firstFrame} does not follow ${this.framesTaken}.`);
    const fresh = frames.subarray(Math.min(known, count) * this.#inputs);
    if (!fresh.every(Number.isFinite)) throw refused(method, 'A frame holds a value that is not a finite number.');
    return fresh;
  }

  #tell(step: LiveStep): void {
    const soundMs = (this.samplesOnDisk * 1000) / RECORDING_SAMPLE_RATE_HZ;
    const lagMs = Math.max(0, soundMs - this.framesTaken * this.#hopMs);
    for (const event of recognisedEvents([...this.#again, step], this.id, lagMs)) this.#events.recognised(event);
    this.#again = [];
    this.#settling?.take(step, this.#hearing.isLineOpen);
  }
}

const refused = (method: MethodName, reason: string): UnrollError =>
  new UnrollError('message.refused', { method, reason });
