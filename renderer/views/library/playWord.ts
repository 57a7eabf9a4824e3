import type { Word } from '../../../app/contract/recognition';
import type { Player } from './player.svelte';

/** CTC symbols stand inside the sound that carries them: a little more on both sides is the word. */
const BEFORE_MS = 120;
const AFTER_MS = 160;

/** Plays a word alone. */
export function playWord(player: Player, word: Word): void {
  player.playSpan(Math.max(0, word.startMs - BEFORE_MS), word.endMs + AFTER_MS);
}
