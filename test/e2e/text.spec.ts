// Texts in the window: marks on what is typed, a tagger trained here, and its gates at the word that changes the meaning.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { openBrowser } from './support/apps';
import { RecordView } from './support/recordView';
import { speak } from './support/speech';

/** The first start loads the engine. */
const READY_MS = 90_000;
const TRAINING_MS = 180_000;

test('a tagger is trained on sentences of journeys, and tells by the verb whether a town is left or reached', async () => {
  test.setTimeout(READY_MS + 2 * TRAINING_MS);
  const app = await openBrowser();
  const { page } = app;
  try {
    await page.evaluate(() => void (location.hash = 'train/text'));
    await page.getByRole('button', { name: 'Sentences of journeys' }).click();
    await expect(page.getByTestId('texts-found')).toContainText('800', { timeout: READY_MS });
    await page.getByRole('switch', { name: 'Train the same without memory beside it' }).click();
    await page.getByRole('button', { name: 'Begin to learn' }).click();
    const use = page.getByRole('button', { name: 'Read texts with it' });
    await use.click({ timeout: TRAINING_MS });

    await page
      .getByRole('textbox', { name: 'Text, one on each line' })
      .fill('arrive Taipei on November 2nd\nleave Taipei on November 2nd');
    const marked = page.getByTestId('marked-text');
    const kindOf = (line: number, words: string) =>
      marked.nth(line).locator('mark', { hasText: words }).getAttribute('data-kind');
    await expect(marked.nth(1).locator('mark', { hasText: 'Taipei' })).toBeVisible();
    expect(await kindOf(0, 'Taipei')).toBe('to');
    expect(await kindOf(1, 'Taipei')).toBe('from');
    expect(await kindOf(1, 'November 2nd')).toBe('date');

    await page.getByRole('link', { name: 'See the gates at each word' }).click();
    const gates = page.getByTestId('word-gates');
    await expect(gates.locator('ol').nth(1).locator('li.changed')).toContainText('leave');
    await expect(gates.locator('ol').nth(0).locator('li', { hasText: 'taipei' })).toContainText('to');
    await expect(gates.locator('ol').nth(1).locator('li', { hasText: 'taipei' })).toContainText('from');
    // Without memory a town is the same after either verb.
    const withoutMemory = (side: number) =>
      gates.locator('ol').nth(side).locator('li', { hasText: 'taipei' }).locator('[data-baseline]');
    await expect(withoutMemory(1)).toBeVisible({ timeout: TRAINING_MS });
    expect(await withoutMemory(0).getAttribute('data-baseline')).toBe(
      await withoutMemory(1).getAttribute('data-baseline'),
    );
    expect(app.complaints).toEqual([]);
    // Three gates of two readings, for two texts.
    await expect(gates.getByRole('img', { name: /^(Input|Forget|Output) gate\./ })).toHaveCount(12);
  } finally {
    await app.close();
  }
});

test('a spoken command is written, and its letters and number are marked; a typed one has its action and date', async () => {
  test.setTimeout(3 * READY_MS);
  const speech = speak(join(mkdtempSync(join(tmpdir(), 'unroll-speech-')), 'spoken.wav'), ['b', 7, 8]);
  const app = await openBrowser({ microphone: speech.file });
  const { page } = app;
  const view = new RecordView(app);
  try {
    await view.isReady();
    await page.getByTestId('model-name').getByRole('combobox').selectOption({ label: 'Letters and numbers' });
    await expect(page.getByTestId('model-name')).toHaveAttribute('data-model', 'accurate');
    await view.start();
    await view.hasHeard(speech.durationMs);
    await view.stop();
    await view.rows.first().click();
    const words = page.getByTestId('transcript').getByRole('button', { name: /^(b|seven|eight)\b/ });
    await expect(words).toHaveText(speech.words);
    for (const [at, kind] of ['letters', 'number', 'number'].entries())
      await expect(words.nth(at)).toHaveAttribute('data-kind', kind);
    const meaning = page.getByTestId('meaning').filter({ visible: true });
    await expect(meaning).toContainText('letters');
    await expect(meaning).toContainText('seven eight');

    await page.evaluate(() => void (location.hash = 'library/text'));
    await page
      .getByRole('textbox', { name: 'Text, one on each line' })
      .fill('enter seventy eight\nerase c q seven\nseptember third');
    const marks = (line: number) => page.getByTestId('marked-text').nth(line).locator('mark');
    const kinds = (line: number) => marks(line).evaluateAll((all) => all.map((mark) => mark.getAttribute('data-kind')));
    await expect(marks(2)).toHaveCount(1);
    expect(await kinds(0)).toEqual(['action', 'number']);
    expect(await kinds(1)).toEqual(['action', 'letters', 'number']);
    expect(await kinds(2)).toEqual(['date']);
    expect(app.complaints).toEqual([]);
  } finally {
    await app.close();
  }
});
