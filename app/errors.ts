// The one error type for what a person can cause or mend. Everything else is a bug and may throw as it likes.
import english from '../assets/messages/en/errors.json';
import type { ErrorMessage } from './contract/messages';

export type ErrorCode = keyof typeof english;
export type ErrorParams = Readonly<Record<string, string | number>>;

/** Puts values into a sentence: "{file} ends after {seconds} s". */
export function fillSentence(template: string, params: ErrorParams): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => (name in params ? String(params[name]) : whole));
}

/** What happened to what, what was kept, what to do: one sentence from the message catalogue. */
export class UnrollError extends Error {
  override readonly name = 'UnrollError';
  readonly code: ErrorCode;
  readonly params: ErrorParams;

  constructor(code: ErrorCode, params: ErrorParams = {}, options?: ErrorOptions) {
    super(fillSentence(english[code], params), options);
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
