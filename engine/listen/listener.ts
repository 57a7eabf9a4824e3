// All recordings that are being heard at the moment, by stream.
import type { DecodingChoice } from '../../app/contract/decoding';
import type { ReplyOf, RequestOf } from '../../app/contract/messages';
import { UnrollError } from '../../app/errors';
import type { Decoder } from '../ctc/transcribe';
import { newId } from '../library/recordingFiles';
import type { Recordings } from '../library/recordings';
import type { Take } from '../library/take';
import { Turns } from '../library/turns';
import { hearAgain, Hearing } from './hearing';
import { ListenStream, type FrameWatch, type StreamEvents } from './listenStream';
import type { LineReader } from './settling';
import type { OpenModel } from './openModel';

/** A stream without a message for so long is taken for left alone when another begins; a rest of the speaker's is shorter. */
const LEFT_ALONE_MS = 15 * 60_000;

export interface ListenerOptions {
  readonly recordings: Recordings;
  /** @throws UnrollError model.missing, model.invalid */
  readonly openModel: (modelId: string) => Promise<OpenModel>;
  /** How a model's symbols are searched, in the place of what the model and the person would choose. */
  readonly decoder?: Decoder;
  readonly events: StreamEvents;
  /** The process that started the engine. */
  readonly owner: number;
  readonly now?: () => Date;
}

interface Listening {
  readonly stream: ListenStream;
  readonly model: OpenModel;
  lastHeardAt: number;
}

