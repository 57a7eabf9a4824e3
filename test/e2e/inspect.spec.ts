// Looking inside a network in a browser: a real Chromium, the real engine, the bundled model and a sample.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Download, type Locator, type Page } from '@playwright/test';
import { openBrowser, type BrowserApp } from './support/apps';
import { root } from './support/environment';

test.describe.configure({ mode: 'serial' });

/** The first start loads TensorFlow, and the network hears the whole sample. */
const READY_MS = 90_000;

let app: BrowserApp;
test.beforeAll(async () => {
  app = await openBrowser();
});
test.afterAll(() => app?.close());

/** Pictures of the panels for docs/inspection.md, made anew only where that is asked for: UNROLL_SHOTS=1. */
async function picture(name: string, of: Page | Locator): Promise<void> {
  if (process.env['UNROLL_SHOTS'] === '1') await of.screenshot({ path: join(root, `docs/images/inspect-${name}.png`) });
}

const bytesOf = async (download: Download): Promise<Buffer> => readFileSync(await download.path());
const cursor = () => app.page.getByTestId('inspect-cursor');
const frame = async (): Promise<number> => Number(await cursor().getAttribute('aria-valuenow'));

test('a sample is open with its layers, its symbols and its text', async () => {
  const { page } = app;
  await page.getByRole('link', { name: 'Inspect' }).click();
  await expect(cursor()).toBeVisible({ timeout: READY_MS });
  await expect(page.getByRole('heading', { name: 'Layer 1' }).first()).toBeVisible();
  const text = page.getByRole('img', { name: /^Which frames became which letter/ });
  await expect(text).toHaveAttribute('aria-label', /letter\. [a-z ]{3,}/, { timeout: READY_MS });
  await expect(page.getByText(/^mean 0\.\d\d$/).first()).toBeVisible();
});

test('the cursor shows what the network says at its frame', async () => {
  const { page } = app;
  await page.keyboard.press('PageDown');
  await page.keyboard.press('ArrowRight');
  expect(await frame()).toBe(11);
  await expect(cursor()).toHaveAttribute('aria-valuetext', /frame 11: .+ [01]\.\d\d/);
  const box = (await cursor().boundingBox())!;
  await page.mouse.click(box.x + box.width / 2, box.y + 60);
  const frames = Number(await cursor().getAttribute('aria-valuemax'));
  expect(Math.abs((await frame()) - frames / 2)).toBeLessThan(3);
});

test('frames are chosen by the pointer, and play in a loop', async () => {
  const { page } = app;
  const gate = page.getByRole('img', { name: /, layer 1[.,]/ }).first();
  const box = (await gate.boundingBox())!;
  await page.mouse.move(box.x + 0.3 * box.width, box.y + 10);
  await page.mouse.down();
  await page.mouse.move(box.x + 0.5 * box.width, box.y + 14, { steps: 4 });
  await page.mouse.up();
  await expect(page.getByRole('button', { name: /^Loop \d\.\d\d to/ })).toBeVisible();
  await page.keyboard.press('Space');
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await page.keyboard.press('Space');
  await expect(page.getByRole('button', { name: 'Play' })).toBeVisible();
});

test('units that are open in the chosen frames are found', async () => {
  const { page } = app;
  const panel = page.getByTestId('span-panel');
  await expect(panel.getByRole('status')).toHaveText(/of \d+ units/, { timeout: READY_MS });
});

test('what moved a symbol is drawn over the sound', async () => {
  const { page } = app;
  await page.getByTestId('cursor-symbols').getByRole('button').first().click();
  await expect(page.getByText(/^in colour: what moved/)).toBeVisible({ timeout: READY_MS });
  await picture('cursor', page.getByTestId('cursor-panel'));
});

