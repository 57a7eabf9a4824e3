// Requests in, replies out: one handler per method of the contract.
import type { ErrorMessage } from '../../app/contract/errorMessage';
import {
  type EngineMethodName,
  type EventEnvelope,
  type EventName,
  type EventOf,
  type ReplyEnvelope,
  type ReplyOf,
  type RequestEnvelope,
  type RequestOf,
} from '../../app/contract/messages';
import { UnrollError, type ReasonCode } from '../../app/errors';

type HandlersOf<M extends EngineMethodName> = {
  readonly [Each in M]: (body: RequestOf<Each>) => ReplyOf<Each> | Promise<ReplyOf<Each>>;
};
type TopicMethodName = Extract<EngineMethodName, `data.${string}` | `runs.${string}`>;
/** Every method that is the engine's; a missing one is a type error, but for topics that not every engine answers. */
export type Handlers = HandlersOf<Exclude<EngineMethodName, TopicMethodName>> & Partial<HandlersOf<TopicMethodName>>;
export type Emit = <E extends EventName>(event: E, body: EventOf<E>) => void;
type Send = (envelope: ReplyEnvelope | EventEnvelope) => void;

export const emitTo =
  (send: Send): Emit =>
  (event, body) =>
    send({ kind: 'event', event, body });

/** Failures of the file system that a person can mend. */
const SYSTEM_REASONS: ReadonlyMap<unknown, ReasonCode> = new Map([
  ['EACCES', 'reason.system.forbidden'],
  ['EPERM', 'reason.system.forbidden'],
  ['EROFS', 'reason.system.readOnly'],
  ['ENOSPC', 'reason.system.full'],
  ['EDQUOT', 'reason.system.full'],
  ['EIO', 'reason.system.broken'],
  ['EMFILE', 'reason.system.tooManyOpen'],
  ['ENFILE', 'reason.system.tooManyOpen'],
  ['ENOTDIR', 'reason.system.notAFolder'],
]);

/** The error as it crosses the border, or null where it is a bug. */
export function errorMessageOf(error: unknown): ErrorMessage | null {
  if (error instanceof UnrollError) return error.toMessage();
  if (!(error instanceof Error && 'code' in error)) return null;
  const reason = SYSTEM_REASONS.get(error.code);
  if (reason === undefined) return null;
  const place = 'path' in error ? String(error.path) : '';
  return new UnrollError('data.unusable', { reason, place }, { cause: error }).toMessage();
}

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

const isAmong = (handlers: Handlers, method: string): method is EngineMethodName => Object.hasOwn(handlers, method);
