// The window for whoever has no mouse, and for whoever hears it: a whole task by keyboard alone, and axe on every view.
import { readFileSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { openBrowser, type BrowserApp } from './support/apps';
import { RecordView } from './support/recordView';
import { wordsOf } from './support/speech';

test.describe.configure({ mode: 'serial' });

/** Presses of Tab before the next control must have been reached. */
const MOST_STOPS = 40;
const READY_MS = 90_000;

let app: BrowserApp;
test.beforeAll(async () => {
  app = await openBrowser();
});
test.afterAll(() => app?.close());

/** Walks by Tab to a control. @returns how many stops it took */
async function tabTo(name: RegExp): Promise<number> {
  const seen: string[] = [];
  for (let stop = 1; stop <= MOST_STOPS; stop++) {
    await app.page.keyboard.press('Tab');
    const label = await app.page.evaluate(() => {
      const at = document.activeElement;
      return at?.getAttribute('aria-label') ?? at?.textContent?.trim() ?? '';
    });
    if (name.test(label)) return stop;
    seen.push(label);
  }
  throw new Error(`Expected Tab to reach ${name}, but it went over ${seen.join(' | ')}`);
}

test('a sample is played, read, found in the library and saved by the keyboard alone', async () => {
  const { page } = app;
  const view = new RecordView(app);
  await view.isReady();
  await tabTo(/^Play Four digits$/);
  await page.keyboard.press('Enter');
  await expect(view.rows.first()).toBeVisible({ timeout: READY_MS });
  const words = await view.settledWords();
  expect(words.length).toBeGreaterThan(2);
  await page.keyboard.press('Control+2');
  await expect(page.getByRole('heading', { level: 1, name: 'Library' })).toBeVisible();
  await tabTo(/seven/);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('transcript')).toBeVisible();
  await page.keyboard.press('Control+E');
  await tabTo(/^Save /);
  const download = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  const text = readFileSync(await (await download).path(), 'utf8');
  // Speech that the model has no word for is a mark, and no word of it.
  expect(wordsOf(text).filter((word) => word !== '…')).toEqual(words);
});

test('a recording is begun and ended by Space', async () => {
  const view = new RecordView(app);
  await app.page.keyboard.press('Control+1');
  await view.start();
  await view.hasHeard(1_000);
  await view.stop();
});

test('settled text is a log that is announced politely, with a name', async () => {
  const log = app.page.getByRole('log', { name: 'Recognised text' });
  await expect(log).toHaveAttribute('aria-live', 'polite');
});

const PLACES = [
  'record',
  'library',
  'data',
  'train',
  'train/new',
  'inspect',
  'inspect/live',
  'lab',
  'lab/cell',
  'lab/memory',
  'settings',
  'settings/recognition',
  'settings/models',
  'settings/storage',
  'settings/keys',
  'settings/help',
] as const;

/** What the theme changes is looked at in both; the rest, which takes long, in one. */
const audit = (page: Page, theme: 'light' | 'dark'): AxeBuilder =>
  theme === 'light'
    ? new AxeBuilder({ page })
    : new AxeBuilder({ page }).withRules(['color-contrast', 'link-in-text-block']);

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing to object to in the ${theme} theme`, async () => {
    test.setTimeout(6 * READY_MS);
    const { page } = app;
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    const found: string[] = [];
    for (const place of PLACES) {
      await page.evaluate((to) => {
        location.hash = to;
      }, place);
      await page.waitForTimeout(800);
      const { violations } = await audit(page, theme).analyze();
      for (const { id, nodes } of violations)
        found.push(
          ...nodes.map(({ target, failureSummary }) => `${place}: ${id}: ${target.join(' ')}: ${failureSummary ?? ''}`),
        );
    }
    expect(found).toEqual([]);
  });
}

test('axe finds nothing in the sheets over the views', async () => {
  test.setTimeout(3 * READY_MS);
  const { page } = app;
  await page.keyboard.press('Control+1');
  for (const key of ['?', 'Control+k']) {
    await page.keyboard.press(key);
    await expect(page.getByRole('dialog')).toBeVisible();
    const { violations } = await new AxeBuilder({ page }).include('[role=dialog]').analyze();
    expect(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`),
    ).toEqual([]);
    await page.keyboard.press('Escape');
  }
});

/** What stands over the models' page, each opened by its last press. */
const MODEL_SHEETS: Readonly<Record<string, readonly (readonly ['button' | 'menuitem', string])[]>> = {
  'weights from PyTorch': [['button', 'Import from PyTorch']],
  'a comparison': [['button', 'Compare on recordings']],
  'what is done with a model': [['button', 'More for Digits']],
  'the question before a model is gone for good': [
    ['button', 'More for Digits'],
    ['menuitem', 'Make a copy'],
    ['button', 'More for Digits (copy)'],
    ['menuitem', 'Delete'],
    ['button', 'Delete for good'],
  ],
};
for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing in the sheets over the models in the ${theme} theme`, async () => {
    test.setTimeout(3 * READY_MS);
    const { page } = app;
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await page.keyboard.press('Control+3');
    await page.evaluate(() => {
      location.hash = 'settings/models';
    });
    const found: string[] = [];
    for (const [sheet, presses] of Object.entries(MODEL_SHEETS)) {
      for (const [role, name] of presses) await page.getByRole(role, { name, exact: true }).first().click();
      await page.waitForTimeout(300);
      const { violations } = await audit(page, theme).analyze();
      found.push(...violations.map(({ id, nodes }) => `${sheet}: ${id}: ${nodes[0]?.failureSummary ?? ''}`));
      await page.keyboard.press('Escape');
    }
    expect(found).toEqual([]);
  });
}

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing in the captions in the ${theme} theme, with high contrast and without`, async () => {
    await app.page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    const opening = app.context.waitForEvent('page');
    await app.page.keyboard.press('F8');
    const captions = await opening;
    await captions.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await captions.waitForSelector('[data-testid=captions]');
    for (const _contrast of [false, true]) {
      await captions.waitForTimeout(300);
      const { violations } = await new AxeBuilder({ page: captions }).analyze();
      expect(
        violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`),
      ).toEqual([]);
      await captions.keyboard.press('c');
    }
    await captions.close();
  });
}
