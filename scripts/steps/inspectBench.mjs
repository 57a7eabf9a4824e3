// npm run bench -- inspect: how soon the gates of a long utterance stand there, and frames while it is looked through.
import { moved, REPORTS, resultOf, roll, share, showResults, steadily, traced, withPage } from './tracedPage.mjs';

/** @typedef {import('@playwright/test').Page} Page */

const ROUNDS = 7;
const GOAL = { firstPaintMs: 500, frameMs: 16.7 };

/**
 * From the press on "Inspect" until every figure in view is drawn: no question is open, and two frames have passed.
 * @param {Page} page
 * @returns {Promise<{ readonly firstMs: number, readonly wholeMs: number }>} the first figure with a colour, and all of them
 */
const paint = (page) =>
  page.evaluate(async () => {
    const next = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const { waiting } = /** @type {Window & { readonly waiting: { readonly count: number } }} */ (
      /** @type {unknown} */ (window)
    );
    const isDrawn = () =>
      [...document.querySelectorAll('canvas')].some((canvas) => {
        if (!canvas.closest('.heat') || canvas.width < 200) return false;
        const data = canvas.getContext('2d')?.getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data;
        return (data?.[3] ?? 0) > 0;
      });
    const begin = performance.now();
    location.hash = 'inspect';
    let firstMs = NaN;
    for (let quiet = 0; quiet < 3;) {
      await next();
      if (Number.isNaN(firstMs)) {
        if (isDrawn()) firstMs = performance.now() - begin;
      } else quiet = waiting.count === 0 ? quiet + 1 : 0;
    }
    return { firstMs, wholeMs: performance.now() - begin };
  });

/** @param {Page} page @param {string} url */
async function use(page, url) {
  await page.goto(`${url}#library`);
  await page.locator('main:not([hidden]) [data-testid=recording-row]').first().waitFor({ timeout: 180_000 });
  /** @type {Awaited<ReturnType<typeof paint>>[]} */
  const paints = [];
  for (let round = 0; round < ROUNDS; round++) {
    paints.push(await paint(page));
    if (round < ROUNDS - 1) {
      await page.evaluate(() => (location.hash = 'library'));
      await page.locator('main:not([hidden]) [data-testid=recording-row]').first().waitFor();
    }
  }
  const whole = paints.map(({ wholeMs }) => wholeMs);
  const first = paints.map(({ firstMs }) => firstMs);
  console.log(
    `60 s, 3 × 256 units, every figure open: first figure ${Math.round(share(first, 0.5))} ms, all in view ${Math.round(share(whole, 0.5))} ms (median of ${ROUNDS}; slowest ${Math.round(Math.max(...whole))}); goal ${GOAL.firstPaintMs} ms`,
  );
  showResults(await scrub(page));
  console.log(`goal: frame to frame ${GOAL.frameMs} ms at the 95th percentile`);
}

/** @param {Page} page */
async function scrub(page) {
  const lane = await page.getByTestId('inspect-cursor').boundingBox();
  const [x, y] = [lane?.x ?? 0, (lane?.y ?? 0) + 10];
  const wide = lane?.width ?? 0;
  const place = { x: x + wide / 2, y };
  const scrubbing = await moved(page, (share) => ({ x: x + 40 + (wide - 80) * share, y }), true);
  const keys = await traced(page, () =>
    steadily(page, REPORTS, (session, turn) =>
      session.send('Input.dispatchKeyEvent', {
        type: turn % 2 === 0 ? 'rawKeyDown' : 'keyUp',
        key: 'ArrowRight',
        code: 'ArrowRight',
        windowsVirtualKeyCode: 39,
      }),
    ),
  );
  const back = (/** @type {number} */ turn) => (turn % 120 < 60 ? -1 : 1);
  const zooming = await traced(page, () => roll(page, { ...place, isZoom: true }, (turn) => ({ dy: 50 * back(turn) })));
  await roll(page, { ...place, isZoom: true, reports: 40 }, () => ({ dy: -50 }));
  const panning = await traced(page, () => roll(page, place, (turn) => ({ dx: -20 * back(turn) })));
  return [
    resultOf('scrub along the ruler', scrubbing),
    resultOf('cursor by key', keys),
    resultOf('zoom', zooming),
    resultOf('pan', panning),
  ];
}

/** Seconds of a take that are measured. */
const LIVE_S = 8;

/** @param {Page} page @param {string} url */
async function speak(page, url) {
  const origin = new URL(url).origin;
  await page.context().grantPermissions(['microphone'], { origin });
  await page.goto(`${url}#inspect/live`);
  const record = page.getByTestId('record-button').filter({ visible: true });
  await record.and(page.locator('[data-state=ready]')).waitFor({ timeout: 60_000 });
  await record.click();
  await page.getByRole('img', { name: /^Forget gate, layer 1[,.]/ }).waitFor({ timeout: 60_000 });
  await page.waitForTimeout(2_000);
  const held = () =>
    page.evaluate(() => {
      const { heldMs } = /** @type {Window & { readonly heldMs: () => number }} */ (/** @type {unknown} */ (window));
      return { ms: heldMs(), at: performance.now() };
    });
  const before = await held();
  const speaking = await traced(page, () => page.waitForTimeout(1_000 * LIVE_S));
  const after = await held();
  showResults([resultOf('live, ten pictures a second', speaking)]);
  console.log(
    `sound: ${((after.ms - before.ms) / 1000).toFixed(2)} s were kept of ${((after.at - before.at) / 1000).toFixed(2)} s that passed, no piece out of its place`,
  );
}

export async function benchInspect() {
  await withPage('inspect', use);
  console.log('\nlive, 3 × 256 units, every figure open');
  await withPage('live', speak);
  return 0;
}
