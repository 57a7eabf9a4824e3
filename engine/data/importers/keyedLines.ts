// Lines of a key, white space and the rest, as Kaldi's tables and LibriSpeech's transcripts have them.

export interface KeyedLine {
  readonly key: string;
  /** Without spaces at its ends; empty where there is but a key. */
  readonly rest: string;
  /** From 1. */
  readonly line: number;
}

/** Blank lines and a byte-order mark are left out. */
export function* keyedLines(text: string): Generator<KeyedLine> {
  let line = 0;
  for (const content of text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)) {
    line += 1;
    const [, key, rest] = /^\s*(\S+)(?:\s+(.*))?$/su.exec(content) ?? [];
    if (key !== undefined) yield { key, rest: (rest ?? '').trim(), line };
  }
}
