// Edits of a transcript as splices of its lines: every edit is one, and so is the way back. What the network read stays in a word
// that was put right.
import { readingOf, type Utterance, type Word } from '../contract/recognition';

/** The lines [first, first + count) become these. */
export interface Splice {
  readonly first: number;
  readonly count: number;
  readonly utterances: readonly Utterance[];
}

export interface Applied {
  readonly utterances: readonly Utterance[];
  /** Takes it back. */
  readonly inverse: Splice;
}

/** @throws RangeError where there are no such lines */
export function applied(utterances: readonly Utterance[], { first, count, utterances: put }: Splice): Applied {
  if (first < 0 || count < 0 || first + count > utterances.length)
    throw new RangeError(`Expected lines ${first} to ${first + count} among ${utterances.length}`);
  return {
    utterances: [...utterances.slice(0, first), ...put, ...utterances.slice(first + count)],
    inverse: { first, count: put.length, utterances: utterances.slice(first, first + count) },
  };
}

/** The text of a line as it is edited: speech without a word is not in it. */
export const lineText = ({ words }: Pick<Utterance, 'words'>): string =>
  words
    .map(readingOf)
    .filter((text) => text !== '')
    .join(' ');

const only = (line: number, utterances: readonly Utterance[]): Splice => ({ first: line, count: 1, utterances });

/** A line from these words; neither its readings nor what had settled before belong to it any longer. */
const withWords = ({ startMs, endMs }: Pick<Utterance, 'startMs' | 'endMs'>, words: readonly Word[]): Utterance => ({
  startMs,
  endMs,
  words: [...words],
});

/** Puts another word in the place of one; empty: back to what was read. Null where nothing changes. */
export function corrected(utterances: readonly Utterance[], line: number, index: number, text: string): Splice | null {
  const utterance = utterances[line];
  const word = utterance?.words[index];
  if (utterance === undefined || word === undefined) return null;
  const words = utterance.words.map((each, at) => (at === index ? taken(each, text === '' ? each.text : text) : each));
  return text === readingOf(word) ? null : only(line, [withWords(utterance, words)]);
}

/** Two lines, the second from this word on. Null where one of them would have no word. */
export function split(utterances: readonly Utterance[], line: number, index: number): Splice | null {
  const utterance = utterances[line];
  const [before, after] = [utterance?.words.slice(0, index) ?? [], utterance?.words.slice(index) ?? []];
  const [last, next] = [before[before.length - 1], after[0]];
  if (utterance === undefined || last === undefined || next === undefined) return null;
  return only(line, [
    withWords({ startMs: utterance.startMs, endMs: Math.min(last.endMs, next.startMs) }, before),
    withWords({ startMs: next.startMs, endMs: utterance.endMs }, after),
  ]);
}

/** A line and the next as one. Null where there is no next. */
export function merged(utterances: readonly Utterance[], line: number): Splice | null {
  const [one, two] = [utterances[line], utterances[line + 1]];
  if (one === undefined || two === undefined) return null;
  const whole = withWords({ startMs: one.startMs, endMs: two.endMs }, [...one.words, ...two.words]);
  return { first: line, count: 2, utterances: [whole] };
}

/** A line without its words. */
export const removed = (line: number): Splice => only(line, []);

/** A line heard again, by another model for instance. */
export const reread = (line: number, utterances: readonly Utterance[]): Splice => only(line, utterances);

/** A line as it had settled while it was spoken. Null where nothing took the place of that. */
export function givenBack(utterances: readonly Utterance[], line: number): Splice | null {
  const { live } = utterances[line] ?? {};
  const [first, last] = [live?.[0], live?.at(-1)];
  if (live === undefined || first === undefined || last === undefined) return null;
  return only(line, [withWords({ startMs: first.startMs, endMs: last.endMs }, live)]);
}

/** A line as it was typed: words that stayed keep their times and what was read. Null where nothing changes. */
export function retyped(utterances: readonly Utterance[], line: number, text: string): Splice | null {
  const utterance = utterances[line];
  if (utterance === undefined) return null;
  const typed = text.split(/\s+/).filter((word) => word !== '');
  if (typed.join(' ') === lineText(utterance)) return null;
  return typed.length === 0 ? removed(line) : only(line, [withText(utterance, typed)]);
}

