// The sheets that lie over every view, of which at most one is open.
import type { Word } from '../../app/contract/recognition';

class Overlay {
  isOpen = $state(false);
  open(): void {
    palette.isOpen = false;
    keySheet.isOpen = false;
    wordTable.isOpen = false;
    captions.isOpen = false;
    this.isOpen = true;
  }
  close(): void {
    this.isOpen = false;
  }
}
/** The words that a figure shows. */
class WordTableOverlay extends Overlay {
  words = $state.raw<readonly Word[]>([]);
  /** BCP 47, of the words. */
  language = $state('en');
  show(words: readonly Word[], language: string): void {
    this.words = words;
    this.language = language;
    this.open();
  }
}
export const palette = new Overlay();
/** Captions over this window, where they have none of their own. */
export const captions = new Overlay();
export const keySheet = new Overlay();
export const wordTable = new WordTableOverlay();
