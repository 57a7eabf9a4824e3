// The models on this computer, and which of them listens.
import type { ErrorMessage } from '../../app/contract/errorMessage';
import type { ModelSummary } from '../../app/contract/messages';
import { errorMessageOf, type Bridge } from '../bridge/bridge';
import type { Preferences } from '../views/settings/preferences.svelte';

export class Models {
  all = $state.raw<readonly ModelSummary[]>([]);
  state = $state<'loading' | 'ready' | 'failed'>('loading');
  error = $state.raw<ErrorMessage | null>(null);
  /** Settles once the models were asked for, whatever came of it. */
  readonly known: Promise<void>;
  readonly #bridge: Bridge;
  readonly #preferences: Preferences;
  #tellKnown: () => void = () => undefined;

  constructor(bridge: Bridge, preferences: Preferences) {
    this.#bridge = bridge;
    this.#preferences = preferences;
    this.known = new Promise((resolve) => (this.#tellKnown = resolve));
    bridge.on('models.changed', () => void this.load());
  }

  async load(): Promise<void> {
    if (this.state !== 'ready') this.state = 'loading';
    try {
      const { models } = await this.#bridge.request('models.list', {});
      this.all = models;
      this.error = null;
      this.state = 'ready';
    } catch (error) {
      this.error = errorMessageOf(error);
      this.state = 'failed';
      if (this.error === null) throw error;
    } finally {
      this.#tellKnown();
    }
  }

  /**
   * The model that listens live: the one chosen, else the bundled one, else one that streams. One that hears both directions
   * can listen too: its text is a tail until the recording ends.
   */
  readonly live = $derived.by(
    () =>
      this.byId(this.#preferences.values.modelId) ??
      this.bundled ??
      this.all.find((model) => model.isStreaming) ??
      this.all[0] ??
      null,
  );

  /** The one that came with the product, and listens unless the person chose another. */
  readonly bundled = $derived(this.all.find((model) => model.isLiveDefault) ?? null);

  /** The model that reads whole files: the one chosen, else the bundled one for files. */
  readonly forFiles = $derived.by(
    () => this.byId(this.#preferences.values.fileModelId) ?? this.all.find((model) => model.isDefault) ?? this.live,
  );

  /**
   * The model that reads each line of live text once more when it has ended: the one for files, where it is another than the one that
   * listens and knows every word of that.
   */
  readonly forLines = $derived.by(() => {
    const { live, forFiles } = this;
    if (live === null || forFiles === null || forFiles.id === live.id) return null;
    return live.card.language === forFiles.card.language && knowsAll(forFiles.card.words, live.card.words)
      ? forFiles
      : null;
  });

  byId(id: string | null): ModelSummary | null {
    return this.all.find((model) => model.id === id) ?? null;
  }
}

/** Whether a model with the first words may write all of the others; no words: it writes any. */
const knowsAll = (words: readonly string[], others: readonly string[]): boolean =>
  words.length === 0 || (others.length > 0 && others.every((word) => words.includes(word)));
