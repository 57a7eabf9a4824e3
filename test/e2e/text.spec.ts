// Texts in the window: marks on what is typed, a tagger trained here, and its gates at the word that changes the meaning.
import { expect, test } from '@playwright/test';
import { openBrowser } from './support/apps';

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
    expect(app.complaints).toEqual([]);
    // Three gates of two readings, for two texts.
    await expect(gates.getByRole('img', { name: /^(Input|Forget|Output) gate\./ })).toHaveCount(12);
  } finally {
    await app.close();
  }
});
