// Transcripts to what a network learns: the classes of their symbols.
import { MAX_SYMBOL_LENGTH, type Alphabet } from '../../app/contract/model';
import { requiredFrames } from '../ctc/loss';
import { graphemesOf } from '../text/graphemes';
import type { ManifestRow } from './manifest';

/** Stands for every run of words outside the vocabulary. */
export const UNKNOWN_SYMBOL = '⁇';
const WORD_SEPARATOR = ' ';

export interface Wording {
  /** Words to learn; every maximal run of other words becomes one unknown symbol. Null: every word is spelled out. */
  readonly vocabulary: readonly string[] | null;
  /** Words that are said alike: left is learned as right, before the vocabulary is looked at. */
  readonly aliases: Readonly<Record<string, string>>;
  /** Whether a word is learned letter by letter (if left out), or as one symbol; that needs a vocabulary. */
  readonly symbols?: 'graphemes' | 'words' | undefined;
}
/** Whether each word is learned as one symbol. */
export const isInWholeWords = ({ vocabulary, symbols }: Wording): boolean => vocabulary !== null && symbols === 'words';
export interface LabelledRow {
  readonly row: ManifestRow;
  /** Class of each symbol; empty where nothing is said. */
  readonly labels: Int32Array;
}
export interface LeftOutRow {
  readonly row: ManifestRow;
  /** One English sentence. */
  readonly reason: string;
}

/** A transcript as it is learned: NFC, words parted by single spaces, aliases and vocabulary applied. */
export function learnedText(transcript: string, { vocabulary, aliases }: Wording): string {
  const replacements = new Map(
    Object.entries(aliases).map(([from, to]) => [from.normalize('NFC'), to.normalize('NFC')]),
  );
  const words = transcript
    .normalize('NFC')
    .split(/\s+/u)
    .filter((word) => word !== '')
    .map((word) => replacements.get(word) ?? word);
  if (vocabulary === null) return words.join(WORD_SEPARATOR);
  const known = new Set(vocabulary.map((word) => word.normalize('NFC')));
  return words
    .map((word) => (known.has(word) ? word : UNKNOWN_SYMBOL))
    .filter((word, index, all) => word !== UNKNOWN_SYMBOL || all[index - 1] !== UNKNOWN_SYMBOL)
    .join(WORD_SEPARATOR);
}

/**
 * The symbols that these rows need, graphemes or words in the order of their code points: those of the vocabulary, where there is one, with the
 * unknown symbol last; else those of the transcripts. A symbol that no alphabet may hold (see MAX_SYMBOL_LENGTH) is none of them.
 */
export function alphabetFrom(rows: readonly Pick<ManifestRow, 'transcript'>[], wording: Wording): Alphabet {
  const texts = wording.vocabulary ?? rows.map((row) => learnedText(row.transcript, wording));
  const symbols = new Set(
    texts.flatMap((text) => symbolsOf(text, wording)).filter((symbol) => symbol.length <= MAX_SYMBOL_LENGTH),
  );
  symbols.delete(UNKNOWN_SYMBOL);
  const hasWords = (wording.vocabulary !== null && !isInWholeWords(wording)) || symbols.has(WORD_SEPARATOR);
  if (hasWords) symbols.add(WORD_SEPARATOR);
  const ordered = [...symbols].sort(byCodePoints);
  const unknown = wording.vocabulary === null ? null : UNKNOWN_SYMBOL;
  return {
    symbols: unknown === null ? ordered : [...ordered, unknown],
    wordSeparator: hasWords ? WORD_SEPARATOR : null,
    unknown,
  };
}

/** A learned text in the symbols that it is learned in. */
function symbolsOf(text: string, wording: Wording): string[] {
  if (!isInWholeWords(wording)) return graphemesOf(text);
  return text
    .normalize('NFC')
    .split(WORD_SEPARATOR)
    .filter((word) => word !== '');
}

/** A grapheme may hold several code points; of those that begin alike the shorter comes first. */
function byCodePoints(a: string, b: string): number {
  const [left, right] = [[...a], [...b]].map((symbols) => symbols.map((symbol) => symbol.codePointAt(0) as number));
  const at = left!.findIndex((point, index) => point !== right![index]);
  return at < 0 ? left!.length - right!.length : left![at]! - (right![at] ?? -1);
}

/** Labels of every row whose text the alphabet can write, and the others with what stands in the way. */
export function labelRows(
  rows: readonly ManifestRow[],
  alphabet: Alphabet,
  wording: Wording,
): { labelled: LabelledRow[]; leftOut: LeftOutRow[] } {
  const classes = new Map(alphabet.symbols.map((symbol, index) => [symbol, index]));
  const labelled: LabelledRow[] = [];
  const leftOut: LeftOutRow[] = [];
  for (const row of rows) {
    const symbols = symbolsOf(learnedText(row.transcript, wording), wording);
    const strange = symbols.find((symbol) => !classes.has(symbol));
    if (strange === undefined) {
      labelled.push({ row, labels: Int32Array.from(symbols, (symbol) => classes.get(symbol) as number) });
    } else {
      leftOut.push({ row, reason: `The alphabet has no “${strange}”.` });
    }
  }
  return { labelled, leftOut };
}

/** Labels of several texts as one: parted by the alphabet's word separator, texts without a symbol left out. */
export function joinLabels(parts: readonly Int32Array[], alphabet: Alphabet): Int32Array {
  const separator = alphabet.wordSeparator === null ? [] : [alphabet.symbols.indexOf(alphabet.wordSeparator)];
  const spoken = parts.filter((part) => part.length > 0);
  return Int32Array.from(spoken.flatMap((part, index) => (index === 0 ? [...part] : [...separator, ...part])));
}

/** Why CTC cannot write these labels over so few frames (steps, where frames are stacked), as a sentence; null where it can. */
export function tooShortFor(labels: Int32Array, frames: number): string | null {
  const required = requiredFrames(labels);
  if (frames >= required && frames > 0) return null;
  return `Its text of ${labels.length} symbols needs ${Math.max(1, required)} frames, but the recording has ${frames}.`;
}