test('a gate that is held shut changes what is heard, and both are shown', async () => {
  const { page } = app;
  const panel = page.getByTestId('what-if-panel');
  await panel.getByRole('combobox').selectOption({ label: 'Output gate, layer 3, forward' });
  await panel.getByRole('button', { name: 'Hold shut' }).click();
  const [heard, changed] = [0, 1].map((side) => panel.getByTestId('what-if-outcome').locator('p').nth(side));
  await expect(heard!).toHaveText(/[a-z]{3,}/, { timeout: READY_MS });
  expect(await changed!.innerText()).not.toBe(await heard!.innerText());
  await expect(panel.getByText(/^\d+ symbols? differ/)).toBeVisible();
  await expect(panel.getByRole('img', { name: /^How much the symbols differ at each frame/ })).toBeVisible();
  await picture('what-if', panel);
  await picture('light', page);
});

test('the pattern of the chosen frames is found in other sounds, and opened at its place', async () => {
  const { page } = app;
  const panel = page.getByTestId('pattern-panel');
  const series = page.getByTestId('span-panel').getByRole('combobox', { name: 'Activation that is asked' });
  await series.selectOption({ label: 'Memory, layer 2, forward' });
  await panel.getByRole('button', { name: 'Find this pattern elsewhere' }).click();
  await expect(panel.getByRole('status')).toHaveText(/^\d+ places? in [23] sounds/, { timeout: READY_MS });
  await picture('pattern', page.getByTestId('span-panel'));
  const place = panel.getByTitle(/^Look inside Five, five/).first();
  const [, time] = /, (0:\d\d\.\d\d)$/.exec((await place.getAttribute('title')) ?? '') ?? [];
  await place.click();
  await expect(page.getByRole('combobox', { name: 'Sound to look into' })).toHaveValue(/^sample:/);
  await expect(cursor()).toHaveAttribute('aria-valuetext', new RegExp(`^${time}, frame`), { timeout: READY_MS });
});

test('two sounds are laid on one time, and one less the other', async () => {
  const { page } = app;
  await page.getByRole('radio', { name: 'Compare' }).check({ force: true });
  const other = page.getByRole('combobox', { name: 'compared with', exact: true });
  await other.selectOption(await other.locator('option[value^="sample:"]').first().getAttribute('value'));
  await expect(page.getByTestId('compare-texts')).toContainText(/[a-z]{3,}/, { timeout: READY_MS });
  await page.getByRole('combobox', { name: 'What is compared' }).selectOption({ label: 'Memory, layer 2, forward' });
  await expect(page.getByRole('img', { name: /^First less second/ })).toBeVisible({ timeout: READY_MS });
  await expect(page.getByText(/Frames laid on each other are \d\.\d\d/)).toBeVisible();
  await picture('compare', page);
});

test('units are counted over many sounds, and each is had by a press', async () => {
  const { page } = app;
  await page.getByRole('radio', { name: 'Statistics' }).check({ force: true });
  await page.getByRole('button', { name: 'Hear them' }).click();
  await expect(page.getByTestId('scatter')).toBeVisible({ timeout: READY_MS });
  await expect(page.getByText(/3 sounds, \d+ frames\./)).toBeVisible();
  await expect(page.getByText(/^\d+ of 128 mostly open$/).first()).toBeVisible();
  await picture('statistics', page);
  await page.getByTestId('correlation').scrollIntoViewIfNeeded();
  await picture('correlation', page);
  await page.getByTestId('unit-card').getByRole('button', { name: 'See it in the sound' }).click();
  await expect(page.getByTestId('what-if-panel').getByRole('textbox', { name: 'Units' })).toHaveValue('0');
});

test('what the network takes for what is a matrix, and a cell leads to its sounds', async () => {
  const { page } = app;
  await page.getByRole('link', { name: 'Data' }).click();
  await page.getByRole('button', { name: 'Open the sample set' }).click();
  await expect(page.getByRole('button', { name: 'Play “zero”' })).toBeVisible({ timeout: READY_MS });
  await page.getByRole('link', { name: 'Inspect' }).click();
  await page.getByRole('radio', { name: 'Statistics' }).check({ force: true });
  const panel = page.getByTestId('confusions');
  await panel.getByRole('combobox', { name: 'Sounds that are read' }).selectOption({ index: 0 });
  await panel.getByRole('button', { name: 'Read them' }).click();
  await expect(panel.getByText(/15 sounds read\./)).toBeVisible({ timeout: READY_MS });
  const grid = panel.getByRole('grid');
  const right = grid.getByRole('gridcell', { name: 'Said: zero. Read: zero. 1 times, 100' });
  await right.click();
  // All of the panel is to be in sight: its picture is taken in one piece.
  await page.setViewportSize({ width: 1280, height: 1_400 });
  await picture('confusions', panel);
  await picture('roc', page.getByTestId('roc'));
  await page.setViewportSize({ width: 1280, height: 800 });
  await page
    .getByTestId('confused-places')
    .getByTitle(/^Look inside /)
    .click();
  await expect(page.getByRole('combobox', { name: 'Sound to look into' })).toHaveValue(/^row:/);
  await expect(cursor()).toHaveAttribute('aria-valuetext', /^0:0\d\.\d\d, frame/, { timeout: READY_MS });
});

