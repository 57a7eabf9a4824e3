// npm run bench -- lab: frames while a slider of the laboratory is dragged, the error surface turned, the unrolled network played.
import { frame, moved, resultOf, showResults, traced, withPage } from './tracedPage.mjs';

/** @typedef {import('@playwright/test').Page} Page */

const GOAL_MS = 16.7;
const MOVES = 120;

/** Drags a slider from a quarter of its way to three quarters and back. @param {Page} page @param {string} name */
async function dragSlider(page, name) {
  const box = await page.getByRole('slider', { name }).first().boundingBox();
  const { x, y, width, height } = box ?? { x: 0, y: 0, width: 0, height: 0 };
  const at = (/** @type {number} */ share) => ({
    x: x + width * (0.5 - 0.25 * Math.cos(2 * Math.PI * share)),
    y: y + height / 2,
  });
  return moved(page, at, true);
}

/** @param {Page} page */
async function turnSurface(page) {
  const box = await page.getByRole('slider', { name: /^Error over weight and bias/ }).boundingBox();
  const [x, y] = [(box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2];
  const at = (/** @type {number} */ share) => ({
    x: x + 120 * Math.sin(2 * Math.PI * share),
    y: y + 30 * Math.sin(12 * share),
  });
  return moved(page, at, true);
}

/** @param {Page} page */
async function playUnrolled(page) {
  await page.getByRole('combobox', { name: 'Network' }).selectOption({ label: 'LSTM' });
  await page.getByRole('button', { name: 'Play' }).click();
  return traced(page, async () => {
    for (let count = 0; count < MOVES; count++) await frame(page);
  });
}

/** @param {Page} page @param {string} url */
async function use(page, url) {
  /** @type {[name: string, what: string, run: () => ReturnType<typeof traced>][]} */
  const uses = [
    ['transition', 'one weight: drag w', () => dragSlider(page, 'Weight w')],
    ['surface', 'error surface: turn it', () => turnSurface(page)],
    ['surface', 'error surface: drag where the ball drops', () => dragSlider(page, 'Drop at w')],
    ['cell', 'memory cell: drag the forget gate', () => dragSlider(page, 'Forget gate')],
    ['reach', 'five cells: drag the weights’ scale', () => dragSlider(page, 'Recurrent weights ×')],
    ['unrolled', 'unrolled LSTM: play', () => playUnrolled(page)],
    ['trellis', 'CTC: drag the sureness', () => dragSlider(page, 'Sureness')],
  ];
  const results = [];
  for (const [name, what, run] of uses) {
    await page.goto(`${url}#lab/${name}`);
    await page.getByTestId('lab-finding').waitFor({ timeout: 120_000 });
    await frame(page);
    results.push(resultOf(what, await run()));
  }
  showResults(results);
  console.log(`goal: frame to frame ${GOAL_MS} ms at the 95th percentile`);
}

export async function benchLab() {
  await withPage('lab', use);
  return 0;
}
