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

const finding = () => app.page.getByTestId('lab-finding');
const press = async (key: string, times: number): Promise<void> => {
  for (let count = 0; count < times; count++) await app.page.keyboard.press(key);
};
async function open(name: string): Promise<void> {
  await app.page.evaluate((page) => (location.hash = `lab/${page}`), name);
}

test('two networks are trained before the eyes: one with a memory tells where to from where from', async () => {
  const { page } = app;
  await page.getByRole('link', { name: 'Lab', exact: true }).click();
  await page.getByRole('link', { name: /Why memory at all/ }).click();
  await expect(finding()).toContainText('with memory 1.00 and', { timeout: READY_MS });
  await expect(finding()).toContainText('without memory 0.50 after “arrive” and 0.50 after “leave”');
  await expect(page.getByRole('img', { name: 'with memory: leave Taipei' })).toContainText('origin');
  await page.getByRole('button', { name: 'All experiments' }).click();
});

test('a weight above one grows a thousandfold, and below one vanishes', async () => {
  const { page } = app;
  await page.getByRole('link', { name: /One weight, a thousand steps/ }).click();
  // 1.01^999
  await expect(finding()).toContainText('the unit ends at 20750 after 1,000 steps', { timeout: READY_MS });
  const figure = page.getByRole('img', { name: /^Size of output and gradient/ });
  const curve = figure.locator('path').first();
  const before = await curve.getAttribute('d');
  const slider = page.getByRole('slider', { name: 'Weight w' });
  await slider.focus();
  await press('ArrowLeft', 20);
  // 0.99^999
  await expect(finding()).toContainText('With w = 0.99 the unit ends at 4.36 × 10⁻⁵');
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
  await expect(finding()).toContainText('longest step is 2.62');
  await expect(finding()).toContainText('clipped, 0.25');
  const solid = page.getByRole('slider', { name: /^Error over weight and bias/ });
  await solid.focus();
  await page.keyboard.press('ArrowRight');
  await expect(solid).toHaveAttribute('aria-valuetext', 'turned by -36°');
});

test('a cell stores what its input gate lets in, and every step can be taken by key', async () => {
  const { page } = app;
  await open('cell');
  await expect(finding()).toContainText('Step 2: ≈ 0 of the memory is kept and 3 stored; it holds 3 now');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(finding()).toContainText('Step 4: 3 of the memory is kept and 4 stored; it holds 7 now');
  const gate = page.getByRole('slider', { name: 'Input gate' });
  await gate.focus();
  await gate.press('Home');
  await expect(finding()).toContainText('Step 4: 0 of the memory is kept and 0 stored');
});

test('a weight of the cell shuts its input gate where a one would open it', async () => {
  const { page } = app;
  await page.getByRole('button', { name: 'Start again' }).click();
  await expect(finding()).toContainText('Step 4: 3 of the memory is kept and 4 stored');
  const weight = page.getByRole('spinbutton', { name: 'Input gate, weight of x₂' });
  await weight.fill('-100');
  await weight.press('Tab');
  await expect(finding()).toContainText('and ≈ 0 stored');
});

test('the weights of the cell are learned from random ones, and the figure computes with them', async () => {
  const { page } = app;
  await page.getByRole('button', { name: 'Start again' }).click();
  await page.getByRole('button', { name: 'Learn the weights' }).click();
  await expect(page.getByTestId('lab-learned')).toContainText('Learned in 600 steps from seed 1', {
    timeout: READY_MS,
  });
  const weight = page.getByRole('spinbutton', { name: 'Input gate, weight of x₂' });
  await expect(weight).not.toHaveValue('100');
  expect(Number(await weight.inputValue())).toBeGreaterThan(2);
  await expect(page.getByText('unroll lab gates --seed 1 --json')).toBeVisible();
});

