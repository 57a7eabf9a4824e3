// From frames, or from sound, to words: what live listening, files, recovery and the command line have in common.
import { DEFAULT_ENDPOINTS, type Endpoints } from '../../app/contract/decoding';
import { stepMsOf, type RecogniserManifest } from '../../app/contract/model';
import type { FrameSymbols, Utterance, Word } from '../../app/contract/recognition';
import { StreamingFrontEnd } from '../../app/features/frontEnd';
import { LiveText, type LiveStep } from '../ctc/live';
import { BeamText } from '../ctc/beamText';
import { lineRules, linesOf, openText, type Decoder } from '../ctc/transcribe';
import type { SettledWord } from '../ctc/words';
import { joined, type LogitReader } from './logitReader';
import type { OpenModel } from './openModel';

/** New sound after which the changing text of a network that cannot stream is made anew, at the earliest. */
const PREVIEW_MS = 100;
/** Share of the time that may go into it: where reading is slow, the tail comes less often. */
const PREVIEW_SHARE = 0.25;

export class Hearing {
  readonly #manifest: RecogniserManifest;
  readonly #reader: LogitReader;
  readonly #text: LiveText | BeamText;
  readonly #endpoints: Endpoints;
  readonly #settled: SettledWord[] = [];
  #framesTaken = 0;
  /** In steps of the logits, as #openStart. */
  #framesFinal = 0;
  #framesAtPreview = 0;
  #previewMs = PREVIEW_MS;
  /** Final logits of a word that has not settled, from frame #openStart to #framesFinal: the preview reads it whole. */
  #openLogits: Float32Array = new Float32Array(0);
  #openStart = 0;
  #tail: Word[] = [];

  private constructor(manifest: RecogniserManifest, reader: LogitReader, decoder: Decoder, endpoints: Endpoints) {
    this.#manifest = manifest;
    this.#reader = reader;
    this.#endpoints = endpoints;
    this.#text = openText(manifest, decoder, endpoints);
  }
  static async open(
    model: OpenModel,
    decoder: Decoder = 'greedy',
    endpoints: Endpoints = DEFAULT_ENDPOINTS,
  ): Promise<Hearing> {
    return new Hearing(model.manifest, await model.openReader(), decoder, endpoints);
  }

