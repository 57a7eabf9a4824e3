// The models that read texts, which of them the person wants to hear, and the text that was typed last.
import type { ErrorMessage } from '../../../app/contract/errorMessage';
import type { TextModel } from '../../../app/contract/texts';
import { errorMessageOf, type Bridge } from '../../bridge/bridge';
import type { Preferences } from '../settings/preferences.svelte';

/** Where models read: texts that are typed or imported, or what was recognised. */
export type TextUse = 'typed' | 'spoken';

const isMadeFor = ({ vocabulary }: TextModel, words: readonly string[]): boolean =>
  vocabulary !== null && words.length > 0 && words.every((word) => vocabulary.includes(word));

export class TextDesk {
  models = $state.raw<readonly TextModel[]>([]);
  state = $state<'idle' | 'loading' | 'ready' | 'failed'>('idle');
  error = $state.raw<ErrorMessage | null>(null);
  /** What is tried, a text on each line. */
  draft = $state('');
  readonly #bridge: Bridge;
  readonly #preferences: Preferences;

  constructor(bridge: Bridge, preferences: Preferences) {
    this.#bridge = bridge;
    this.#preferences = preferences;
    bridge.on('models.changed', () => {
      if (this.state !== 'idle') void this.load();
    });
  }

  /** The first view that shows texts asks for them. */
  async begin(): Promise<void> {
    if (this.state === 'idle') await this.load();
  }

  async load(): Promise<void> {
    if (this.state !== 'ready') this.state = 'loading';
    try {
      this.models = (await this.#bridge.request('texts.models', {})).models;
      this.error = null;
      this.state = 'ready';
    } catch (error) {
      this.error = errorMessageOf(error);
      this.state = 'failed';
      if (this.error === null) throw error;
    }
  }

  /** What reads a text that is typed: every bundled model until the person chooses. The person's own come first. */
  readonly forTyped: readonly TextModel[] = $derived.by(() => {
    const { typedModels } = this.#preferences.values;
    const ownFirst = [...this.models].sort((a, b) => Number(a.isBundled) - Number(b.isBundled));
    return ownFirst.filter(({ id, isBundled, vocabulary }) =>
      typedModels === null ? isBundled && vocabulary === null : typedModels.includes(id),
    );
  });

  /** What reads a transcript: the chosen ones, and whichever was made for exactly such words. */
  forSpoken(words: readonly string[]): readonly TextModel[] {
    return this.models.filter((model) =>
      model.vocabulary === null ? this.#preferences.values.spokenModels.includes(model.id) : isMadeFor(model, words),
    );
  }
  /** What was made for exactly such words reads a typed line in the place of other taggers. */
  madeFor(line: string): readonly TextModel[] {
    const words = line.toLowerCase().match(/\S+/g) ?? [];
    return this.models.filter((model) => isMadeFor(model, words));
  }

  isChosen(use: TextUse, id: string): boolean {
    return this.#idsFor(use).includes(id);
  }
  choose(use: TextUse, id: string, isOn: boolean): void {
    const others = this.#idsFor(use).filter((other) => other !== id);
    const ids = isOn ? [...others, id] : others;
    this.#preferences.set(use === 'typed' ? { typedModels: ids } : { spokenModels: ids });
  }
  /** Reads typed texts with one model alone, and transcripts too. */
  readWith(id: string): void {
    this.#preferences.set({ typedModels: [id] });
    this.choose('spoken', id, true);
  }
  #idsFor(use: TextUse): string[] {
    return use === 'typed' ? this.forTyped.map(({ id }) => id) : this.#preferences.values.spokenModels;
  }
}
