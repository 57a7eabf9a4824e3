// npm run bench -- lab: frames while a slider of the laboratory is dragged, the error surface turned, the unrolled network played.
import { frame, resultOf, showResults, traced, withPage } from './tracedPage.mjs';

/** @typedef {import('@playwright/test').Page} Page */

const GOAL_MS = 16.7;
const MOVES = 120;

/** Drags a slider from a quarter of its way to three quarters and back, a little for each frame. @param {Page} page @param {string} name */
async function dragSlider(page, name) {
  const box = await page.getByRole('slider', { name }).first().boundingBox();
  const { x, y, width, height } = box ?? { x: 0, y: 0, width: 0, height: 0 };
  const at = (/** @type {number} */ move) => x + width * (0.5 - 0.25 * Math.cos((2 * Math.PI * move) / MOVES));
  await page.mouse.move(at(0), y + height / 2);
  await page.mouse.down();
  const events = await traced(page, async () => {
    for (let move = 0; move < MOVES; move++) {
      await page.mouse.move(at(move), y + height / 2);
      await frame(page);
    }
  });
  await page.mouse.up();
  return events;
}

/** @param {Page} page */
async function turnSurface(page) {
  const box = await page.getByRole('slider', { name: /^Error over weight and bias/ }).boundingBox();
  const [x, y] = [(box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  const events = await traced(page, async () => {
    for (let move = 0; move < MOVES; move++) {
      await page.mouse.move(x + 120 * Math.sin((2 * Math.PI * move) / MOVES), y + 30 * Math.sin(move / 10));
      await frame(page);
    }
  });
  await page.mouse.up();
  return events;
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
