// What a model makes of texts: marks on their words, or labels.
import { MAX_READ_WORDS, type TextMark, type TextReading } from '../../app/contract/texts';
import { UnrollError } from '../../app/errors';
import { PHRASE } from '../keywords/phraseTags';
import { slotsOf } from '../metrics/slots';
import { TextEncoder } from '../text/textEncoder';
import { wordsOf } from '../text/tokens';
import { isTagger, type LabelAnswer, type OpenTextLabeller } from './openLabeller';
import { answerOf } from './textShelf';

const OUTSIDE = 'O';
const LABELS_TOLD = 5;

type Words = TextReading['words'];

/** @throws UnrollError text.tooLong */
export async function readTexts(labeller: OpenTextLabeller, texts: readonly string[]): Promise<TextReading[]> {
  const placed = texts.map((text) => wordsOfText(labeller, text));
  for (const { length } of placed)
    if (length > MAX_READ_WORDS) throw new UnrollError('text.tooLong', { words: length, most: MAX_READ_WORDS });
  const readable = [...placed.keys()].filter((at) => placed[at]!.length > 0);
  const answers = await labeller.label(readable.map((at) => textOf(placed[at]!)));
  const given = new Map(readable.map((at, k) => [at, answers[k]!]));
  return placed.map((words, at) => readingOf(labeller, words, given.get(at) ?? []));
}

/** As the network is given it: its words as they were told apart. */
export const textOf = (words: readonly { readonly text: string }[]): string => words.map(({ text }) => text).join(' ');

/**
 * What each step reads of a text that was typed, and where it stands there. Signs of punctuation stand by themselves, as in the texts
 * that such models learn from.
 */
export function wordsOfText(labeller: Pick<OpenTextLabeller, 'manifest' | 'tokens'>, text: string): Words {
  const { manifest } = labeller;
  const encoder = new TextEncoder(manifest.network.text);
  const isKnown = knownWords(manifest.network.text, encoder);
  const lower = text.toLowerCase();
  // A letter that grows in lower case leaves no place to be told by.
  const isPlaced = lower.length === text.length;
  const tokens = labeller.tokens(manifest.network.text.unit === 'spaced' ? wordsOf(text).join(' ') : text);
  let from = 0;
  return tokens.map((token) => {
    const found = isPlaced ? lower.indexOf(token, from) : -1;
    const start = found < 0 ? from : found;
    from = Math.min(text.length, start + (found < 0 ? 0 : token.length));
    return { text: token, start, end: from, isKnown: isKnown(token) };
  });
}

type Encoding = OpenTextLabeller['manifest']['network']['text'];
function knownWords(encoding: Encoding, encoder: TextEncoder): (token: string) => boolean {
  const own = encoding.kind === 'letterNGrams' ? encoding.words : undefined;
  if (own === undefined) return (token) => !encoder.slotsOf(token).includes(encoder.other);
  const words = new Set(own);
  return (token) => words.has(token);
}

function readingOf(labeller: OpenTextLabeller, words: Words, answers: readonly LabelAnswer[]): TextReading {
  const { manifest } = labeller;
  if (isTagger(manifest)) return { words, marks: marksOf(manifest, answers), labels: [] };
  const [answer] = answers;
  const labels = manifest.labels
    .map((label, k) => ({ label, probability: Math.min(1, answer?.probabilities[k] ?? 0) }))
    .sort((a, b) => b.probability - a.probability);
  return { words, marks: [], labels: answer === undefined ? [] : labels.slice(0, LABELS_TOLD) };
}

function marksOf(manifest: OpenTextLabeller['manifest'], answers: readonly LabelAnswer[]): TextMark[] {
  const isPhrase = answerOf(manifest) === 'phrases';
  const outside = manifest.labels.indexOf(OUTSIDE);
  const sureOf = ({ probability, probabilities }: LabelAnswer): number =>
    Math.min(1, Math.max(0, isPhrase && outside >= 0 ? 1 - probabilities[outside]! : probability));
  return slotsOf(answers.map(({ label }) => label)).map(({ kind, start, end }) => ({
    kind: isPhrase ? PHRASE : kind,
    ...{ firstWord: start, endWord: end },
    probability: Math.min(...answers.slice(start, end).map(sureOf)),
  }));
}
