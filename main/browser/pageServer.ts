// The window's files over HTTP, for pages and browsers that Access lets in.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { contentSecurityPolicy, securityHeaders } from '../contentSecurity';
import type { WindowFile } from '../windowFiles';
import type { Access } from './access';

export const OPEN_PATH = '/open';
const REQUEST_MS = 10_000;

/** Leads on to the page. A redirect would not do: it would count as coming from the file that held the link. */
const ENTRANCE =
  '<!doctype html><meta http-equiv="refresh" content="0; url=/" /><link rel="icon" href="data:," /><title>Unroll</title>\n';
const CLOSED_LINK =
  'This link has been used, or is not the right one. Open the address in the browser that you opened it in first, or start Unroll again.\n';
const NO_COOKIE = 'This browser was not let in. Start Unroll again: it opens the page by itself.\n';

interface PageAnswer {
  readonly status: 200 | 403 | 404 | 405;
  readonly contentType: string;
  readonly content: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}
const text = (status: 403 | 404 | 405, content: string): PageAnswer => ({
  status,
  contentType: 'text/plain; charset=utf-8',
  content,
});

/** What a request gets; `letIn` is told when the link has done its work. */
function answerTo(
  request: IncomingMessage,
  access: Access,
  files: ReadonlyMap<string, WindowFile>,
  letIn: () => void,
): PageAnswer {
  if (!access.isFromHere(request.headers)) return text(403, 'Refused.\n');
  if (request.method !== 'GET' && request.method !== 'HEAD') return text(405, 'Refused.\n');
  const [path = '/', query = ''] = (request.url ?? '/').split('?');
  if (path === OPEN_PATH) {
    const cookie = access.exchange(new URLSearchParams(query).get('token') ?? '');
    if (cookie === null) return text(403, CLOSED_LINK);
    letIn();
    return {
      status: 200,
      contentType: 'text/html; charset=utf-8',
      content: ENTRANCE,
      headers: { 'Set-Cookie': cookie },
    };
  }
  if (!access.isLetIn(request.headers)) return text(403, NO_COOKIE);
  const file = files.get(path);
  return file ? { status: 200, ...file } : text(404, 'Not found.\n');
}

/** Called once the port is known. */
export interface PageServerOptions {
  readonly access: () => Access;
  readonly files: ReadonlyMap<string, WindowFile>;
  readonly onLetIn: () => void;
}

export function createPageServer({ access, files, onLetIn }: PageServerOptions): Server {
  const server = createServer({ requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS }, (request, response) => {
    send(request, response, answerTo(request, access(), files, onLetIn), access().origin);
  });
  return server;
}

function send(request: IncomingMessage, response: ServerResponse, answer: PageAnswer, origin: string): void {
  const content = Buffer.from(answer.content);
  const policy = contentSecurityPolicy([origin.replace(/^http/, 'ws')]);
  response.writeHead(answer.status, {
    ...securityHeaders(policy),
    ...answer.headers,
    'Content-Type': answer.contentType,
    'Content-Length': content.length,
  });
  response.end(request.method === 'HEAD' ? undefined : content);
}
