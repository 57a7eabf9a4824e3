// The laboratory in a browser: a real Chromium and the real engine; a slider is moved and the changed figure read.
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { openBrowser, type BrowserApp } from './support/apps';

test.describe.configure({ mode: 'serial' });

/** The first start loads the engine. */
const READY_MS = 90_000;

let app: BrowserApp;
test.beforeAll(async () => {
  app = await openBrowser();
});
test.afterAll(() => app?.close());

test('a weight above one grows a thousandfold, and below one vanishes', async () => {
  const { page } = app;
  await page.getByRole('link', { name: 'Lab', exact: true }).click();
  await page.getByRole('link', { name: /One weight, a thousand steps/ }).click();
  const finding = page.getByTestId('lab-finding');
  // 1.01^999
  await expect(finding).toContainText('the unit ends at 20750 after 1,000 steps', { timeout: READY_MS });
  const figure = page.getByRole('img', { name: /^Size of output and gradient/ });
  const curve = figure.locator('path').first();
  const before = await curve.getAttribute('d');
  const slider = page.getByRole('slider', { name: 'Weight w' });
  await slider.focus();
  for (let press = 0; press < 20; press++) await page.keyboard.press('ArrowLeft');
  // 0.99^999
  await expect(finding).toContainText('With w = 0.99 the unit ends at 4.36 × 10⁻⁵');
  expect(await curve.getAttribute('d')).not.toBe(before);
  await expect(page.getByText('unroll lab transition --weight 0.99 --json')).toBeVisible();
});

test('the figure is saved as a picture with its lines, and its numbers as a table', async () => {
  const { page } = app;
  const saved = async (form: string): Promise<Buffer> => {
    await page.getByRole('button', { name: 'Export' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: form }).click(),
    ]);
    return readFileSync(await download.path());
  };
  expect((await saved('PNG')).subarray(1, 4).toString()).toBe('PNG');
  expect((await saved('SVG')).toString()).toMatch(/^<svg [\s\S]*<path [\s\S]*gradient dy\/dw[\s\S]*<\/svg>\s*$/);
  const lines = (await saved('CSV')).toString().trim().split('\n');
  expect(lines).toHaveLength(1001);
  expect(lines[0]).toBe('step,output y,gradient dy/dw,memory c,dc/df');
  expect(Number(lines[1000]?.split(',')[1])).toBeCloseTo(0.99 ** 999, 12);
});

test('the ball flies off the cliff, and clipping holds it', async () => {
  const { page } = app;
  await page.getByRole('link', { name: 'The error surface' }).click();
  const finding = page.getByTestId('lab-finding');
  await expect(finding).toContainText('longest step is 2.62');
  await expect(finding).toContainText('clipped, 0.25');
  const solid = page.getByRole('slider', { name: /^Error over weight and bias/ });
  await solid.focus();
  await page.keyboard.press('ArrowRight');
  await expect(solid).toHaveAttribute('aria-valuetext', 'turned by -36°');
});

test('a cell stores what its input gate lets in, and every step can be taken by key', async () => {
  const { page } = app;
  await page.getByRole('link', { name: 'The memory cell' }).click();
  const finding = page.getByTestId('lab-finding');
  await expect(finding).toContainText('Step 2: ≈ 0 of the memory is kept and 3 stored; it holds 3 now');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(finding).toContainText('Step 4: 3 of the memory is kept and 4 stored; it holds 7 now');
  const gate = page.getByRole('slider', { name: 'Input gate' });
  await gate.focus();
  await gate.press('Home');
  await expect(finding).toContainText('Step 4: 0 of the memory is kept and 0 stored');
});

test('nothing was complained about', () => {
  expect(app.complaints).toEqual([]);
});
