// The whole browser host as a process of its own, before a fake engine.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { decodeMessage, encodeMessage } from '../../../app/contract/codec';
import type { Envelope, EventEnvelope, ReplyEnvelope } from '../../../app/contract/messages';
import { bundleForNode } from '../../../scripts/build/bundles.mjs';
import { buildFakeEngine } from '../fixtures/buildFakeEngine';
import { windowFolder } from '../fixtures/windowFolder';

const folder = mkdtempSync(join(tmpdir(), 'unroll-host-'));
const dist = join(folder, 'dist');

interface Host {
  readonly process: ChildProcess;
  readonly redirectFile: string;
  readonly url: string;
  readonly port: number;
  /** Of the link in the redirect file. */
  readonly token: string;
  readonly output: () => string;
}
const hosts: Host[] = [];

async function startHost(args: readonly string[] = []): Promise<Host> {
  const program = join(dist, 'browser', 'host.cjs');
  const child = spawn(process.execPath, [program, '--no-open', '--data', join(folder, 'data'), ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let output = '';
  child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
  await vi.waitUntil(() => output.includes('\n') || child.exitCode !== null, { timeout: 20_000, interval: 20 });
  const { redirectFile, url } = JSON.parse(output) as { redirectFile: string; url: string };
  const token = /token=([\w-]+)/.exec(readFileSync(redirectFile, 'utf8'))?.[1] ?? '';
  const host = { process: child, redirectFile, url, port: Number(new URL(url).port), token, output: () => output };
  hosts.push(host);
  return host;
}

beforeAll(async () => {
  windowFolder({ 'index.html': '<p>page</p>', 'assets/index.js': 'code' }, join(dist, 'renderer'));
  await bundleForNode({ name: 'host', entry: 'main/browserHost.ts', outDir: join(dist, 'browser') });
  const fake = await buildFakeEngine();
  mkdirSync(join(dist, 'engine'), { recursive: true });
  cpSync(fake.file, join(dist, 'engine', 'process.cjs'));
  fake.remove();
}, 120_000);

afterAll(() => {
  for (const host of hosts) host.process.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}
/** A request exactly as written: no URL parser tidies the path. */
function get(port: number, path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => (text += piece));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    asked.on('error', reject);
    asked.end();
  });
}

async function enter(host: Host): Promise<string> {
  const { headers } = await get(host.port, `/open?token=${host.token}`);
  return (headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '';
}

/** Resolves to the status of the refusal, or to the open socket. */
function openSocket(
  host: Host,
  headers: Record<string, string>,
  { path = '/contract', heard = [] as Envelope[] } = {},
): Promise<WebSocket | number> {
  const socket = new WebSocket(`ws://127.0.0.1:${host.port}${path}`, { headers });
  socket.on('message', (bytes: Buffer) => heard.push(decodeMessage(bytes) as Envelope));
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket));
    socket.once('unexpected-response', (asked, response) => {
      resolve(response.statusCode ?? 0);
      asked.destroy();
    });
    socket.once('error', reject);
  });
}

interface Window {
  readonly socket: WebSocket;
  readonly heard: Envelope[];
  ask(method: string, body: unknown): Promise<ReplyEnvelope>;
}
async function openWindow(host: Host, cookie: string): Promise<Window> {
  const heard: Envelope[] = [];
  const socket = await openSocket(host, { cookie, origin: host.url.replace(/\/$/, '') }, { heard });
  if (typeof socket === 'number') throw new Error(`Expected to be let in, but got ${socket}`);
  let lastId = 0;
  const ask = async (method: string, body: unknown): Promise<ReplyEnvelope> => {
    const id = ++lastId;
    socket.send(encodeMessage({ kind: 'request', id, method, body }));
    const isReply = (envelope: Envelope): envelope is ReplyEnvelope => envelope.kind === 'reply' && envelope.id === id;
    await vi.waitUntil(() => heard.some(isReply), { timeout: 20_000, interval: 5 });
    return heard.find(isReply) as ReplyEnvelope;
  };
  return { socket, heard, ask };
}
const closeCodeOf = async (socket: WebSocket): Promise<number> => ((await once(socket, 'close')) as [number])[0];

