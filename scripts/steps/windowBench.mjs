// npm run bench -- window: frames of the Data and Train views where they hold much.
import { frame, moved, resultOf, roll, showResults, traced, withPage } from './tracedPage.mjs';

/** @typedef {import('@playwright/test').Page} Page */

/** @param {Page} page @param {string} url */
async function useTable(page, url) {
  await page.goto(`${url}#data`);
  await page.getByText('20,000 of 20,000 shown').waitFor({ timeout: 120_000 });
  const table = page.getByTestId('data-rows');
  const box = await table.boundingBox();
  const place = { x: (box?.x ?? 0) + 300, y: (box?.y ?? 0) + 100 };
  await page.mouse.move(place.x, place.y);
  const scrolling = await traced(page, () => roll(page, place, (turn) => ({ dy: turn % 80 < 40 ? 450 : -150 })));
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
  const pointing = await moved(page, (share) => ({ x: x - 200 + 400 * share, y }));
  await page.mouse.move(x, y);
  const zoom = { x, y, isZoom: true };
  const zooming = await traced(page, () => roll(page, zoom, (turn) => ({ dy: turn % 60 < 30 ? -60 : 60 })));
  await roll(page, { ...zoom, reports: 8 }, () => ({ dy: -60 }));
  const panning = await traced(page, () => roll(page, { x, y }, (turn) => ({ dx: turn % 60 < 30 ? 20 : -20 })));
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
