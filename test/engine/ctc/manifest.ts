// A small vocabulary for the decoding tests: classes e n o t unknown separator, then the blank.
import type { TextManifest } from '../../../engine/ctc/words';

export const SYMBOLS = ['e', 'n', 'o', 't', '<unk>', ' '];
export const BLANK = SYMBOLS.length;
export const CLASSES = SYMBOLS.length + 1;

export const manifest: TextManifest = {
  alphabet: { symbols: SYMBOLS, wordSeparator: ' ', unknown: '<unk>' },
  frontEnd: {
    kind: 'mfcc',
    sampleRateHz: 8000,
    windowMs: 25,
    hopMs: 10,
    window: 'hamming',
    melBands: 26,
    coefficients: 13,
    deltas: 0,
    deltaSpan: 2,
    tailMs: 0,
    normalisation: { kind: 'none' },
  },
  network: {},
  card: {
    understands: { en: 'The words one, ten and no.', zh: '' },
    words: ['one', 'ten', 'no'],
    language: 'en',
    licence: { en: '', zh: '' },
    data: [],
    parameters: 0,
    errors: [],
    trainedOn: '2026-01-01',
    recipe: '',
  },
};

/**
 * A path of classes from a readable line: a letter is one frame of it, `_` a blank, `?` the unknown symbol, a space the
 * separator, `{n}` repeats the frame before it n times more.
 */
export function pathOf(text: string): number[] {
  const path: number[] = [];
  for (const [token, count] of text.matchAll(/\{(\d+)\}|./g)) {
    if (count !== undefined) path.push(...new Array<number>(Number(count)).fill(path.at(-1)!));
    else path.push(token === '_' ? BLANK : token === '?' ? SYMBOLS.indexOf('<unk>') : SYMBOLS.indexOf(token));
  }
  return path;
}
