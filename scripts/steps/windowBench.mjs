// npm run bench -- window: frames of the window where it holds much, by a real Chromium's own trace.
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
async function traced(page, use) {
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

const share = (/** @type {readonly number[]} */ values, /** @type {number} */ part) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(part * values.length))] ?? NaN;

/**
 * Milliseconds of the page's main thread from one frame to the next, and between the frames. Work is the thread's own time where the trace has it: a
 * machine that is busy with other things counts then as little as it can.
 * @param {string} what @param {readonly TraceEvent[]} events
 * @returns {Result}
 */
function resultOf(what, events) {
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
  return {
    what,
    frames: frames.length,
    workP50: share(work, 0.5),
    workP95: share(work, 0.95),
    workMost: Math.max(...work),
    intervalP95: share(intervals, 0.95),
  };
}

/** As many wheel turns, one for each frame. @param {Page} page @param {number} turns @param {(turn: number) => { dx?: number, dy?: number }} by */
async function roll(page, turns, by) {
  for (let turn = 0; turn < turns; turn++) {
    const { dx = 0, dy = 0 } = by(turn);
    await page.mouse.wheel(dx, dy);
    await frame(page);
  }
}
const frame = (/** @type {Page} */ page) =>
  page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => resolve(null))));

/** @param {Page} page @param {string} url */
async function useTable(page, url) {
  await page.goto(`${url}#data`);
  await page.getByText('20,000 of 20,000 shown').waitFor({ timeout: 120_000 });
  const table = page.getByTestId('data-rows');
  const box = await table.boundingBox();
  await page.mouse.move((box?.x ?? 0) + 300, (box?.y ?? 0) + 100);
  const scrolling = await traced(page, () => roll(page, 120, (turn) => ({ dy: turn % 40 < 20 ? 900 : -300 })));
  const sorting = await traced(page, async () => {
    for (const column of ['Text', 'Length', 'Speaker', 'Text', 'Length', 'Speaker']) {
      await page.getByRole('columnheader', { name: column }).getByRole('button').click();
      await frame(page);
      await frame(page);
    }
  });
  const searching = await traced(page, async () => {
    await page.getByRole('searchbox').focus();
    for (const letter of 'seven nine') {
      await page.keyboard.type(letter);
      await frame(page);
    }
  });
  const choosing = await traced(page, async () => {
    await page.getByRole('searchbox').fill('');
    await page.getByRole('grid').focus();
    for (let press = 0; press < 40; press++) {
      await page.keyboard.press('ArrowDown');
      await frame(page);
    }
  });
  return [
    resultOf('20,000 rows: scroll', scrolling),
    resultOf('20,000 rows: sort by a column', sorting),
    resultOf('20,000 rows: search, letter by letter', searching),
    resultOf('20,000 rows: go down by key', choosing),
  ];
}

/** @param {Page} page @param {string} url */
async function useCurves(page, url) {
  await page.goto(`${url}#train/digits`);
  await page.locator('[role=slider][aria-valuemax="99999"]').waitFor({ timeout: 120_000 });
  const figure = page.getByRole('img', { name: /^Loss over the steps/ });
  const box = await figure.boundingBox();
  const [x, y] = [(box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + 60];
  await page.mouse.move(x, y);
  const pointing = await traced(page, async () => {
    for (let at = 0; at < 90; at++) {
      await page.mouse.move(x - 200 + 4 * at, y);
      await frame(page);
    }
  });
  await page.keyboard.down('Control');
  const zooming = await traced(page, () => roll(page, 90, (turn) => ({ dy: turn % 30 < 15 ? -120 : 120 })));
  await roll(page, 4, () => ({ dy: -120 }));
  await page.keyboard.up('Control');
  const panning = await traced(page, () => roll(page, 90, (turn) => ({ dx: turn % 30 < 15 ? 40 : -40 })));
  return [
    resultOf('100,000 steps: point', pointing),
    resultOf('100,000 steps: zoom', zooming),
    resultOf('100,000 steps: pan', panning),
  ];
}

const ms = (/** @type {number} */ value) => value.toFixed(1).padStart(9);

export async function benchWindow() {
  const outDir = join(cacheFolder, 'programs', 'window');
  await build({
    configFile: false,
    logLevel: 'warn',
    root: inRoot('test/bench/window'),
    plugins: [svelte({ configFile: inRoot('svelte.config.js') })],
    worker: { format: 'iife' },
    build: { outDir, emptyOutDir: true, target: 'chrome120' },
  });
  const server = await serve(outDir);
  const browser = await chromium.launch({
    executablePath: process.env['UNROLL_CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic'],
  });
  try {
    const page = await browser.newPage({ viewport: SIZE });
    console.log(
      `${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model}, ${cpus().length} threads, load ${loadavg()[0]?.toFixed(1)} at the start, Chromium ${browser.version()}, drawn without a GPU, ${SIZE.width} × ${SIZE.height}`,
    );
    console.log(`\n${'main thread, ms'.padEnd(40)}frames  work p50  work p95      most  frame to frame p95`);
    for (const use of [useTable, useCurves])
      for (const { what, frames, workP50, workP95, workMost, intervalP95 } of await use(page, server.url))
        console.log(
          `${what.padEnd(40)}${String(frames).padStart(6)} ${ms(workP50)} ${ms(workP95)} ${ms(workMost)} ${ms(intervalP95)}`,
        );
    console.log(`load ${loadavg()[0]?.toFixed(1)} at the end`);
  } finally {
    await browser.close();
    server.end();
  }
  return 0;
}
