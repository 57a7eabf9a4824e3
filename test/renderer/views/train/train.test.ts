import { expect, test } from 'vitest';
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
