// A question about many sounds: asked, followed while the network hears one after the other, and answered once.
import type { ErrorMessage } from '../../../app/contract/errorMessage';
import type { SurveyResult, SurveyTask } from '../../../app/contract/inspectionQuestions';
import type { RequestOf } from '../../../app/contract/messages';
import { errorMessageOf, type Bridge } from '../../bridge/bridge';

type Kind = SurveyTask['kind'];
export type ResultOf<K extends Kind> = Extract<SurveyResult, { readonly kind: K }>;
interface Question<K extends Kind> {
  readonly modelId: string;
  readonly of: RequestOf<'inspection.survey'>['of'];
  readonly task: Extract<SurveyTask, { readonly kind: K }>;
}

export class Survey<K extends Kind> {
  result = $state.raw<ResultOf<K> | null>(null);
  /** Sounds that were heard, of all; null while nothing is under way. */
  progress = $state.raw<{ readonly done: number; readonly of: number } | null>(null);
  error = $state.raw<ErrorMessage | null>(null);
  readonly #bridge: Bridge;
  #asked = 0;
  /** Ends the one under way. */
  #stop: (() => void) | null = null;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  /** Asks; what was asked before is given up. */
  async run(question: Question<K>): Promise<void> {
    this.clear();
    const asked = ++this.#asked;
    this.progress = { done: 0, of: 0 };
    try {
      const result = await this.#hear(asked, question);
      if (asked === this.#asked) this.result = result;
    } catch (error) {
      if (asked !== this.#asked) return;
      this.error = errorMessageOf(error);
      if (this.error === null) throw error;
    } finally {
      if (asked === this.#asked) this.progress = null;
    }
  }

  /** Gives up what is under way, and forgets what was answered. */
  clear(): void {
    this.#asked += 1;
    this.#stop?.();
    [this.#stop, this.result, this.progress, this.error] = [null, null, null, null];
  }

  async #hear(asked: number, { modelId, of, task }: Question<K>): Promise<ResultOf<K>> {
    const { surveyId } = await this.#bridge.request('inspection.survey', { modelId, of, task });
    const cancel = (): void => {
      this.#bridge.request('inspection.cancelSurvey', { surveyId }).catch((error: unknown) => {
        if (errorMessageOf(error) === null) throw error;
      });
    };
    // Given up before it had a name.
    if (asked !== this.#asked) cancel();
    else this.#stop = cancel;
    const off = this.#bridge.on('inspection.survey', (event) => {
      if (event.surveyId === surveyId && asked === this.#asked) this.progress = { done: event.done, of: event.of };
    });
    try {
      const { result } = await this.#bridge.request('inspection.surveyed', { surveyId });
      return result as ResultOf<K>;
    } finally {
      off();
      if (asked === this.#asked) this.#stop = null;
    }
  }
}
