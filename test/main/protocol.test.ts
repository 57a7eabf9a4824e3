import type { Session } from 'electron';
import { describe, expect, it } from 'vitest';
import { isPageAddress } from '../../main/address';
import { contentSecurityPolicy, securityHeaders } from '../../main/contentSecurity';
import { answerTo, serveWindow } from '../../main/protocol';

const page = { content: Buffer.from('<p>page</p>'), contentType: 'text/html' };
const files = new Map([
  ['/', page],
  ['/index.html', page],
]);

describe('app://unroll/', () => {
  it('is the page', () => {
    expect(answerTo(files, 'GET', 'app://unroll/')).toEqual({ status: 200, ...page });
  });

  it.each(['app://unroll/../../etc/passwd', 'app://unroll/%2e%2e/secret', 'app://unroll/missing.js'])(
    'has nothing at %s',
    (address) => {
      expect(answerTo(files, 'GET', address).status).toBe(404);
    },
  );

  it.each(['app://elsewhere/', 'app://unroll:80/', 'app://unroll.example/', 'nonsense'])('is not %s', (address) => {
    expect(answerTo(files, 'GET', address).status).toBe(403);
  });

  it('takes nothing', () => {
    expect(answerTo(files, 'POST', 'app://unroll/').status).toBe(403);
  });
});

describe('the page’s address', () => {
  it.each(['app://unroll/', 'app://unroll/#library'])('is %s', (address) => {
    expect(isPageAddress(address)).toBe(true);
  });

  it.each([
    'app://unroll.evil.example/',
    'app://unroll/assets/index.js',
    'app://unroll/?x',
    'app://unroll@evil.example/',
    'https://unroll/',
    'http://127.0.0.1/',
    'file:///index.html',
    'about:blank',
    'javascript:alert(1)',
    '',
  ])('is not %s', (address) => {
    expect(isPageAddress(address)).toBe(false);
  });
});

describe('the content security policy', () => {
  const directives = new Map(
    contentSecurityPolicy(['ws://127.0.0.1:4000'])
      .split('; ')
      .map((directive) => {
        const [name = '', ...values] = directive.split(' ');
        return [name, values] as const;
      }),
  );

  it('forbids by default', () => {
    expect(directives.get('default-src')).toEqual(["'none'"]);
  });

  it('runs scripts from files of our own only', () => {
    expect(directives.get('script-src')).toEqual(["'self'"]);
  });

  it('demands trusted types of two names', () => {
    expect(directives.get('require-trusted-types-for')).toEqual(["'script'"]);
    expect(directives.get('trusted-types')).toEqual(['svelte-trusted-html', 'app-worker']);
  });

  it('lets the page speak with its own host', () => {
    expect(directives.get('connect-src')).toEqual(["'self'", 'ws://127.0.0.1:4000']);
  });

  it.each(['unsafe-inline', 'unsafe-eval', 'wasm-unsafe-eval', '*', 'http:', 'https:'])('never says %s', (word) => {
    expect([...directives.values()].flat()).not.toContain(word);
    expect([...directives.values()].flat()).not.toContain(`'${word}'`);
  });

  it('goes with headers against sniffing, framing and foreign openers', () => {
    expect(securityHeaders('policy')).toMatchObject({
      'Content-Security-Policy': 'policy',
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
      'Cross-Origin-Opener-Policy': 'same-origin',
    });
  });
});

describe('the session', () => {
  interface OldAnswer {
    readonly statusCode: number;
    readonly mimeType: string;
    readonly headers: Record<string, string>;
    readonly data: Buffer;
  }
  type Decide = (details: { url: string }, decide: (decision: { cancel: boolean }) => void) => void;

  function served(protocol: object) {
    let filter: Decide = () => undefined;
    const webRequest = { onBeforeRequest: (listener: Decide) => (filter = listener) };
    serveWindow({ protocol, webRequest } as unknown as Session, files);
    return (url: string): boolean => {
      let isCancelled = false;
      filter({ url }, ({ cancel }) => (isCancelled = cancel));
      return !isCancelled;
    };
  }

  it('serves the page with its policy', async () => {
    let handler: (request: Request) => Response = () => new Response();
    served({ handle: (_scheme: string, given: typeof handler) => (handler = given) });
    const response = handler({ method: 'GET', url: 'app://unroll/' } as Request);
    expect([response.status, await response.text()]).toEqual([200, '<p>page</p>']);
    expect(response.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
    expect(response.headers.get('Content-Type')).toBe('text/html');
  });

  it('serves the page in the older way', () => {
    let handler: (request: { method: string; url: string }, respond: (answer: OldAnswer) => void) => void = () =>
      undefined;
    served({ registerBufferProtocol: (_scheme: string, given: typeof handler) => (handler = given) });
    const answers: OldAnswer[] = [];
    handler({ method: 'GET', url: 'app://unroll/' }, (answer) => answers.push(answer));
    expect(answers[0]).toMatchObject({ statusCode: 200, mimeType: 'text/html' });
    expect(answers[0]?.headers['Content-Security-Policy']).toContain("default-src 'none'");
  });

  it.each([
    ['app://unroll/assets/a.js', true],
    ['blob:app://unroll/1', true],
    ['data:image/png,', true],
    ['http://127.0.0.1:4000/', false],
    ['https://example.org/', false],
    ['ws://127.0.0.1/', false],
    ['file:///etc/passwd', false],
    ['nonsense', false],
  ])('loads %s: %s', (address, isLoaded) => {
    expect(served({ handle: () => undefined })(address)).toBe(isLoaded);
  });
});
