// One experiment of the page that is open: its settings and what came out of them. While a slider is dragged one request is under
// way, and the last setting goes next.
import type { ErrorMessage } from '../../../app/contract/errorMessage';
import { experiments, type ExperimentName, type ResultOf, type SettingsOf } from '../../../app/contract/lab';
import { errorMessageOf } from '../../bridge/bridge';

const SEED = 'seed';

export class Experiment<N extends ExperimentName> {
  readonly name: N;
  readonly defaults: SettingsOf<N>;
  settings: SettingsOf<N>;
  /** Of the settings in `resultSettings`, which may be a moment behind. */
  result: ResultOf<N> | null = $state.raw(null);
  resultSettings: SettingsOf<N>;
  error = $state.raw<ErrorMessage | null>(null);
  isAsking = $state(false);
  readonly #ask: (settings: SettingsOf<N>) => Promise<ResultOf<N>>;
  #isStale = false;

  /** @param ask throws what the engine answers with */
  constructor(name: N, ask: (settings: SettingsOf<N>) => Promise<ResultOf<N>>) {
    this.name = name;
    this.#ask = ask;
    this.defaults = experiments[name].settings.parse({}) as SettingsOf<N>;
    this.settings = $state.raw(this.defaults);
    this.resultSettings = $state.raw(this.defaults);
  }

  set(change: Partial<SettingsOf<N>>): void {
    this.settings = { ...this.settings, ...change };
    this.changed();
  }

  reset(): void {
    this.settings = this.defaults;
    this.changed();
  }

  /** A long experiment is neither asked for when its page opens nor when a setting changes. */
  get isBegunByHand(): boolean {
    return false;
  }
  protected changed(): void {
    void this.compute();
  }

  /** Asks for what is set now; while an answer is awaited, only the newest setting is asked for after it. */
  async compute(): Promise<void> {
    this.#isStale = true;
    if (this.isAsking) {
      this.overtake();
      return;
    }
    this.isAsking = true;
    try {
      while (this.#isStale) {
        this.#isStale = false;
        await this.#once(this.settings);
      }
    } finally {
      this.isAsking = false;
    }
  }

  /** A newer setting waits behind a question that is under way. */
  protected overtake(): void {}
  /** A question is about to be asked. */
  protected begin(): void {}
  /** Whether an answer that failed is one that was asked for. */
  protected isWanted(_error: ErrorMessage): boolean {
    return false;
  }
  get isStale(): boolean {
    return this.#isStale;
  }

  async #once(settings: SettingsOf<N>): Promise<void> {
    this.begin();
    try {
      const result = await this.#ask(settings);
      this.error = null;
      this.resultSettings = settings;
      this.result = result;
    } catch (cause) {
      const error = errorMessageOf(cause);
      if (error === null) throw cause;
      this.error = this.isWanted(error) ? null : error;
    }
  }

  /** What prints the same numbers in a terminal. A seed is always said: it is what makes them the same. */
  get command(): string {
    const said = Object.entries(this.settings).filter(
      ([key, value]) =>
        key === SEED || JSON.stringify(value) !== JSON.stringify(this.defaults[key as keyof SettingsOf<N>]),
    );
    const options = said.map(([key, value]) => `--${kebab(key)} ${argument(value)}`);
    return ['unroll lab', this.name, ...options, '--json'].join(' ');
  }
}

const kebab = (key: string): string => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const argument = (value: unknown): string => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /^[\w.-]+$/.test(text) ? text : `'${text.replace(/'/g, `'\\''`)}'`;
};