test('weights made larger let the gradient grow in an LSTM as well', async () => {
  await open('reach');
  await expect(finding()).toContainText('100 steps back');
  const before = await finding().textContent();
  await app.page.getByRole('slider', { name: 'Recurrent weights ×' }).focus();
  await press('PageUp', 5);
  await expect(finding()).toContainText(/norm is [\d.]+\s×\s10[⁶⁷⁸⁹¹]\S* in the LSTM/);
  expect(await finding().textContent()).not.toBe(before);
  // A small learning rate and clipping beside it: what a step would come to.
  await expect(app.page.getByTestId('lab-remedy')).toContainText(/would be [\d.]+(\s×\s10\S+)? long; clipped, 0\.01\./);
});

test('an output of a network that reads both ways has seen the whole input', async () => {
  const { page } = app;
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await open('unrolled');
  await page.getByRole('button', { name: 'Gradient of output 3' }).click();
  await expect(finding()).toContainText('Output 3 has seen inputs 1 to 3');
  await page.getByRole('combobox', { name: 'Network' }).selectOption({ label: 'Bidirectional' });
  await expect(finding()).toContainText('Output 3 has seen inputs 1 to 6');
  // Without motion it goes step by step.
  await expect(page.getByRole('button', { name: 'Play' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Next step' }).click();
  await expect(page.getByText('Backwards, 0 steps back')).toBeVisible();
  await page.emulateMedia({ reducedMotion: null });
});

test('words that are typed get their slots, and those that share one are counted', async () => {
  const { page } = app;
  await open('words');
  await expect(finding()).toContainText('3 pairs by 1-of-N with 7 slots, 0 pairs by hashing');
  await page.getByRole('textbox', { name: 'Words', exact: true }).fill('taipei tapei zzz');
  await expect(finding()).toContainText('1 pair by 1-of-N with 7 slots, 0 pairs by hashing');
  await expect(page.getByText('like no known word')).toHaveCount(1);
});

for (const [name, slider, key] of [
  ['surface', 'Learning rate', 'PageUp'],
  ['parameters', 'Units H', 'PageUp'],
  ['unrolled', 'Seed', 'ArrowRight'],
  ['trellis', 'Frames', 'ArrowRight'],
  ['words', 'Letters n', 'ArrowRight'],
] as const)
  test(`the slider “${slider}” of the page ${name} changes its figure and what is said of it`, async () => {
    const { page } = app;
    await open(name);
    await expect(finding()).not.toBeEmpty();
    const figure = page.locator('section.figure');
    const before = { said: await finding().textContent(), drawn: await figure.innerHTML() };
    await page.getByRole('slider', { name: slider, exact: true }).focus();
    await page.keyboard.press(key);
    await expect(finding()).not.toHaveText(before.said ?? '');
    expect(await figure.innerHTML()).not.toBe(before.drawn);
  });

for (const name of ['memory', 'jumps'] as const)
  test(`fewer steps, set by the slider of the page ${name}, make another training`, async () => {
    const { page } = app;
    await open(name);
    await expect(finding()).toBeVisible({ timeout: READY_MS });
    const before = await finding().textContent();
    await page.getByRole('slider', { name: 'Training steps' }).focus();
    await page.keyboard.press('Home');
    await expect(page.getByText(`--steps ${name === 'memory' ? 10 : 50} `)).toBeVisible();
    await expect(finding()).toBeVisible({ timeout: READY_MS });
    await expect(finding()).not.toHaveText(before ?? '');
  });

test('the race is of the length that its slider says', async () => {
  const { page } = app;
  await open('race');
  await page.getByRole('slider', { name: 'Length' }).focus();
  await page.keyboard.press('Home');
  await expect(page.getByText('unroll lab race --length 1 --json')).toBeVisible();
  await page.getByRole('button', { name: 'Start again' }).click();
});

test('a race is drawn while it runs, and stops when it is told to', async () => {
  const { page } = app;
  await open('race');
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect(page.getByRole('row', { name: 'Elman' })).toContainText('%', { timeout: READY_MS });
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByRole('button', { name: 'Train', exact: true })).toBeVisible();
});

test('nothing was complained about', () => {
  expect(app.complaints).toEqual([]);
});
