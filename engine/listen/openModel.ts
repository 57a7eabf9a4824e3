// A model that is loaded and warm: whoever listens takes a reader from it and gives it back.
import { isStreaming, type RecogniserManifest } from '../../app/contract/model';
import { framesPerStep } from '../../app/contract/network';
import { DEFAULT_CHOICE, HOT_WORD_BOOST, KEPT_READINGS, type DecodingChoice } from '../../app/contract/decoding';
import type { Rung } from '../../app/contract/rung';
import type { Decoder } from '../ctc/transcribe';
import { Grammar } from '../language/grammar';
import { openDecoder } from '../language/openDecoder';
import type { WordModel } from '../language/wordModel';
import type { Recogniser } from '../library/modelFiles';
import { openProgram, openStream } from '../network/open';
import type { NetworkProgram, NetworkStream } from '../network/program';
import { ForwardReader, WindowReader, type LogitReader } from './logitReader';
import { WholeReader } from './wholeReader';

/** How networks are opened; apart from engine/network/open only for tests. */
export interface NetworkOpeners {
  readonly openProgram: (...model: Parameters<typeof openProgram>) => NetworkProgram | Promise<NetworkProgram>;
  readonly openStream: (...model: Parameters<typeof openStream>) => NetworkStream | Promise<NetworkStream>;
}

/** Streams that wait for the next listener. */
const KEPT_STREAMS = 2;
const WARM_UP_FRAMES = [1, 10] as const;

export class OpenModel {
  readonly manifest: RecogniserManifest;
  readonly isStreaming: boolean;
  readonly parameters: Recogniser['parameters'];
  readonly rung: Rung;
  readonly #openers: NetworkOpeners;
  readonly #words: WordModel | null;
  readonly #idle: NetworkStream[] = [];
  #program: Promise<NetworkProgram> | null = null;

  /** @param words the language model that came with it */
  constructor(
    model: Recogniser,
    rung: Rung,
    openers: NetworkOpeners = { openProgram, openStream },
    words: WordModel | null = null,
  ) {
    this.#words = words;
    this.parameters = model.parameters;
    this.rung = rung;
    this.#openers = openers;
    this.manifest = model.manifest;
    this.isStreaming = isStreaming(model.manifest);
  }

  /** Greedy where no language and no word asks for more. @throws UnrollError language.noWords of phrases */
  decoderFor({ usesLanguage, hotWords, phrases = [], ...how }: DecodingChoice = DEFAULT_CHOICE): Decoder {
    const language = usesLanguage ? this.#words : null;
    const words = phrases.length > 0 ? new Grammar(phrases) : language;
    if (words === null && hotWords.length === 0) return 'greedy';
    const boost = how.hotWordBoost ?? HOT_WORD_BOOST.usual;
    return openDecoder(this.manifest, {
      words,
      hotWords: hotWords.map((phrase) => ({ phrase, boost })),
      fusion: how.fusion ?? {},
      nBest: KEPT_READINGS,
    });
  }

  /** A reader in its initial state; its user disposes it. */
  async openReader(): Promise<LogitReader> {
    const { network, frontEnd } = this.manifest;
    if (!this.isStreaming) {
      const shape = {
        inputs: network.inputSize,
        classes: network.head.classes,
        frontEnd,
        framesPerStep: framesPerStep(network),
      };
      const program = await this.#wholeProgram();
      return this.manifest.hears === 'whole' ? new WholeReader(program, shape) : new WindowReader(program, shape);
    }
    const stream = this.#idle.pop() ?? (await this.#open(this.#openers.openStream));
    return new ForwardReader(stream, (used) => this.#takeBack(used));
  }

  /** Pays for loading and first runs now, so that no listener does. */
  async warmUp(): Promise<void> {
    const reader = await this.openReader();
    for (const frames of WARM_UP_FRAMES) await reader.push(new Float32Array(frames * this.manifest.network.inputSize));
    await reader.preview();
    if (reader instanceof WholeReader) await reader.warmUp();
    reader.dispose();
  }

  async dispose(): Promise<void> {
    for (const stream of this.#idle.splice(0)) stream.dispose();
    (await this.#program)?.dispose();
    this.#program = null;
  }

  #wholeProgram(): Promise<NetworkProgram> {
    this.#program ??= this.#open(this.#openers.openProgram);
    return this.#program;
  }

  async #open<N>(opener: (...model: Parameters<typeof openStream>) => N | Promise<N>): Promise<N> {
    return opener(this.manifest.network, this.parameters, this.rung);
  }

  #takeBack(stream: NetworkStream): void {
    if (this.#idle.length >= KEPT_STREAMS) return stream.dispose();
    stream.reset();
    this.#idle.push(stream);
  }
}
