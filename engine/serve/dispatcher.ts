// Requests in, replies out: one handler per method of the contract.
import {
  type EngineMethodName,
  type EventEnvelope,
  type EventName,
  type EventOf,
  type ListeningMethodName,
  type ReplyEnvelope,
  type ReplyOf,
  type RequestEnvelope,
  type RequestOf,
  type TrainingMethodName,
} from '../../app/contract/messages';
import { UnrollError } from '../../app/errors';
import { errorMessageOf } from './errorMessage';

type HandlersOf<M extends EngineMethodName> = {
  readonly [Each in M]: (body: RequestOf<Each>) => ReplyOf<Each> | Promise<ReplyOf<Each>>;
};
/** Every method that the engine that listens answers; a missing one is a type error. */
export type ListeningHandlers = HandlersOf<ListeningMethodName>;
/** Every method that the engine that trains answers. */
export type TrainingHandlers = HandlersOf<'system.info' | TrainingMethodName>;
export type Handlers = ListeningHandlers | TrainingHandlers;
export type Emit = <E extends EventName>(event: E, body: EventOf<E>) => void;
type Send = (envelope: ReplyEnvelope | EventEnvelope) => void;

export const emitTo =
  (send: Send): Emit =>
  (event, body) =>
    send({ kind: 'event', event, body });

/**
 * Answers requests. A bug is not answered: it goes to `onBug`, and the process that asked learns by this one's end.
 * @param handlers asked once they are there; where they fail to come for a reason that a person can mend, every request
 * is answered with it.
 */
export function answerRequests(
  handlers: Promise<Handlers>,
  send: Send,
  onBug: (error: unknown) => void,
): (message: unknown) => void {
  return (message) => {
    void answer(handlers, message as RequestEnvelope).then(send, onBug);
  };
}

async function answer(handlers: Promise<Handlers>, request: RequestEnvelope): Promise<ReplyEnvelope> {
  const { id, method } = request;
  try {
    const all = await handlers;
    if (!isAmong(all, method))
      throw new UnrollError('message.refused', { method: String(method), reason: 'No method has this name.' });
    const handle = all[method] as (body: unknown) => unknown;
    return { kind: 'reply', id, isOk: true, body: await handle(request.body) };
  } catch (error) {
    const told = errorMessageOf(error);
    if (told === null) throw error;
    return { kind: 'reply', id, isOk: false, error: told };
  }
}

const isAmong = <H extends Handlers>(handlers: H, method: PropertyKey): method is keyof H =>
  Object.hasOwn(handlers, method);
