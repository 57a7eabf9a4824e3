// Text while it is being spoken: logits in, settled words and a changing tail out.
import { blankClass } from '../../app/contract/model';
import type { FrameSymbols, Word } from '../../app/contract/recognition';
import { GreedyDecoder } from './greedy';
import {
  classCount,
  DEFAULT_ENDPOINT_RULES,
  WordAssembler,
  type EndpointRules,
  type SettledWord,
  type TextManifest,
} from './words';

/** What one push added; the parts of a `recognised` event that come from the logits. */
export interface LiveStep {
  /** Words that settled with this push: they never change again. */
  readonly settled: SettledWord[];
  /** The word still open, if any; replaces the tail of the step before. */
  readonly tail: Word[];
  /** Best class and posterior of each pushed frame. */
  readonly frames: FrameSymbols;
}

/** Greedy text of one stream. The settled words, all steps together, do not depend on how the logits were cut. */
export class LiveText {
  readonly #decoder: GreedyDecoder;
  readonly #assembler: WordAssembler;

  constructor(manifest: TextManifest, rules: EndpointRules = DEFAULT_ENDPOINT_RULES) {
    this.#decoder = new GreedyDecoder(classCount(manifest), blankClass(manifest.alphabet));
    this.#assembler = new WordAssembler(manifest, rules);
  }

  /** @param logits [n, C] before softmax. */
  push(logits: Float32Array, n: number): LiveStep {
    const firstFrame = this.#decoder.frames;
    const { emissions, classes, probabilities } = this.#decoder.push(logits, n);
    const settled = emissions.flatMap((emission) => this.#assembler.add(emission));
    const { open } = this.#decoder;
    settled.push(
      ...(open === null
        ? this.#assembler.advance(this.#decoder.frames)
        : this.#assembler.begin(open.classIndex, open.startFrame)),
    );
    return { settled, tail: this.#assembler.tail(open), frames: { firstFrame, classes, probabilities } };
  }

  /** Ends the stream: everything settles. */
  finish(): LiveStep {
    const settled = this.#decoder.finish().flatMap((emission) => this.#assembler.add(emission));
    settled.push(...this.#assembler.finish());
    const frames = {
      firstFrame: this.#decoder.frames,
      classes: new Int16Array(0),
      probabilities: new Float32Array(0),
    };
    return { settled, tail: [], frames };
  }
}
