// How a character's confidence is shown: by the weight of a line under it, never by colour or fading.
import { isSure, type Word } from '../../app/contract/recognition';
import { t } from '../i18n/messages.svelte';

/** 0 for no underline, else 1 to 3 pixels: none from 0.85, 1 from 0.70, 2 from 0.50, 3 below. */
export function doubtLevel(confidence: number): 0 | 1 | 2 | 3 {
  if (confidence >= 0.85) return 0;
  if (confidence >= 0.7) return 1;
  return confidence >= 0.5 ? 2 : 3;
}

/**
 * The score of every character in figures, for who points at the word: "t 0.62  w 0.55  o 0.71". A long recording has many
 * words: the language's own number format, the same in all of ours, would cost seconds.
 */
export function scoresOf(word: Word): string {
  if (!isSure(word)) return t('common.unknownSpeech');
  return word.characters.map(({ symbol, confidence }) => `${symbol}\u00a0${confidence.toFixed(2)}`).join('  ');
}
