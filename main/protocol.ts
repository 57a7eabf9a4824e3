// app://unroll/: the window's files under an origin of their own, with the headers that a page needs to be strict.
import type { Protocol, Session } from 'electron';
import { HOST_NAME, SCHEME, parseAddress } from './address';
import { contentSecurityPolicy, securityHeaders } from './contentSecurity';
import type { WindowFile } from './windowFiles';

/** Before Electron is ready. */
export function registerScheme(protocol: Protocol): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

export interface FileAnswer {
  readonly status: 200 | 403 | 404;
  readonly contentType: string;
  readonly content: Buffer;
}

/** What a request gets. */
export function answerTo(files: ReadonlyMap<string, WindowFile>, method: string, address: string): FileAnswer {
  const url = parseAddress(address);
  if (url?.host !== HOST_NAME || method !== 'GET') return refusal(403, 'Refused');
  const file = files.get(url.pathname);
  return file ? { status: 200, ...file } : refusal(404, 'Not found');
}

const refusal = (status: 403 | 404, text: string): FileAnswer => ({
  status,
  contentType: 'text/plain',
  content: Buffer.from(text),
});

/** Schemes that a page may load from; `devtools:` is Electron's own window for developers. */
const OPEN_SCHEMES: ReadonlySet<string> = new Set([`${SCHEME}:`, 'blob:', 'data:', 'devtools:']);

/** When Electron is ready. */
export function serveWindow(session: Session, files: ReadonlyMap<string, WindowFile>): void {
  const headers = securityHeaders(contentSecurityPolicy());
  const { protocol } = session;
  // Electron before 25 has no `handle`.
  if (typeof protocol.handle === 'function') {
    protocol.handle(SCHEME, (request) => {
      const { status, contentType, content } = answerTo(files, request.method, request.url);
      return new Response(new Uint8Array(content), { status, headers: { ...headers, 'Content-Type': contentType } });
    });
  } else {
    protocol.registerBufferProtocol(SCHEME, (request, respond) => {
      const { status, contentType, content } = answerTo(files, request.method, request.url);
      const [mimeType] = contentType.split(';');
      respond({ statusCode: status, mimeType: mimeType ?? contentType, charset: 'utf-8', headers, data: content });
    });
  }
  // Nothing of the app is on a network.
  session.webRequest.onBeforeRequest((details, decide) => {
    decide({ cancel: !OPEN_SCHEMES.has(parseAddress(details.url)?.protocol ?? '') });
  });
}
