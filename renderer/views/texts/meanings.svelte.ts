// What is shown of texts that change while they are looked at.
import type { ErrorMessage } from '../../../app/contract/errorMessage';
import { errorMessageOf } from '../../bridge/bridge';

export class Asked<A> {
  value = $state.raw<A | null>(null);
  error = $state.raw<ErrorMessage | null>(null);

  /** Asks after so long; only the newest answer is shown. @returns what calls it off */
  ask(question: () => Promise<A>, afterMs: number): () => void {
    let isOff = false;
    const timer = setTimeout(() => {
      question().then(
        (value) => {
          if (isOff) return;
          this.value = value;
          this.error = null;
        },
        (cause: unknown) => {
          if (isOff) return;
          this.error = errorMessageOf(cause);
          if (this.error === null) throw cause;
        },
      );
    }, afterMs);
    return () => {
      isOff = true;
      clearTimeout(timer);
    };
  }
}
