// Who may speak with the browser host: pages of its own, in the browser that was let in once by a secret link.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

const SECRET_BYTES = 32;

/** Compares in a time that tells nothing, also not about lengths. */
export function isSameSecret(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

export const newSecret = (): string => randomBytes(SECRET_BYTES).toString('base64url');

export class Access {
  readonly #host: string;
  readonly #origin: string;
  readonly #cookieName: string;
  readonly #session = newSecret();
  #token: string | null = newSecret();

  /** @param port that the host listens on, on 127.0.0.1 */
  constructor(port: number) {
    this.#host = `127.0.0.1:${port}`;
    this.#origin = `http://${this.#host}`;
    // Cookies do not tell ports apart; two hosts must not overwrite each other's.
    this.#cookieName = `unroll-${port}`;
  }

  get origin(): string {
    return this.#origin;
  }

  /** The secret of the link, or null once it has been used. */
  get token(): string | null {
    return this.#token;
  }

  /**
   * Whether a request came to this address and from a page of it. A name that some site made point at 127.0.0.1 (DNS
   * rebinding) arrives with that site's Host; a page of another origin arrives with its Origin.
   */
  isFromHere({ host, origin }: IncomingHttpHeaders): boolean {
    return host === this.#host && (origin === undefined || origin === this.#origin);
  }

  /** Browsers always name the page that opens a WebSocket. */
  isSocketFromHere(headers: IncomingHttpHeaders): boolean {
    return headers.origin !== undefined && this.isFromHere(headers);
  }

  /** Whether the browser was let in before. */
  isLetIn({ cookie = '' }: IncomingHttpHeaders): boolean {
    const prefix = `${this.#cookieName}=`;
    const values = cookie
      .split(';')
      .map((pair) => pair.trim())
      .filter((pair) => pair.startsWith(prefix))
      .map((pair) => pair.slice(prefix.length));
    return values.some((value) => isSameSecret(value, this.#session));
  }

  /**
   * Takes the link's token in exchange for the cookie, once.
   * @returns the Set-Cookie header, or null where the token is wrong or used up
   */
  exchange(token: string): string | null {
    if (this.#token === null || !isSameSecret(token, this.#token)) return null;
    this.#token = null;
    return `${this.#cookieName}=${this.#session}; HttpOnly; SameSite=Strict; Path=/`;
  }
}
