// A page of the window's own parts in a real Chromium, and what its main thread does while it is used, by Chromium's own trace.
import { promises as fs } from 'node:fs';
import { createServer } from 'node:http';
import { cpus, loadavg } from 'node:os';
import { extname, join } from 'node:path';
import { chromium } from '@playwright/test';
import { build } from 'vite';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { cacheFolder, inRoot } from './place.mjs';

/** @typedef {import('@playwright/test').Page} Page */
/** @typedef {{ readonly name: string, readonly ph: string, readonly ts: number, readonly dur?: number, readonly tdur?: number, readonly tid: number, readonly pid: number, readonly args?: { readonly name?: string } }} TraceEvent */
/** @typedef {{ readonly what: string, readonly frames: number, readonly workP50: number, readonly workP95: number, readonly workMost: number, readonly intervalP95: number }} Result */

const TYPES = /** @type {Readonly<Record<string, string>>} */ ({
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
});
const SIZE = { width: 1280, height: 800 };
/** Less work than this in a frame is rest. */
const RESTING_MS = 0.5;
/** A mouse tells where it is 125 times a second. */
const REPORT_MS = 8;
const CATEGORIES = ['devtools.timeline', 'toplevel', '__metadata'];

/** Serves a folder on this machine alone. @param {string} folder */
async function serve(folder) {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    fs.readFile(join(folder, path === '/' ? 'index.html' : path)).then(
      (content) => response.setHeader('content-type', TYPES[extname(path)] ?? 'text/html').end(content),
      () => response.writeHead(404).end(),
    );
  });
  await /** @type {Promise<void>} */ (new Promise((resolve) => server.listen(0, '127.0.0.1', resolve)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { url: `http://127.0.0.1:${port}/`, end: () => server.close() };
}

/**
 * What happens while the page is used, as its trace tells it.
 * @param {Page} page @param {() => Promise<void>} use
 * @returns {Promise<readonly TraceEvent[]>}
 */
export async function traced(page, use) {
  const session = await page.context().newCDPSession(page);
  /** @type {TraceEvent[]} */
  const events = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(.../** @type {any} */ (value)));
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: CATEGORIES, excludedCategories: ['*'] },
  });
  await use();
  const done = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await done;
  await session.detach();
  return events;
}

export const share = (/** @type {readonly number[]} */ values, /** @type {number} */ part) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(part * values.length))] ?? NaN;

/**
 * Milliseconds of the page's main thread from one frame to the next, and between the frames. Work is the thread's own time where the trace has it: a
 * machine that is busy with other things counts then as little as it can.
 * @param {string} what @param {readonly TraceEvent[]} events
 * @returns {Result}
 */
