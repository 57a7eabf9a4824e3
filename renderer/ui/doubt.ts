// How a character's confidence is shown: by the weight of a line under it, never by colour or fading.
import { isSure, type Word } from '../../app/contract/recognition';
import { t } from '../i18n/messages.svelte';

/** The least score of a character that is underlined by so many pixels; below the last, by 3. */
export const SURE_FROM = [0.85, 0.7, 0.5] as const;

/** 0 for no underline, else 1 to 3 pixels. */
export function doubtLevel(confidence: number): 0 | 1 | 2 | 3 {
  if (confidence >= SURE_FROM[0]) return 0;
  if (confidence >= SURE_FROM[1]) return 1;
  return confidence >= SURE_FROM[2] ? 2 : 3;
}

/** Whether any letter of these words is underlined. */
export const hasDoubt = (lines: readonly { readonly words: readonly Word[] }[]): boolean =>
  lines.some(({ words }) =>
    words.some(
      (word) =>
        isSure(word) &&
        word.correction === undefined &&
        word.characters.some(({ confidence }) => doubtLevel(confidence) > 0),
    ),
  );

/**
 * The score of every character in figures, for who points at the word: "t 0.62  w 0.55  o 0.71". A long recording has many
 * words: the language's own number format, the same in all of ours, would cost seconds.
 */
export function scoresOf(word: Word): string {
  if (!isSure(word) || word.text === '') return t('common.unknownSpeech');
  return word.characters.map(({ symbol, confidence }) => `${symbol}\u00a0${confidence.toFixed(2)}`).join('  ');
}