/** Every place of a text in every line, whatever its letters' case; one splice over all lines that change. */
export function replacedAll(utterances: readonly Utterance[], find: string, by: string): Splice | null {
  if (find === '') return null;
  const pattern = new RegExp(find.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'giu');
  const after = utterances.map((utterance) => {
    const [before, text] = [lineText(utterance), lineText(utterance).replace(pattern, () => by)];
    if (text === before) return [utterance];
    const typed = text.split(/\s+/).filter((word) => word !== '');
    return typed.length === 0 ? [] : [withText(utterance, typed)];
  });
  const changed = after.flatMap((lines, line) => (lines[0] === utterances[line] ? [] : [line]));
  const [first, last] = [changed[0], changed[changed.length - 1]];
  if (first === undefined || last === undefined) return null;
  return { first, count: last - first + 1, utterances: after.slice(first, last + 1).flat() };
}

/** How often a text stands in the lines. */
export function placesOf(utterances: readonly Utterance[], find: string): number {
  if (find === '') return 0;
  const wanted = find.toLowerCase();
  return utterances.reduce((sum, utterance) => sum + lineText(utterance).toLowerCase().split(wanted).length - 1, 0);
}

/** A word of one reading beside what stands in its place in another; null: words that the reading has nothing for. */
export interface ReadWord {
  readonly word: Word | null;
  /** Read the same in both; else it took the place of `replaced`, which may be nothing. */
  readonly isSame: boolean;
  readonly replaced: readonly Word[];
}

/** The words of the later reading of a line, each beside the words of the earlier one in its place. */
export function readAnew(before: readonly Word[], after: readonly Word[]): ReadWord[] {
  const result: ReadWord[] = [];
  let left: Word[] = [];
  const leave = (): void => {
    if (left.length > 0) result.push({ word: null, isSame: false, replaced: left });
    left = [];
  };
  let [at, index] = [0, 0];
  for (const step of stepsBetween(before.map(readingOf), after.map(readingOf))) {
    const old = step === 'put' ? undefined : before[at++];
    const word = step === 'leave' ? undefined : after[index++];
    const isSame = old !== undefined && word !== undefined && readingOf(old) === readingOf(word);
    if (isSame) leave();
    else if (old !== undefined) left.push(old);
    if (word === undefined) continue;
    result.push({ word, isSame, replaced: left });
    left = [];
  }
  leave();
  return result;
}

/** The word taken for this text. */
function taken(word: Word, text: string): Word {
  const { correction: _before, ...read } = word;
  return text === word.text ? read : { ...read, correction: text };
}

type Step = 'keep' | 'put' | 'leave';

function withText(utterance: Utterance, typed: readonly string[]): Utterance {
  const { words } = utterance;
  const result: Word[] = [];
  let [at, index] = [0, 0];
  for (const step of stepsBetween(words.map(readingOf), typed)) {
    const word = words[at];
    if (step === 'put') {
      const startMs = result[result.length - 1]?.endMs ?? utterance.startMs;
      result.push(typedWord(typed[index++] ?? '', startMs, Math.max(startMs, word?.startMs ?? utterance.endMs)));
    } else if (word !== undefined) {
      if (step === 'keep') result.push(taken(word, typed[index++] ?? ''));
      at++;
    }
  }
  return withWords(utterance, result);
}

/** A word that nobody read but the person wrote. */
const typedWord = (text: string, startMs: number, endMs: number): Word => ({
  text: '',
  startMs,
  endMs,
  confidence: 0,
  isKnown: false,
  characters: [],
  correction: text,
});

/** To put or leave out a word, and to change one: words that are the same on both sides shall stay where they can. */
const PUT_COST = 2;
const CHANGE_COST = 3;

/** The cheapest way from one list of words to another (Levenshtein): a word is kept, also changed; put; or left out. */
function stepsBetween(from: readonly string[], to: readonly string[]): Step[] {
  const width = to.length + 1;
  const costs = new Int32Array((from.length + 1) * width);
  const cost = (i: number, j: number): number => costs[i * width + j] ?? 0;
  for (let i = 0; i <= from.length; i++) {
    for (let j = 0; j <= to.length; j++) {
      if (i === 0 || j === 0) costs[i * width + j] = PUT_COST * (i + j);
      else {
        const kept = cost(i - 1, j - 1) + (from[i - 1] === to[j - 1] ? 0 : CHANGE_COST);
        costs[i * width + j] = Math.min(kept, cost(i - 1, j) + PUT_COST, cost(i, j - 1) + PUT_COST);
      }
    }
  }
  const steps: Step[] = [];
  for (let i = from.length, j = to.length; i > 0 || j > 0;) {
    const here = cost(i, j);
    const isKept = i > 0 && j > 0 && here === cost(i - 1, j - 1) + (from[i - 1] === to[j - 1] ? 0 : CHANGE_COST);
    const step: Step = isKept ? 'keep' : j > 0 && here === cost(i, j - 1) + PUT_COST ? 'put' : 'leave';
    steps.push(step);
    if (step !== 'put') i--;
    if (step !== 'leave') j--;
  }
  return steps.reverse();
}