export function resultOf(what, events) {
  const main = new Set(
    events
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const own = events.filter(({ pid, tid }) => main.has(`${pid} ${tid}`)).sort((a, b) => a.ts - b.ts);
  const frames = own.filter(({ name }) => name === 'FireAnimationFrame').map(({ ts }) => ts);
  const tasks = own.filter(({ name, ph }) => ph === 'X' && /RunTask$/.test(name));
  const work = frames.slice(1).map((ts, index) => {
    const before = frames[index] ?? 0;
    return (
      tasks
        .filter((task) => task.ts + (task.dur ?? 0) > before && task.ts + (task.dur ?? 0) <= ts + 1)
        .reduce((sum, { tdur, dur }) => sum + (tdur ?? dur ?? 0), 0) / 1000
    );
  });
  const intervals = frames.slice(1).map((ts, index) => (ts - (frames[index] ?? 0)) / 1000);
  // A page that rests between two turns of the wheel has frames as well.
  const isBusy = (/** @type {number} */ _value, /** @type {number} */ index) => (work[index] ?? 0) > RESTING_MS;
  const busy = work.filter(isBusy);
  return {
    what,
    frames: busy.length,
    workP50: share(busy, 0.5),
    workP95: share(busy, 0.95),
    workMost: Math.max(...busy),
    intervalP95: share(intervals.filter(isBusy), 0.95),
  };
}

/**
 * As a hand does: the pointer and the wheel report on their own clock, and do not wait until the window has drawn what they did. A wish for the next
 * frame stands all the while, so that every frame of the window is in the trace.
 * @param {Page} page @param {number} count @param {(session: import('@playwright/test').CDPSession, turn: number) => Promise<unknown>} send
 */
export async function steadily(page, count, send) {
  const session = await page.context().newCDPSession(page);
  await page.evaluate(() => {
    const next = () => requestAnimationFrame(next);
    next();
  });
  /** @type {Promise<unknown>[]} */
  const sent = [];
  const begin = performance.now();
  for (let turn = 0; turn < count; turn++) {
    const left = begin + turn * REPORT_MS - performance.now();
    if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
    sent.push(send(session, turn));
  }
  await Promise.all(sent);
  await session.detach();
}
/** Two seconds of a hand's reports. */
export const REPORTS = 250;
/** As Chromium's protocol has it. */
const CONTROL = 2;

/**
 * Traced while the pointer goes along a way; held down where `isHeld`.
 * @param {Page} page @param {(share: number) => { readonly x: number, readonly y: number }} at share of the way, 0 to 1
 */
export async function moved(page, at, isHeld = false) {
  const { x, y } = at(0);
  await page.mouse.move(x, y);
  if (isHeld) await page.mouse.down();
  const events = await traced(page, () =>
    steadily(page, REPORTS, (session, turn) =>
      session.send('Input.dispatchMouseEvent', {
        type: 'mouseMoved',
        ...at(turn / REPORTS),
        ...(isHeld && { button: 'left', buttons: 1 }),
      }),
    ),
  );
  if (isHeld) await page.mouse.up();
  return events;
}

/**
 * Turns the wheel over a place, with the Control key where `isZoom`.
 * @param {Page} page @param {{ readonly x: number, readonly y: number, readonly isZoom?: boolean, readonly reports?: number }} place
 * @param {(turn: number) => { readonly dx?: number, readonly dy?: number }} by
 */
export const roll = (page, { x, y, isZoom = false, reports = REPORTS }, by) =>
  steadily(page, reports, (session, turn) => {
    const { dx = 0, dy = 0 } = by(turn);
    const modifiers = isZoom ? CONTROL : 0;
    return session.send('Input.dispatchMouseEvent', { type: 'mouseWheel', x, y, deltaX: dx, deltaY: dy, modifiers });
  });

export const frame = (/** @type {Page} */ page) =>
  page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => resolve(null))));

const ms = (/** @type {number} */ value) => value.toFixed(1).padStart(9);

/** @param {readonly Result[]} results */
export function showResults(results) {
  console.log(`\n${'main thread, ms'.padEnd(40)}frames  work p50  work p95      most  frame to frame p95`);
  for (const { what, frames, workP50, workP95, workMost, intervalP95 } of results)
    console.log(
      `${what.padEnd(40)}${String(frames).padStart(6)} ${ms(workP50)} ${ms(workP95)} ${ms(workMost)} ${ms(intervalP95)}`,
    );
}

/**
 * Builds a page of test/bench, opens it in a Chromium and uses it.
 * @param {string} name folder of the page @param {(page: Page, url: string) => Promise<void>} use
 */
export async function withPage(name, use) {
  const outDir = join(cacheFolder, 'programs', name);
  await build({
    configFile: false,
    logLevel: 'warn',
    root: inRoot(`test/bench/${name}`),
    plugins: [svelte({ configFile: inRoot('svelte.config.js') })],
    worker: { format: 'iife' },
    build: { outDir, emptyOutDir: true, target: 'chrome120' },
  });
  const server = await serve(outDir);
  const browser = await chromium.launch({
    executablePath: process.env['UNROLL_CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      // A microphone of tones, that nobody has to allow.
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
    ],
  });
  try {
    const page = await browser.newPage({ viewport: SIZE });
    console.log(
      `${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model}, ${cpus().length} threads, load ${loadavg()[0]?.toFixed(1)} at the start, Chromium ${browser.version()}, drawn without a GPU, ${SIZE.width} × ${SIZE.height}`,
    );
    await use(page, server.url);
    console.log(`load ${loadavg()[0]?.toFixed(1)} at the end`);
  } finally {
    await browser.close();
    server.end();
  }
}
