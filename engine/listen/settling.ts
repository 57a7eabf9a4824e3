// Lines of a live text read once more when they have ended, by a model that hears them whole. What it reads otherwise takes the place
// of what had settled, once and as a whole; a line that the person gave back stays as it had settled.
import type { Endpoints } from '../../app/contract/decoding';
import { isSure, readingOf, type Utterance, type Word } from '../../app/contract/recognition';
import type { LiveStep } from '../ctc/live';
import type { Decoder } from '../ctc/transcribe';
import type { SoundSource } from './hearing';
import type { OpenModel } from './openModel';
import { readPart } from './readPart';

/** Sound before and after a line that is read with it, where no other line has it: a network that hears the whole knows pauses. */
const MARGIN_MS = 400;
/** At the recording's end: readings that are not there by then are done without. */
const LAST_READINGS_MS = 10_000;

/** The one who reads. */
export interface LineReader {
  readonly model: OpenModel;
  readonly decoder: Decoder;
  readonly endpoints: Endpoints | undefined;
}

export interface SettlingOptions {
  readonly reader: LineReader;
  readonly sound: () => SoundSource;
  /** A line is read otherwise. */
  readonly onRead: (lineStartMs: number, words: Word[]) => void;
  /** What no person can mend; no line is read after it. */
  readonly onBug: (error: unknown) => void;
}

interface OpenLine {
  /** Where the line before it ends; null: there is none. */
  readonly afterMs: number | null;
  readonly words: Word[];
}

export class Settling {
  readonly #options: SettlingOptions;
  #open: OpenLine | null = null;
  #lastEndMs: number | null = null;
  #isOver = false;
  /** Readings that differ, by the start of the line's first settled word. */
  readonly #read = new Map<number, Word[]>();
  #givenBack: ReadonlySet<number> = new Set();
  /** One line is read after another. */
  #last: Promise<void> = Promise.resolve();

  constructor(options: SettlingOptions) {
    this.#options = options;
  }

  /**
   * Takes what has settled.
   * @param isLineOpen whether the next word may still stand in the line of the last one
   */
  take({ settled }: Pick<LiveStep, 'settled'>, isLineOpen: boolean): void {
    for (const { startsLine, word } of settled) {
      if (startsLine) this.#end(word.startMs);
      this.#open ??= { afterMs: this.#lastEndMs, words: [] };
      this.#open.words.push(word);
      this.#lastEndMs = word.endMs;
    }
    if (!isLineOpen) this.#end(null);
  }

  /** Lines, by the start of their first settled word, that stay as they had settled: these alone. */
  giveBack(lines: readonly number[]): void {
    this.#givenBack = new Set(lines);
  }

  /** The lines with what was read otherwise, and with what had settled before. */
  linesOf(utterances: readonly Utterance[]): Utterance[] {
    return utterances.map((utterance) => {
      const live = utterance.words;
      const words = this.#read.get(utterance.startMs);
      const [first, last] = [words?.[0], words?.at(-1)];
      if (words === undefined || first === undefined || last === undefined) return utterance;
      if (this.#givenBack.has(utterance.startMs)) return utterance;
      return { startMs: first.startMs, endMs: last.endMs, words, live };
    });
  }

  /** Waits for lines that are still being read, but not for long. Everything must have been taken. */
  async finish(): Promise<void> {
    this.#end(null);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, LAST_READINGS_MS)));
    await Promise.race([this.#last, late]);
    clearTimeout(timer);
    this.stop();
  }

  /** Reads no more. */
  stop(): void {
    this.#isOver = true;
  }

  /** @param nextMs where the next line begins; null: not yet */
  #end(nextMs: number | null): void {
    const line = this.#open;
    this.#open = null;
    if (line === null) return;
    this.#last = this.#last
      .then(() => this.#readAgain(line, nextMs))
      .catch((error: unknown) => {
        this.stop();
        this.#options.onBug(error);
      });
  }

  async #readAgain({ words, afterMs }: OpenLine, nextMs: number | null): Promise<void> {
    const [first, last] = [words[0], words.at(-1)];
    if (first === undefined || last === undefined || this.#isLeft(first.startMs)) return;
    const { reader, sound, onRead } = this.#options;
    const margins = {
      before: marginOf(afterMs === null ? Infinity : first.startMs - afterMs),
      after: marginOf(nextMs === null ? Infinity : nextMs - last.endMs),
    };
    const span = { startMs: first.startMs, endMs: last.endMs };
    const { model, decoder, endpoints } = reader;
    const heard = await readPart(model, sound(), span, { decoder, endpoints, margins });
    const read = heard.flatMap((utterance) => utterance.words);
    // A model that understands nothing of a line has no better reading of it.
    if (this.#isLeft(first.startMs) || !read.some(isSure) || textOf(read) === textOf(words)) return;
    this.#read.set(first.startMs, read);
    onRead(first.startMs, read);
  }

  #isLeft(lineStartMs: number): boolean {
    return this.#isOver || this.#givenBack.has(lineStartMs);
  }
}

/** Half of the pause on that side, so that no word is heard with two lines. */
const marginOf = (pauseMs: number): number => Math.max(0, Math.min(MARGIN_MS, pauseMs / 2));

const textOf = (words: readonly Word[]): string => words.map((word) => (isSure(word) ? readingOf(word) : '')).join(' ');
