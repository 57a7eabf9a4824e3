import { describe, expect, it } from 'vitest';
import { Access, isSameSecret, newSecret } from '../../../main/browser/access';

const PORT = 4000;
const HOST = '127.0.0.1:4000';
const ORIGIN = 'http://127.0.0.1:4000';

/** An access whose link was used, and the cookie that came of it. */
function letIn(): { access: Access; cookie: string } {
  const access = new Access(PORT);
  const header = access.exchange(access.token ?? '') ?? '';
  return { access, cookie: header.split(';')[0] ?? '' };
}

describe('a request', () => {
  it.each([{ host: HOST }, { host: HOST, origin: ORIGIN }])('from here has %j', (headers) => {
    expect(new Access(PORT).isFromHere(headers)).toBe(true);
  });

  it.each([
    ['a name that was made to point here', { host: 'evil.example:4000' }],
    ['a name of this computer', { host: 'localhost:4000' }],
    ['another port', { host: '127.0.0.1:4001' }],
    ['no port', { host: '127.0.0.1' }],
    ['the port of a longer name', { host: '127.0.0.1:4000.evil.example' }],
    ['no host', {}],
    ['a foreign page', { host: HOST, origin: 'https://evil.example' }],
    ['a page without an origin', { host: HOST, origin: 'null' }],
    ['a page of another port', { host: HOST, origin: 'http://127.0.0.1:4001' }],
    ['a page of another scheme', { host: HOST, origin: 'https://127.0.0.1:4000' }],
  ])('is not from here when it has %s', (_what, headers) => {
    expect(new Access(PORT).isFromHere(headers)).toBe(false);
  });

  it('for a WebSocket must name its page', () => {
    const access = new Access(PORT);
    expect(access.isSocketFromHere({ host: HOST })).toBe(false);
    expect(access.isSocketFromHere({ host: HOST, origin: ORIGIN })).toBe(true);
  });
});

describe('the link', () => {
  it('is exchanged for a cookie that scripts cannot read and foreign pages do not send', () => {
    const access = new Access(PORT);
    expect(access.exchange(access.token ?? '')).toMatch(/^unroll-4000=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/);
  });

  it('is worth nothing after that', () => {
    const access = new Access(PORT);
    const token = access.token ?? '';
    access.exchange(token);
    expect(access.exchange(token)).toBeNull();
    expect(access.token).toBeNull();
  });

  it('stays good when somebody guesses wrong', () => {
    const access = new Access(PORT);
    expect(access.exchange('guess')).toBeNull();
    expect(access.exchange('')).toBeNull();
    expect(access.exchange(access.token ?? '')).not.toBeNull();
  });

  it('is another one each time', () => {
    expect(new Access(PORT).token).not.toBe(new Access(PORT).token);
  });
});

describe('a browser', () => {
  it('is let in by the cookie, among others', () => {
    const { access, cookie } = letIn();
    expect(access.isLetIn({ cookie })).toBe(true);
    expect(access.isLetIn({ cookie: `theme=dark; ${cookie}; lang=en` })).toBe(true);
  });

  it('is not let in without it', () => {
    const { access, cookie } = letIn();
    expect(access.isLetIn({})).toBe(false);
    expect(access.isLetIn({ cookie: '' })).toBe(false);
    expect(access.isLetIn({ cookie: 'unroll-4000=' })).toBe(false);
    expect(access.isLetIn({ cookie: `${cookie}x` })).toBe(false);
    expect(access.isLetIn({ cookie: `x${cookie}` })).toBe(false);
  });

  it('is not let in by the cookie of another host', () => {
    expect(letIn().access.isLetIn({ cookie: letIn().cookie })).toBe(false);
  });
});

describe('secrets', () => {
  it('are the same or not, whatever their lengths', () => {
    expect(isSameSecret('secret', 'secret')).toBe(true);
    expect(isSameSecret('secret', 'secres')).toBe(false);
    expect(isSameSecret('secret', 'secrets')).toBe(false);
    expect(isSameSecret('', '')).toBe(true);
  });

  it('hold 256 random bits', () => {
    expect(Buffer.from(newSecret(), 'base64url')).toHaveLength(32);
    expect(newSecret()).not.toBe(newSecret());
  });
});
