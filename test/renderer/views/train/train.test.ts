import { expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import { shelf } from '../../support/shelf';
import { openWindow } from '../../support/openWindow';

test('the page says what the listening model knows', async () => {
  await openWindow(shelf([]), 'train');
  await expect.element(page.getByRole('main')).toHaveTextContent('English digits, one by one or in strings');
});

test('the training command names recipe, data and run folder', async () => {
  await openWindow(shelf([]), 'train');
  await expect
    .element(page.getByText('unroll -- train --config my-words.json --data my-words.tsv --out runs/my-words'))
    .toBeVisible();
});

test('the words that are typed are saved as a training configuration', async () => {
  await openWindow(shelf([]), 'train');
  const saved: { name: string; url: string }[] = [];
  const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    saved.push({ name: this.download, url: this.href });
  });
  await page.getByRole('textbox', { name: 'Your words' }).fill('Left, right');
  await page.getByRole('button', { name: 'Save my-words.json' }).click();
  click.mockRestore();
  expect(saved[0]?.name).toBe('my-words.json');
  const config: unknown = await (await fetch(saved[0]!.url)).json();
  expect(config).toMatchObject({ id: 'my-words', vocabulary: ['left', 'right'] });
});

test('the example of a list is made of those words', async () => {
  await openWindow(shelf([]), 'train');
  await page.getByRole('textbox', { name: 'Your words' }).fill('north south');
  await expect.element(page.getByLabelText('Example of a list')).toHaveTextContent('take-002.wav south');
});
