// What reports on data sets say, in one language: the command line and the window use the same sentences.
import type english from '../assets/messages/en/data.json';
import type { LeftOutExample, LeftOutReason } from './contract/dataset';
import { errorText, fillSentence, type ErrorParams } from './errors';

export type DataKey = `data.${keyof typeof english}`;
type Sentences = Readonly<Record<string, string>>;
/** Sentences of one language. */
export interface DataLanguage {
  readonly data: Sentences;
  readonly errors: Sentences;
}

/** The sentence of a key. @throws Error where the language has none: a bug. */
export function dataText({ data }: DataLanguage, key: DataKey, params: ErrorParams = {}): string {
  const sentence = data[key.slice('data.'.length)];
  if (sentence === undefined) throw new Error(`Expected a sentence for ${key}`);
  return fillSentence(sentence, params);
}

/** Where and why one recording was left out. A cause that is an error is said in the same language. */
export function leftOutText(language: DataLanguage, reason: LeftOutReason, example: LeftOutExample): string {
  const { file, line, params } = example;
  const cause = errorText(language.errors, String(params['error'] ?? ''), params);
  const sentence = dataText(language, `data.leftOut.${reason}`, cause === undefined ? params : { ...params, cause });
  // A sentence about a sound that could not be read names it already.
  if (line === null && sentence.startsWith(file)) return sentence;
  const key = line === null ? 'data.placed.file' : 'data.placed.line';
  return dataText(language, key, { file, line: line ?? 0, sentence });
}