  get framesTaken(): number {
    return this.#framesTaken;
  }
  /** Whether the next word may still stand in the line of the one before. */
  get isLineOpen(): boolean {
    return this.#text.isLineOpen;
  }
  /** Words that have settled, in their lines. */
  get utterances(): Utterance[] {
    return linesOf(this.#settled, this.#text);
  }

  /** What became certain with these frames. @param frames [n, D]; n may be 0 */
  async push(frames: Float32Array): Promise<LiveStep> {
    this.#framesTaken += frames.length / this.#manifest.network.inputSize;
    return this.#take(await this.#reader.push(frames));
  }

  /** As push; where the network cannot stream, the tail and the frames' symbols are those that the end would give now. */
  async pushLive(frames: Float32Array): Promise<LiveStep> {
    const step = await this.push(frames);
    return this.#reader.isStreaming ? step : this.#withPreview(step);
  }

  /** The end: everything settles. */
  async finish(): Promise<LiveStep> {
    const step = this.#take(await this.#reader.finish());
    const end = this.#text.finish();
    this.#settled.push(...end.settled);
    return { settled: [...step.settled, ...end.settled], tail: [], frames: step.frames };
  }

  dispose(): void {
    this.#reader.dispose();
  }

  #take(logits: Float32Array): LiveStep {
    const { classes } = this.#manifest.network.head;
    const n = logits.length / classes;
    const step = this.#text.push(logits, n);
    this.#framesFinal += n;
    if (this.#text instanceof LiveText) this.#keepOpen(this.#text, logits);
    this.#settled.push(...step.settled);
    return step;
  }

  #keepOpen(text: LiveText, logits: Float32Array): void {
    const openFrame = Math.min(text.openFrame, this.#framesFinal);
    const opened = (openFrame - this.#openStart) * this.#manifest.network.head.classes;
    if (!this.#reader.isStreaming) this.#openLogits = joined([this.#openLogits, logits]).slice(opened);
    this.#openStart = openFrame;
  }

  /** The text of what has not settled yet, as the tail: the open word from its beginning, and all that is not final. */
  async #withPreview(step: LiveStep): Promise<LiveStep> {
    const { hopMs } = this.#manifest.frontEnd;
    if ((this.#framesTaken - this.#framesAtPreview) * hopMs < this.#previewMs) return { ...step, tail: this.#tail };
    this.#framesAtPreview = this.#framesTaken;
    const startedAt = performance.now();
    const logits = await this.#reader.preview();
    this.#previewMs = Math.max(PREVIEW_MS, (performance.now() - startedAt) / PREVIEW_SHARE);
    const { classes } = this.#manifest.network.head;
    if (this.#text instanceof BeamText) {
      const ahead = this.#text.fork();
      const heard = ahead.push(logits, logits.length / classes);
      this.#tail = [...heard.settled, ...ahead.finish().settled].map(({ word }) => word);
      return { settled: step.settled, tail: this.#tail, frames: followedBy(step.frames, heard.frames, 0) };
    }
    const text = new LiveText(this.#manifest, lineRules(this.#endpoints));
    const unsettled = joined([this.#openLogits, logits]);
    const heard = text.push(unsettled, unsettled.length / classes);
    const words = [...heard.settled, ...text.finish().settled].map(({ word }) => word);
    this.#tail = words.map((word) => movedBy(word, this.#openStart * stepMsOf(this.#manifest)));
    const known = this.#framesFinal - this.#openStart;
    return { settled: step.settled, tail: this.#tail, frames: followedBy(step.frames, heard.frames, known) };
  }
}

/** @param from the first frame of `next` that `frames` does not have */
const followedBy = (frames: FrameSymbols, next: FrameSymbols, from: number): FrameSymbols => ({
  firstFrame: frames.firstFrame,
  classes: Int16Array.of(...frames.classes, ...next.classes.subarray(from)),
  probabilities: Float32Array.of(...frames.probabilities, ...next.probabilities.subarray(from)),
});

const movedBy = (word: Word, ms: number): Word => ({
  ...word,
  startMs: word.startMs + ms,
  endMs: word.endMs + ms,
  characters: word.characters.map((character) => ({
    ...character,
    startMs: character.startMs + ms,
    endMs: character.endMs + ms,
  })),
});

/** Sound that is heard anew, 16 kHz mono. */
export interface SoundSource {
  readonly samples: number;
  /** Samples [first, first + count), fewer at the end. */
  read(first: number, count: number): Promise<Int16Array>;
}
export const soundOf = (pcm: Int16Array): SoundSource => ({
  samples: pcm.length,
  read: async (first, count) => pcm.subarray(first, first + count),
});

export interface HearOptions {
  readonly onProgress?: (fraction: number) => void;
  /** Awaited between two pieces: hearing rests as long. */
  readonly rested?: () => Promise<void>;
  /** Aborted: ends at the next piece with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** One second: between two pieces others get their turn. */
const PIECE_SAMPLES = 16_000;

/** The frames of a sound piece by piece, in memory that does not grow with its length; the last piece ends it. */
export async function* framesOf(
  sound: SoundSource,
  { frontEnd: settings }: Pick<RecogniserManifest, 'frontEnd'>,
  { onProgress, rested, signal }: HearOptions = {},
): AsyncGenerator<Float32Array, Float32Array> {
  const frontEnd = new StreamingFrontEnd(settings);
  for (let first = 0; first < sound.samples; first += PIECE_SAMPLES) {
    yield frontEnd.push(await sound.read(first, PIECE_SAMPLES));
    onProgress?.(Math.min(1, (first + PIECE_SAMPLES) / sound.samples));
    await new Promise((resolve) => setImmediate(resolve));
    await rested?.();
    signal?.throwIfAborted();
  }
  return frontEnd.finish();
}

/** Everything up to where a live stream would stand after this sound: frames that look ahead are still to come. */
export async function hearAgain(hearing: Hearing, model: OpenModel, sound: SoundSource): Promise<LiveStep[]> {
  const steps: LiveStep[] = [];
  for await (const frames of framesOf(sound, model.manifest)) steps.push(await hearing.push(frames));
  return steps;
}

/** The whole transcript of a sound, by the same rules as live text. Memory does not grow with the sound's length. */
export async function transcribe(
  model: OpenModel,
  sound: SoundSource,
  options: HearOptions & { readonly decoder?: Decoder; readonly endpoints?: Endpoints | undefined } = {},
): Promise<Utterance[]> {
  const hearing = await Hearing.open(model, options.decoder, options.endpoints);
  try {
    for await (const frames of wholeFramesOf(sound, model.manifest, options)) await hearing.push(frames);
    await hearing.finish();
    return hearing.utterances;
  } finally {
    hearing.dispose();
  }
}

/** The logits [T, C] of a whole sound. */
export async function logitsOf(model: OpenModel, sound: SoundSource, options: HearOptions = {}): Promise<Float32Array> {
  const reader = await model.openReader();
  try {
    const parts: Float32Array[] = [];
    for await (const frames of wholeFramesOf(sound, model.manifest, options)) parts.push(await reader.push(frames));
    parts.push(await reader.finish());
    return joined(parts);
  } finally {
    reader.dispose();
  }
}

/** All frames, those at the end too. */
async function* wholeFramesOf(
  sound: SoundSource,
  manifest: Pick<RecogniserManifest, 'frontEnd'>,
  options: HearOptions,
): AsyncGenerator<Float32Array> {
  yield yield* framesOf(sound, manifest, options);
}
