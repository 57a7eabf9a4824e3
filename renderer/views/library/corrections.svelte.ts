// What the person put right in a recording's text, and the way back. The engine keeps the text; the order is kept here.
import type { RequestOf } from '../../../app/contract/messages';
import { readingOf, type Alternative, type Word } from '../../../app/contract/recognition';
import type { RecordingSummary } from '../../../app/contract/recording';
import type { Bridge } from '../../bridge/bridge';

/** Where a word stands. */
export type WordPlace = RequestOf<'recordings.alternatives'>;

interface Correction {
  readonly place: WordPlace;
  /** What the word was taken for, before and after; empty for speech without a word. */
  readonly before: string;
  readonly after: string;
  /** What the engine is told to go back: empty where nothing was corrected before. */
  readonly correctionBefore: string;
}

export class Corrections {
  /** Since this recording was opened, the newest last. */
  #made = $state.raw<readonly Correction[]>([]);
  readonly #bridge: Bridge;
  readonly #onChanged: (recording: RecordingSummary) => void;

  constructor(bridge: Bridge, onChanged: (recording: RecordingSummary) => void) {
    this.#bridge = bridge;
    this.#onChanged = onChanged;
  }

  readonly newest = $derived<Correction | null>(this.#made[this.#made.length - 1] ?? null);

  async alternatives(place: WordPlace): Promise<Alternative[]> {
    return (await this.#bridge.request('recordings.alternatives', place)).alternatives;
  }

  /** @param text what the word is; empty: what the network read */
  async correct(place: WordPlace, word: Word, text: string): Promise<void> {
    const { correction = '' } = word;
    await this.#tell(place, text);
    const made = {
      place,
      before: readingOf(word),
      after: text === '' ? word.text : text,
      correctionBefore: correction,
    };
    this.#made = [...this.#made, made];
  }

  async undo(): Promise<void> {
    const made = this.newest;
    if (made === null) return;
    await this.#tell(made.place, made.correctionBefore);
    this.#made = this.#made.filter((each) => each !== made);
  }

  async #tell(place: WordPlace, text: string): Promise<void> {
    const { recording } = await this.#bridge.request('recordings.correct', { ...place, text });
    this.#onChanged(recording);
  }
}
