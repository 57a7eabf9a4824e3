// ARPA files: n-grams with log10 probabilities and back-off weights, as SRILM and KenLM write them.
//
// What stands before \data\ is free text to every reader. Ours finds the model's classes there, one to a line:
//   class <letter> a b c …
import { UnrollError, type ErrorParams, type ReasonCode } from '../../app/errors';
import { writeFileAtomic } from '../library/atomicFile';
import { readNamedFile } from '../data/namedFile';
import { BEGIN_TOKEN, END_TOKEN, NgramModel, UNKNOWN_TOKEN, type WordClass } from './ngramModel';

const MAX_BYTES = 512 * 2 ** 20;
const MAX_LINE_BYTES = 1 << 16;
const MAX_ORDER = 10;
const MAX_NGRAMS = 10_000_000;
const MAX_CLASS_WORDS = 100_000;
const MARKS: readonly string[] = [BEGIN_TOKEN, END_TOKEN, UNKNOWN_TOKEN];

/** @throws UnrollError file.missing, file.unreadable, file.tooLarge, or manifest.invalid with the line. */
export async function readArpa(file: string): Promise<NgramModel> {
  return parseArpa(await readNamedFile(file, MAX_BYTES), file);
}

/** @throws UnrollError manifest.invalid with the line. */
export function parseArpa(bytes: Uint8Array, file: string): NgramModel {
  return new ArpaReader(file).read(linesOf(bytes, file));
}

interface Line {
  readonly text: string;
  /** From 1. */
  readonly number: number;
}

class ArpaReader {
  readonly #file: string;
  #line = 0;

  constructor(file: string) {
    this.#file = file;
  }

  read(lines: Iterator<Line>): NgramModel {
    const classes = this.#preamble(lines);
    const { counts, after } = this.#counts(lines);
    const model = new NgramModel(counts.length, classes);
    let header: string | null = after;
    for (let n = 1; n <= counts.length; n++) {
      if (header !== `\\${n}-grams:`) throw this.#refused('reason.arpa.section', { section: `\\${n}-grams:` });
      header = this.#section(lines, model, n, counts[n - 1]!);
    }
    if (header !== '\\end\\') throw this.#refused('reason.arpa.section', { section: '\\end\\' });
    const words = new Set(model.tokens);
    for (const word of classes.flatMap((each) => each.words))
      if (words.has(word)) throw this.#refused('reason.arpa.classWord', { word });
    return model;
  }

