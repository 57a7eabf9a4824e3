// An engine made of functions, for component tests and for looking at the window without one.
import type { EventName, EventOf, MethodName, ReplyOf, RequestOf } from '../../app/contract/messages';
import { UnrollError } from '../../app/errors';
import type { Bridge } from './bridge';
import { Correspondence } from './correspondence';

export type MockHandlers = {
  [M in MethodName]?: (body: RequestOf<M>) => ReplyOf<M> | Promise<ReplyOf<M>>;
};

export interface MockBridge extends Bridge {
  /** Every request made so far, oldest first. */
  readonly requests: readonly { readonly method: MethodName; readonly body: unknown }[];
  /** The bodies of one method's requests. */
  bodiesOf<M extends MethodName>(method: M): RequestOf<M>[];
  emit<E extends EventName>(event: E, body: EventOf<E>): void;
  /** Changes how one method answers from now on. */
  answer<M extends MethodName>(method: M, handler: NonNullable<MockHandlers[M]>): void;
}

/** A method without a handler answers `message.refused`. */
export function mockBridge(handlers: MockHandlers = {}): MockBridge {
  const requests: { method: MethodName; body: unknown }[] = [];
  const answers = new Map<MethodName, (body: never) => unknown>(
    Object.entries(handlers) as [MethodName, (body: never) => unknown][],
  );
  const correspondence = new Correspondence(({ id, method, body }) => {
    requests.push({ method, body });
    const answer = answers.get(method);
    void (async () => {
      try {
        if (!answer) throw new UnrollError('message.refused', { method, reason: 'Nothing answers it here.' });
        correspondence.receive({ kind: 'reply', id, isOk: true, body: await answer(body as never) });
      } catch (error) {
        if (error instanceof UnrollError) {
          correspondence.receive({ kind: 'reply', id, isOk: false, error: error.toMessage() });
        } else correspondence.reject(id, error as Error);
      }
    })();
  });
  return {
    host: 'browser',
    requests,
    bodiesOf: <M extends MethodName>(method: M) =>
      requests.filter((request) => request.method === method).map((request) => request.body as RequestOf<M>),
    request: (method, body) => correspondence.request(method, body),
    on: (event, callback) => correspondence.on(event, callback),
    emit: (event, body) => correspondence.emit(event, body),
    answer: (method, handler) => void answers.set(method, handler),
  };
}