test('how far memory reaches, and how weights lie', async () => {
  const { page } = app;
  await page.getByRole('radio', { name: 'Statistics' }).check({ force: true });
  const reach = page.getByTestId('reach');
  await reach.getByRole('button', { name: 'Measure' }).click();
  await expect(reach.getByRole('status')).toHaveText(/Estimated from 32 random directions/, { timeout: READY_MS });
  await picture('reach', reach);
  const weights = page.getByTestId('weights');
  await expect(weights.getByText('layer1.reverse.recurrentWeights')).toBeVisible();
  await picture('weights', weights);
  await page.getByRole('button', { name: 'Export “Weights”' }).click();
  const [svg] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'SVG' }).click()]);
  expect((await bytesOf(svg)).toString()).toMatch(/^<svg [\s\S]*layer1\.reverse\.recurrentWeights/);
});

test('all figures are exported as a picture, and a gate as a matrix', async () => {
  const { page } = app;
  await page.getByRole('radio', { name: 'One utterance' }).check({ force: true });
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const [png] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'PNG' }).click()]);
  expect((await bytesOf(png)).subarray(1, 4).toString()).toBe('PNG');
  const [svg] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'SVG' }).click()]);
  expect((await bytesOf(svg)).toString()).toMatch(/^<svg .*[\s\S]*Log-mel[\s\S]*<\/svg>\s*$/);
  await page.getByRole('combobox', { name: 'What is exported' }).selectOption({ label: 'Log-mel' });
  const [npy] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'NPY' }).click()]);
  const bytes = await bytesOf(npy);
  expect(bytes.subarray(0, 128).toString('latin1')).toContain("'descr': '<f4'");
  const shape = /\((\d+), (\d+)\)/.exec(bytes.subarray(0, 128).toString('latin1'))!;
  expect(bytes.length).toBe(128 + 4 * Number(shape[1]) * Number(shape[2]));
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Close' })).toHaveCount(0);
});

test('the maps move while somebody speaks', async () => {
  const { page } = app;
  await page.getByRole('radio', { name: 'Live' }).check({ force: true });
  await expect(page.getByRole('radio', { name: 'Live' })).toBeChecked();
  const record = page.getByTestId('record-button').filter({ visible: true });
  await expect(record).toHaveAttribute('data-state', 'ready', { timeout: READY_MS });
  await record.click();
  const gate = page.getByRole('img', { name: /^Forget gate, layer 1[,.]/ }).first();
  await expect(gate).toBeVisible({ timeout: READY_MS });
  /** Share of the gate's middle row that is painted, and its pixels. */
  const look = () =>
    gate.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
      const row = canvas.getContext('2d')!.getImageData(0, canvas.height >> 1, Math.max(1, canvas.width), 1).data;
      return { share: row.filter((value, at) => at % 4 === 3 && value > 0).length / canvas.width, row: row.join() };
    });
  await expect.poll(async () => (await look()).share, { timeout: READY_MS }).toBeGreaterThan(0.15);
  const before = await look();
  await expect.poll(async () => (await look()).row).not.toBe(before.row);
  await expect.poll(async () => (await look()).share).toBeGreaterThan(before.share);
  await picture('live', page);
  await record.click();
  await expect(page.getByRole('link', { name: 'Look inside the recording' })).toBeVisible({ timeout: READY_MS });
});

test('nothing was complained about', () => {
  expect(app.complaints).toEqual([]);
});