  #preamble(lines: Iterator<Line>): WordClass[] {
    const classes: WordClass[] = [];
    const seen = new Set<string>();
    for (let line = this.#next(lines); line !== '\\data\\'; line = this.#next(lines)) {
      if (line === null) throw this.#refused('reason.arpa.beginning');
      const [mark, token, ...words] = line.split(/\s+/u);
      if (mark !== 'class' || token === undefined || !/^<[^<>\s]+>$/u.test(token)) continue;
      if (MARKS.includes(token) || words.length === 0 || seen.size + words.length > MAX_CLASS_WORDS)
        throw this.#refused('reason.arpa.class');
      for (const word of words) {
        if (seen.has(word)) throw this.#refused('reason.arpa.classWord', { word });
        seen.add(word);
      }
      classes.push({ token, words });
    }
    return classes;
  }

  #counts(lines: Iterator<Line>): { counts: number[]; after: string | null } {
    const counts: number[] = [];
    for (;;) {
      const line = this.#next(lines);
      if (line === '') continue;
      const [, order, count] = /^ngram\s+(\d{1,3})\s*=\s*(\d{1,12})$/.exec(line ?? '') ?? [];
      if (order === undefined) {
        if (counts.length === 0) throw this.#refused('reason.arpa.counts');
        return { counts, after: line };
      }
      if (Number(order) !== counts.length + 1 || counts.length === MAX_ORDER)
        throw this.#refused('reason.arpa.order', { most: MAX_ORDER });
      counts.push(Number(count));
      if (counts.reduce((sum, each) => sum + each, 0) > MAX_NGRAMS)
        throw this.#refused('reason.arpa.tooMany', { most: MAX_NGRAMS });
    }
  }

  /** @returns the line after it: the header of the next section */
  #section(lines: Iterator<Line>, model: NgramModel, n: number, count: number): string | null {
    let found = 0;
    for (;;) {
      const line = this.#next(lines);
      if (line === '') continue;
      if (line === null || line.startsWith('\\')) {
        if (found !== count) throw this.#refused('reason.arpa.count', { order: n, stated: count, found });
        return line;
      }
      if (++found > count) throw this.#refused('reason.arpa.count', { order: n, stated: count, found });
      this.#ngram(line, model, n);
    }
  }

  #ngram(line: string, model: NgramModel, n: number): void {
    const fields = line.split(/[\t ]+/u);
    if (fields.length !== n + 1 && fields.length !== n + 2) throw this.#refused('reason.arpa.words', { order: n });
    const logProbability = this.#number(fields[0]!);
    if (logProbability > 0) throw this.#refused('reason.arpa.probability');
    const backOff = fields.length === n + 2 ? this.#number(fields[n + 1]!) : 0;
    const tokens = fields.slice(1, n + 1).map((token) => token.normalize('NFC'));
    // As older tools write it.
    const named = tokens.map((token) => (token === '<UNK>' ? UNKNOWN_TOKEN : token));
    if (!model.add(named, logProbability, backOff)) throw this.#refused('reason.arpa.ngram');
  }

  #number(text: string): number {
    if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) {
      if (/^-inf(inity)?$/i.test(text)) return -99;
      throw this.#refused('reason.arpa.number');
    }
    const value = Number(text);
    if (!(Math.abs(value) < 1e6)) throw this.#refused('reason.arpa.number');
    return value;
  }

  /** The next line without the spaces around it; null at the end. */
  #next(lines: Iterator<Line>): string | null {
    const { value, done } = lines.next() as IteratorResult<Line, undefined>;
    if (done) return null;
    this.#line = value.number;
    return value.text.trim();
  }

  #refused(reason: ReasonCode, params: ErrorParams = {}): UnrollError {
    return new UnrollError('manifest.invalid', { ...params, file: this.#file, line: this.#line, reason });
  }
}

function* linesOf(bytes: Uint8Array, file: string): Generator<Line> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let number = 0;
  for (let from = 0; from < bytes.length;) {
    const at = bytes.indexOf(10, from);
    const to = at === -1 ? bytes.length : at;
    number++;
    const refused = (reason: ReasonCode, cause?: unknown): UnrollError =>
      new UnrollError('manifest.invalid', { file, line: number, reason }, { cause });
    if (to - from > MAX_LINE_BYTES) throw refused('reason.arpa.line');
    let text: string;
    try {
      text = decoder.decode(bytes.subarray(from, to));
    } catch (error) {
      throw refused('reason.arpa.utf8', error);
    }
    yield { text, number };
    from = to + 1;
  }
}

/** The model as an ARPA file; n-grams of a length by the order of their tokens, so that one model is always one file. */
export function arpaText(model: NgramModel): string {
  const lines = model.classes.map(({ token, words }) => `class ${token} ${words.join(' ')}`);
  if (lines.length > 0) lines.push('');
  lines.push('\\data\\', ...model.counts.map((count, index) => `ngram ${index + 1}=${count}`), '');
  for (let n = 1; n <= model.order; n++) {
    lines.push(`\\${n}-grams:`);
    const section = Array.from(model.ngrams(n), ({ tokens, logProbability, backOff }) => ({
      key: tokens.join(' '),
      line: [shortest(logProbability), tokens.join(' '), ...(backOff === 0 ? [] : [shortest(backOff)])].join('\t'),
    }));
    section.sort((a, b) => (a.key < b.key ? -1 : 1));
    for (const { line } of section) lines.push(line);
    lines.push('');
  }
  lines.push('\\end\\', '');
  return lines.join('\n');
}

export const writeArpa = (file: string, model: NgramModel): Promise<void> =>
  writeFileAtomic(file, new TextEncoder().encode(arpaText(model)));

/** As many digits as a number of 24 bits has. */
const shortest = (value: number): string => String(Number(value.toPrecision(7)));