export class Listener {
  readonly #options: ListenerOptions;
  readonly #now: () => Date;
  readonly #streams = new Map<string, Listening>();
  readonly #turns = new Turns();

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => new Date());
  }

  async start({
    modelId,
    source,
    decoding,
    settleModelId,
  }: RequestOf<'listen.start'>): Promise<ReplyOf<'listen.start'>> {
    const { recordings, owner } = this.#options;
    await this.#putAwayLeftAlone();
    const model = await this.#options.openModel(modelId);
    const lineReader = await this.#lineReader(settleModelId, decoding);
    const createdAt = this.#now();
    const recordingId = newId();
    const take = await recordings.createTake({
      format: 'unroll-take',
      version: 1,
      id: recordingId,
      title: '',
      createdAt: createdAt.toISOString(),
      source,
      modelId,
      owner,
      marks: [],
    });
    const stream = this.#add(model, take, await this.#hear(model, decoding), lineReader);
    return { streamId: stream.id, recordingId };
  }

  /** @throws UnrollError stream.unknown, and as ListenStream.chunk */
  chunk(body: RequestOf<'listen.chunk'>): Promise<ReplyOf<'listen.chunk'>> {
    return this.#writing(body.streamId, (stream) => stream.chunk(body));
  }

  /** @throws UnrollError stream.unknown, disk.full */
  mark({ streamId, marks }: RequestOf<'listen.mark'>): Promise<ReplyOf<'listen.mark'>> {
    return this.#writing(streamId, async (stream) => {
      await stream.mark(marks);
      return {};
    });
  }

  /** @throws UnrollError stream.unknown */
  giveBack({ streamId, lines }: RequestOf<'listen.giveBack'>): Promise<ReplyOf<'listen.giveBack'>> {
    return this.#inTurn(streamId, async (stream) => {
      stream.giveBack(lines);
      return {};
    });
  }

  /**
   * Lets a watch look on, in the place of the one before.
   * @param open makes it of the stream's model and the frames that were heard before; null: none looks on
   * @throws UnrollError stream.unknown, and what `open` throws
   */
  watch(streamId: string, open: (model: OpenModel, framesBefore: number) => FrameWatch | null): Promise<OpenModel> {
    return this.#inTurn(streamId, async (stream) => {
      const { model } = this.#streams.get(streamId)!;
      stream.watch(open(model, stream.framesTaken));
      return model;
    });
  }

  /** @throws UnrollError stream.unknown */
  finish({ streamId, ...frames }: RequestOf<'listen.finish'>): Promise<ReplyOf<'listen.finish'>> {
    return this.#inTurn(streamId, async (stream) => {
      const finished = await stream.finish(frames);
      this.#streams.delete(streamId);
      return finished;
    });
  }

  /**
   * Hears again what is on disk, whether the take was cut short, is still open here, or has become a recording since.
   * @throws UnrollError recording.missing, recording.damaged, model.missing
   */
  resume(body: RequestOf<'listen.resume'>): Promise<ReplyOf<'listen.resume'>> {
    return this.#turns.take(body.recordingId, () => this.#resume(body));
  }

  async #resume({
    recordingId,
    modelId,
    decoding,
    settleModelId,
  }: RequestOf<'listen.resume'>): Promise<ReplyOf<'listen.resume'>> {
    const { recordings, owner } = this.#options;
    const model = await this.#options.openModel(modelId);
    const lineReader = await this.#lineReader(settleModelId, decoding);
    await this.#releaseStreamsOf(recordingId);
    const take = await recordings.reopenTake(recordingId, modelId, owner);
    const hearing = await this.#hear(model, decoding);
    const steps = await hearAgain(hearing, model, {
      samples: take.samplesOnDisk,
      read: (first, count) => take.read(first, count),
    });
    const stream = this.#add(model, take, hearing, lineReader, steps);
    return { streamId: stream.id, samplesOnDisk: stream.samplesOnDisk, framesTaken: stream.framesTaken };
  }

  /** The end of the engine: every stream becomes a recording. */
  async putAwayAll(): Promise<void> {
    await Promise.all([...this.#streams.keys()].map((streamId) => this.#putAway(streamId)));
  }

  #hear(model: OpenModel, choice: DecodingChoice | undefined): Promise<Hearing> {
    return Hearing.open(model, this.#options.decoder ?? model.decoderFor(choice), choice?.endpoints);
  }

  async #lineReader(modelId: string | undefined, choice: DecodingChoice | undefined): Promise<LineReader | null> {
    if (modelId === undefined) return null;
    try {
      const model = await this.#options.openModel(modelId);
      return { model, decoder: model.decoderFor(choice), endpoints: choice?.endpoints };
    } catch (error) {
      // What has settled stays, and the recording goes on: what is wrong with the model is said to whoever opens it.
      if (error instanceof UnrollError) return null;
      throw error;
    }
  }

  #add(
    model: OpenModel,
    take: Take,
    hearing: Hearing,
    lineReader: LineReader | null,
    heardAgain: ConstructorParameters<typeof ListenStream>[0]['heardAgain'] = [],
  ): ListenStream {
    const { recordings, events } = this.#options;
    const { network, frontEnd } = model.manifest;
    const stream = new ListenStream({
      id: newId(),
      take,
      hearing,
      inputs: network.inputSize,
      hopMs: frontEnd.hopMs,
      recordings,
      events,
      heardAgain,
      lineReader,
    });
    this.#streams.set(stream.id, { stream, model, lastHeardAt: this.#now().getTime() });
    return stream;
  }

  #inTurn<R>(streamId: string, run: (stream: ListenStream) => Promise<R>): Promise<R> {
    return this.#turns.take(streamId, async () => {
      const listening = this.#streams.get(streamId);
      if (listening === undefined) throw new UnrollError('stream.unknown');
      listening.lastHeardAt = this.#now().getTime();
      return run(listening.stream);
    });
  }

  /** In turn; a stream that finds the disk full has ended itself. */
  #writing<R>(streamId: string, run: (stream: ListenStream) => Promise<R>): Promise<R> {
    return this.#inTurn(streamId, async (stream) => {
      try {
        return await run(stream);
      } catch (error) {
        if (error instanceof UnrollError && error.code === 'disk.full') this.#streams.delete(stream.id);
        throw error;
      }
    });
  }

  async #releaseStreamsOf(recordingId: string): Promise<void> {
    for (const [streamId, { stream }] of this.#streams) {
      if (stream.recordingId !== recordingId) continue;
      await this.#turns.take(streamId, async () => {
        if (this.#streams.delete(streamId)) await stream.release();
      });
    }
  }

  async #putAwayLeftAlone(): Promise<void> {
    const latest = this.#now().getTime() - LEFT_ALONE_MS;
    for (const [streamId, { lastHeardAt }] of this.#streams) if (lastHeardAt < latest) await this.#putAway(streamId);
  }

  #putAway(streamId: string): Promise<void> {
    return this.#turns.take(streamId, async () => {
      const listening = this.#streams.get(streamId);
      if (listening === undefined) return;
      this.#streams.delete(streamId);
      await listening.stream.putAway();
    });
  }
}
