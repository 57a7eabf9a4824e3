// Texts line by line, from files or from what comes on stdin, and what a model that labels says of them.
import { createInterface } from 'node:readline';
import type { ReasonParams } from '../../app/errors';
import { readListText } from '../data/manifest';
import type { LabelAnswer, OpenTextLabeller } from '../labelling/openLabeller';
import { unreadableReason } from '../labelling/textLabels';
import { slotsOf } from '../metrics/slots';

/** A line of text and where it stands. */
export interface Line {
  readonly text: string;
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** Lines with something to read, and those with too much; an empty line is neither. */
export function readableLines(labeller: OpenTextLabeller, lines: readonly Line[]) {
  const readable: Line[] = [];
  const refused: { line: Line; reason: ReasonParams }[] = [];
  for (const line of lines) {
    const tokens = labeller.tokens(line.text);
    const reason = unreadableReason(tokens);
    if (reason === null) readable.push(line);
    else if (tokens.length > 0) refused.push({ line, reason });
  }
  return [readable, refused] as const;
}

export async function* linesOf(files: readonly string[]): AsyncGenerator<Line> {
  for (const file of files) {
    const lines = (await readListText(file)).replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
    if (lines.at(-1) === '') lines.pop();
    for (const [index, text] of lines.entries()) yield { text, file, line: index + 1 };
  }
  if (files.length > 0) return;
  let line = 0;
  for await (const text of createInterface({ input: process.stdin, crlfDelay: Infinity }))
    yield { text, file: 'stdin', line: ++line };
}

export const NOTHING = { label: null, probability: null, probabilities: null };
export const wholeOf = ({ label, probability, probabilities }: LabelAnswer, labels: readonly string[]) => ({
  label,
  probability,
  probabilities: Object.fromEntries(labels.map((each, index) => [each, probabilities[index]])),
});

export const tagsOf = (tokens: readonly string[], answers: readonly LabelAnswer[]) => ({
  tokens: answers.map(({ label, probability }, step) => ({ token: tokens[step], tag: label, probability })),
  slots: slotsOf(answers.map(({ label }) => label)).map(({ kind, start, end }) => ({
    kind,
    text: tokens.slice(start, end).join(' '),
    firstToken: start,
    endToken: end,
  })),
});
