// Texts as data sets keep them, and what makes one impossible to learn.
import { MAX_SYMBOL_LENGTH } from '../../app/contract/model';
import { requiredFrames } from '../ctc/loss';
import { graphemesOf } from '../text/graphemes';
import { learnedText, UNKNOWN_SYMBOL } from './dataset';

/** Frames of the shortest hop in common use, 10 ms: whatever is too short for it is too short for every configuration. */
const MAX_FRAMES_PER_SECOND = 100;
/** Control signs, half surrogates, and the sign for what could not be read. */
const UNWRITABLE = /[\p{Cc}\p{Cs}\uFFFD]/u;

/** NFC, with single spaces. */
export const storedText = (transcript: string): string => learnedText(transcript, { vocabulary: null, aliases: {} });

/** The first symbol that no alphabet can hold, or null. */
export function unmappableSymbol(text: string): string | null {
  const isUnmappable = (symbol: string): boolean =>
    symbol.length > MAX_SYMBOL_LENGTH || symbol === UNKNOWN_SYMBOL || UNWRITABLE.test(symbol);
  return graphemesOf(text).find(isUnmappable) ?? null;
}

/** How a symbol is written in a sentence: itself where it can be seen, and its code points. */
export function symbolName(symbol: string): string {
  const points = [...symbol].map(
    (sign) => `U+${(sign.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}`,
  );
  const shown = points.slice(0, 4).join(' ') + (points.length > 4 ? ' …' : '');
  return UNWRITABLE.test(symbol) || symbol.length > MAX_SYMBOL_LENGTH ? shown : `“${symbol}” (${shown})`;
}

/** Symbols of a text, and the seconds of sound that CTC needs for them at the least. */
export function neededSound(text: string): { symbols: number; seconds: number } {
  const symbols = graphemesOf(text);
  const classes = new Map<string, number>();
  const labels = symbols.map((symbol) => {
    const label = classes.get(symbol) ?? classes.size;
    classes.set(symbol, label);
    return label;
  });
  return { symbols: symbols.length, seconds: requiredFrames(labels) / MAX_FRAMES_PER_SECOND };
}
