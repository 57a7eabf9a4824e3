// The outer form of every message, checked before anything inside it is looked at.
import { z } from 'zod';
import { errorSchema } from '../app/contract/errorMessage';
import { events, methods, type EventName, type MethodName } from '../app/contract/messages';
import { count } from '../app/contract/schema';

export const requestEnvelopeSchema = z.strictObject({
  kind: z.literal('request'),
  id: count,
  method: z.string().max(64),
  body: z.unknown(),
});

/** What an engine says. */
export const engineEnvelopeSchema = z.union([
  z.strictObject({ kind: z.literal('reply'), id: count, isOk: z.literal(true), body: z.unknown() }),
  z.strictObject({ kind: z.literal('reply'), id: count, isOk: z.literal(false), error: errorSchema }),
  z.strictObject({ kind: z.literal('event'), event: z.string().max(64), body: z.unknown() }),
]);

export const isMethodName = (name: string): name is MethodName => Object.hasOwn(methods, name);
export const isEventName = (name: string): name is EventName => Object.hasOwn(events, name);

const LONGEST_REASON = 500;

/** The first thing that is wrong, for a log or a developer: `body.pcm: Expected a Int16Array`. */
export function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  if (issue === undefined) return 'It is not valid.';
  const place = issue.path.map(String).join('.');
  return `${place === '' ? '' : `${place}: `}${issue.message}`.slice(0, LONGEST_REASON);
}
