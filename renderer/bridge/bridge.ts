// The window's one way to the engine: the same contract whatever the wire.
import type { ErrorMessage } from '../../app/contract/errorMessage';
import type { EventName, EventOf, MethodName, ReplyOf, RequestOf } from '../../app/contract/messages';
import { UnrollError } from '../../app/errors';

export type Host = 'electron' | 'browser';

export interface Bridge {
  readonly host: Host;
  /**
   * Asks and waits for the answer.
   * @throws BridgeError with the code and values of the error reply; `request.late` when no answer came in time;
   * `connection.lost` when the wire broke before the answer.
   */
  request<M extends MethodName>(method: M, body: RequestOf<M>): Promise<ReplyOf<M>>;
  /** Hears every event of that name until the returned function is called. */
  on<E extends EventName>(event: E, callback: (body: EventOf<E>) => void): () => void;
}

/** An error reply on this side of the wire: what an UnrollError was on the other. */
export class BridgeError extends Error {
  override readonly name = 'BridgeError';
  readonly code: string;
  readonly params: ErrorMessage['params'];

  constructor(error: ErrorMessage) {
    super(error.message);
    this.code = error.code;
    this.params = error.params;
  }

  toMessage(): ErrorMessage {
    return { code: this.code, message: this.message, params: this.params };
  }
}

/** The error as a message that can be shown in the window's language, or null where it is a bug and not for a person. */
export function errorMessageOf(error: unknown): ErrorMessage | null {
  return error instanceof BridgeError || error instanceof UnrollError ? error.toMessage() : null;
}

/** The code of an error that a person can act on, or null. */
export const errorCodeOf = (error: unknown): string | null => errorMessageOf(error)?.code ?? null;
