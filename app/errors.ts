// The one error type for what a person can cause or mend. Everything else is a bug and may throw as it likes.
import english from '../assets/messages/en/errors.json';
import type { ErrorMessage } from './contract/errorMessage';

/** Why something failed, as a message of its own: the value of `reason` in another message's sentence. */
export type ReasonCode = Extract<keyof typeof english, `reason.${string}`>;
export type ErrorCode = Exclude<keyof typeof english, ReasonCode>;
/** A reason and the values of its sentence, among the values of another message. */
export type ReasonParams = ErrorParams & { readonly reason: ReasonCode };
/** Whether a code that came over a process border is one that has a sentence. */
export const isErrorCode = (code: string): code is ErrorCode => code in english && !code.startsWith('reason.');
export type ErrorParams = Readonly<Record<string, string | number>>;

/** Puts values into a sentence: "{file} ends after {seconds} s". */
export function fillSentence(template: string, params: ErrorParams): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => (name in params ? String(params[name]) : whole));
}

/**
 * An error's sentence in one language, or undefined where that language does not know the code. A reason that is a message
 * itself is said in the same language; any other reason stands as it came.
 */
export function errorText(
  sentences: Readonly<Record<string, string>>,
  code: string,
  params: ErrorParams,
): string | undefined {
  const sentence = sentences[code];
  const reason = sentences[params['reason'] ?? ''];
  if (sentence === undefined) return undefined;
  const whole = reason === undefined ? params : { ...params, reason: fillSentence(reason, params) };
  return fillSentence(sentence, whole).trim();
}

/** A reason alone, in English. */
export const reasonText = (params: ReasonParams): string => fillSentence(english[params.reason], params);

/** What happened to what, what was kept, what to do: one sentence from the message catalogue. */
export class UnrollError extends Error {
  override readonly name = 'UnrollError';
  readonly code: ErrorCode;
  readonly params: ErrorParams;

  constructor(code: ErrorCode, params: ErrorParams = {}, options?: ErrorOptions) {
    super(errorText(english, code, params), options);
    this.code = code;
    this.params = params;
  }

  toMessage(): ErrorMessage {
    return { code: this.code, message: this.message, params: { ...this.params } };
  }
}

/** For the default branch of a switch over a closed union: a value that the types say cannot be. */
export function unreachable(value: never): never {
  throw new Error(`Expected no such value, but got ${JSON.stringify(value)}`);
}
