// One comparison of recognisers at a time: begun, watched, given up.
import type { ErrorMessage } from '../../../app/contract/errorMessage';
import type { RequestOf } from '../../../app/contract/messages';
import type { MeasuredModel } from '../../../app/contract/models';
import { errorMessageOf, type Bridge } from '../../bridge/bridge';

export type ComparisonState =
  | { readonly kind: 'none' }
  /** Recordings heard, of all models together; `of` is 0 until the first is. */
  | { readonly kind: 'working'; readonly done: number; readonly of: number }
  | { readonly kind: 'done'; readonly measured: readonly MeasuredModel[] }
  | { readonly kind: 'failed'; readonly error: ErrorMessage };

export class ModelComparison {
  state = $state.raw<ComparisonState>({ kind: 'none' });
  readonly isWorking = $derived(this.state.kind === 'working');
  readonly #bridge: Bridge;
  #comparisonId: string | null = null;
  /** Counts attempts, so that one that was given up says nothing any more. */
  #attempt = 0;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  /** Hears the engine until the returned function is called. */
  follow(): () => void {
    return this.#bridge.on('models.comparing', ({ comparisonId, done, of }) => {
      if (comparisonId === this.#comparisonId) this.state = { kind: 'working', done, of };
    });
  }

  async start(asked: RequestOf<'models.compare'>): Promise<void> {
    const attempt = ++this.#attempt;
    this.state = { kind: 'working', done: 0, of: 0 };
    try {
      const { comparisonId } = await this.#bridge.request('models.compare', asked);
      if (attempt !== this.#attempt) return await this.#forget(comparisonId);
      this.#comparisonId = comparisonId;
      const { measured } = await this.#bridge.request('models.compared', { comparisonId });
      if (attempt !== this.#attempt) return;
      this.#comparisonId = null;
      this.state = { kind: 'done', measured };
    } catch (error) {
      if (attempt !== this.#attempt) return;
      this.#comparisonId = null;
      const message = errorMessageOf(error);
      this.state = { kind: 'failed', error: message ?? { code: 'bug', message: String(error), params: {} } };
      if (message === null) throw error;
    }
  }

  /** Ends what is under way. */
  async cancel(): Promise<void> {
    this.#attempt += 1;
    const comparisonId = this.#comparisonId;
    this.#comparisonId = null;
    if (this.isWorking) this.state = { kind: 'none' };
    if (comparisonId !== null) await this.#forget(comparisonId);
  }

  async #forget(comparisonId: string): Promise<void> {
    try {
      await this.#bridge.request('models.cancelComparison', { comparisonId });
    } catch (error) {
      // The engine is gone with it: what was asked for is so.
      if (errorMessageOf(error) === null) throw error;
    }
  }
}
