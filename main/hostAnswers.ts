// What the host answers itself: the engine never hears of it.
import type { HostMethodName, ReplyOf, RequestOf } from '../app/contract/messages';
import { UnrollError } from '../app/errors';
import type { Answer } from './engineSupervisor';

/** By the message that asks for it. Each may throw what a person can act on. */
export type HostAnswers = {
  readonly [M in HostMethodName]: (request: RequestOf<M>) => Promise<ReplyOf<M>>;
};

/** @param request of that method, checked */
export async function answerOfHost<M extends HostMethodName>(
  answers: HostAnswers,
  method: M,
  request: unknown,
): Promise<Answer> {
  const answer: HostAnswers[M] = answers[method];
  try {
    return { isOk: true, body: await answer(request as RequestOf<M>) };
  } catch (error) {
    if (error instanceof UnrollError) return { isOk: false, error: error.toMessage() };
    throw error;
  }
}