describe('the browser host', () => {
  let host: Host;
  let cookie: string;
  beforeAll(async () => {
    host = await startHost();
    cookie = await enter(host);
  });

  it('says nothing on stdout but its one line', () => {
    expect(host.output().trim().split('\n')).toHaveLength(1);
    expect(host.output()).not.toContain(host.token);
  });

  it('removed the redirect file when the link was used', () => {
    expect(existsSync(host.redirectFile)).toBe(false);
  });

  it('lets nobody in by the same link again', async () => {
    expect((await get(host.port, `/open?token=${host.token}`)).status).toBe(403);
  });

  it.each(['/open', '/open?token=', '/open?token=guess', '/open?other=1'])('lets nobody in by %s', async (path) => {
    const answer = await get(host.port, path);
    expect([answer.status, answer.headers['set-cookie']]).toEqual([403, undefined]);
  });

  it('gives its page to the browser that was let in, again and again', async () => {
    for (let i = 0; i < 3; i++)
      expect(await get(host.port, '/', { cookie })).toMatchObject({ status: 200, text: '<p>page</p>' });
  });

  it('gives nothing without the cookie', async () => {
    expect((await get(host.port, '/')).status).toBe(403);
    expect((await get(host.port, '/assets/index.js')).status).toBe(403);
  });

  it('sends what a page needs to be strict', async () => {
    const { headers } = await get(host.port, '/', { cookie });
    expect(headers['content-security-policy']).toContain(`connect-src 'self' ws://127.0.0.1:${host.port};`);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  it('gives the types of its files', async () => {
    const { headers } = await get(host.port, '/assets/index.js', { cookie });
    expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
  });

  it.each([
    ['a name that was made to point here', { host: 'evil.example' }],
    ['a foreign page', { origin: 'https://evil.example' }],
  ])('refuses %s, cookie or not', async (_what, headers) => {
    expect((await get(host.port, '/', { cookie, ...headers })).status).toBe(403);
  });

  it('does not spend its link on a foreign page', async () => {
    const other = await startHost();
    const path = `/open?token=${other.token}`;
    expect((await get(other.port, path, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await get(other.port, path)).status).toBe(200);
  });

  it.each([
    '/../browser/host.cjs',
    '/assets/../../browser/host.cjs',
    '/%2e%2e/browser/host.cjs',
    '/..%2fbrowser%2fhost.cjs',
    '/assets/..\\..\\browser\\host.cjs',
    '//etc/passwd',
    '/manifest.json',
    '/assets',
    '/assets/',
    '/index.html/',
    '/constructor',
  ])('has nothing at %s', async (path) => {
    expect((await get(host.port, path, { cookie })).status).toBe(404);
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('takes no %s', async (method) => {
    expect((await get(host.port, '/', { cookie }, method)).status).toBe(405);
  });

  it('listens to this computer alone', async () => {
    const outside = connect({ host: '127.0.0.2', port: host.port });
    const [error] = (await once(outside, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
  });
});

describe('the browser host’s socket', () => {
  let host: Host;
  let cookie: string;
  let origin: string;
  beforeAll(async () => {
    host = await startHost();
    cookie = await enter(host);
    origin = host.url.replace(/\/$/, '');
  });

  it('relays to the engine and back', async () => {
    const window = await openWindow(host, cookie);
    expect(await window.ask('system.info', {})).toMatchObject({
      isOk: true,
      body: { version: '1.2.3', host: 'browser' },
    });
    expect(await window.ask('samples.audio', { sampleId: 'a' })).toMatchObject({
      body: { pcm: Int16Array.of(1, -2, 3) },
    });
    window.socket.close();
  });

  it('tells how the engine is, without being asked', async () => {
    const window = await openWindow(host, cookie);
    await vi.waitUntil(() =>
      window.heard.some((e) => e.kind === 'event' && (e.body as { state?: string }).state === 'ready'),
    );
    window.socket.close();
  });

  it('tells every window what concerns all of them', async () => {
    const [first, second] = [await openWindow(host, cookie), await openWindow(host, cookie)];
    await first.ask('recordings.delete', { recordingId: 'a' });
    const isChange = (e: Envelope): e is EventEnvelope => e.kind === 'event' && e.event === 'recordings.changed';
    await vi.waitUntil(() => first.heard.some(isChange) && second.heard.some(isChange));
    first.socket.close();
    second.socket.close();
  });

  it('answers what it does not relay', async () => {
    const window = await openWindow(host, cookie);
    expect(await window.ask('models.open', { modelId: '../x' })).toMatchObject({ error: { code: 'message.refused' } });
    window.socket.close();
  });

  it('lives on when the engine dies', async () => {
    const window = await openWindow(host, cookie);
    const dying = await window.ask('recordings.rename', { recordingId: 'a', title: 'die' });
    expect(dying).toMatchObject({ error: { code: 'engine.restarting' } });
    await vi.waitUntil(async () => (await window.ask('models.list', {})).isOk, { timeout: 20_000, interval: 100 });
    window.socket.close();
  });

  it.each<[string, (own: { cookie: string; origin: string }) => Record<string, string>]>([
    ['without the cookie', ({ origin: own }) => ({ origin: own })],
    ['with a wrong cookie', ({ origin: own, cookie: good }) => ({ origin: own, cookie: `${good}x` })],
    ['from a foreign page', ({ cookie: good }) => ({ cookie: good, origin: 'https://evil.example' })],
    ['from no page', ({ cookie: good }) => ({ cookie: good })],
    ['by a name that was made to point here', (own) => ({ ...own, host: 'evil.example' })],
  ])('is refused %s', async (_what, headers) => {
    expect(await openSocket(host, headers({ cookie, origin }))).toBe(403);
  });

  it('is refused at any other path', async () => {
    expect(await openSocket(host, { cookie, origin }, { path: '/' })).toBe(403);
  });

  it.each<[string, Uint8Array | string, number]>([
    ['a message that is too large', new Uint8Array((4 << 20) + 1), 1009],
    ['bytes that are no message', Uint8Array.of(1, 2, 3), 1007],
    ['text', '{}', 1003],
  ])('is closed by %s', async (_what, message, code) => {
    const { socket } = await openWindow(host, cookie);
    socket.send(message);
    expect(await closeCodeOf(socket)).toBe(code);
  });

  it('takes sixteen windows and no more', async () => {
    const full = await startHost();
    const own = { cookie: await enter(full), origin: full.url.replace(/\/$/, '') };
    const sockets = await Promise.all(Array.from({ length: 16 }, () => openSocket(full, own)));
    expect(sockets.filter((socket) => typeof socket === 'number')).toEqual([]);
    expect(await openSocket(full, own)).toBe(403);
  });
});

describe('the browser host’s end', () => {
  const isGone = (pid: number): boolean => !existsSync(`/proc/${pid}`);
  /** Processes that a process started. */
  const childrenOf = (pid: number): number[] =>
    readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);

  it.each(['SIGTERM', 'SIGINT'] as const)('by %s takes the engine and the link with it', async (signal) => {
    const host = await startHost();
    const [engine = 0] = childrenOf(host.process.pid ?? 0);
    expect(engine).toBeGreaterThan(0);
    host.process.kill(signal);
    const [code] = (await once(host.process, 'exit')) as [number];
    expect(code).toBe(0);
    expect(existsSync(host.redirectFile)).toBe(false);
    await vi.waitUntil(() => isGone(engine));
  });

  it('by SIGKILL takes the engine with it', async () => {
    const host = await startHost();
    const [engine = 0] = childrenOf(host.process.pid ?? 0);
    host.process.kill('SIGKILL');
    await vi.waitUntil(() => isGone(engine), { timeout: 10_000 });
    rmSync(join(host.redirectFile, '..'), { recursive: true, force: true });
  });
});

describe('the browser host’s arguments', () => {
  it.each([
    [['--port', '70000'], 2],
    [['--port', 'x'], 2],
    [['--nonsense'], 2],
    [['--help'], 0],
  ])('%j end it with code %d', async (args, code) => {
    const child = spawn(process.execPath, [join(dist, 'browser', 'host.cjs'), ...args], { stdio: 'ignore' });
    expect(await once(child, 'exit')).toEqual([code, null]);
  });

  it('that ask for a port already taken end it with a sentence', async () => {
    const host = await startHost();
    const child = spawn(
      process.execPath,
      [join(dist, 'browser', 'host.cjs'), '--no-open', '--port', String(host.port), '--data', join(folder, 'other')],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let errors = '';
    child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString()));
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(errors).toContain('choose another with --port');
    expect(errors).not.toContain('    at ');
  });
});
