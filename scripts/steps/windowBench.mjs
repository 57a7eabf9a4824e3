// npm run bench -- window: frames of the Data and Train views where they hold much.
import { frame, resultOf, roll, showResults, traced, withPage } from './tracedPage.mjs';

/** @typedef {import('@playwright/test').Page} Page */

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

export async function benchWindow() {
  await withPage('window', async (page, url) => {
    showResults(await useTable(page, url));
    showResults(await useCurves(page, url));
  });
  return 0;
}
