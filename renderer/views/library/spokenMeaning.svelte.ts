// What the words of a transcript mean, on the words themselves and all together.
import { readingOf, type Utterance } from '../../../app/contract/recognition';
import type { Bridge } from '../../bridge/bridge';
import { meaningsOfWhole, tintsOf, type Meaning, type PlacedMark, type Tint } from '../texts/meaning';
import { Asked } from '../texts/meanings.svelte';
import type { TextDesk } from '../texts/textDesk.svelte';

const GAP = '…';
const wordTexts = ({ words }: Utterance): string[] => words.map((word) => readingOf(word) || GAP);
/** An utterance as a text; its words are parted by one space. */
export const lineOf = (utterance: Utterance): string => wordTexts(utterance).join(' ');

export interface TintedWord {
  readonly tint: Tint;
  readonly mark: PlacedMark;
}

/** For each utterance and word the mark that it stands in. */
export function tintedWords(
  utterances: readonly Utterance[],
  meanings: readonly Meaning[],
): (readonly (TintedWord | null)[])[] {
  const tints = tintsOf(meanings);
  const marks = meanings.flatMap((meaning) => meaning.marks);
  return utterances.map((utterance, line) => {
    let start = 0;
    return wordTexts(utterance).map((text) => {
      const [from, to] = [start, start + text.length];
      start = to + 1;
      const mark = marks.find((each) => each.line === line && each.start < to && each.end > from);
      return mark === undefined ? null : { mark, tint: tints.get(mark.kind) ?? 1 };
    });
  });
}

export class SpokenMeaning {
  readonly #asked = new Asked<readonly Meaning[]>();
  readonly #utterances: () => readonly Utterance[];

  constructor(utterances: () => readonly Utterance[]) {
    this.#utterances = utterances;
  }

  get meanings(): readonly Meaning[] {
    return this.#asked.value ?? [];
  }
  readonly tints = $derived(tintsOf(this.meanings));
  readonly words = $derived.by(() => tintedWords(this.#utterances(), this.meanings));

  /** Asks whoever is to read it, and anew when the words or the readers change. */
  follow(bridge: Bridge, texts: TextDesk): () => void {
    const utterances = this.#utterances();
    const lines = utterances.map(lineOf);
    const spoken = utterances.flatMap(wordTexts).filter((word) => word !== GAP);
    const models = spoken.length === 0 ? [] : texts.forSpoken(spoken);
    return this.#asked.ask(async () => (models.length === 0 ? [] : meaningsOfWhole(bridge, models, lines)), 0);
  }
}
