import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { dataRow, dataShelf } from '../../support/dataShelf';
import { englishSentences } from '../../support/englishSentences';
import { openWindow } from '../../support/openWindow';

const notes = [
  ['too-short', { symbols: 4, needed: 0.3, seconds: 0.2 }],
  ['empty-text', {}],
  ['unreadable', { error: 'audio.empty', file: 'a.wav' }],
  ['missing', {}],
  ['unmappable', { symbol: 'ß' }],
  ['slow', { seconds: 0.9, median: 0.1 }],
  ['fast', { seconds: 0.01, median: 0.1 }],
  ['much-silence', { silence: 5, seconds: 6 }],
  ['silent', {}],
  ['clipped', {}],
] as const;
const rows = notes.map(([code, params], index) =>
  dataRow(index, `词 ${index}`, { notes: [{ code, params: { ...params } }] }),
);
const digits = { id: 'digits', title: '我的数字', rows };

test('in Chinese every panel and every note speaks Chinese', async () => {
  await openWindow(dataShelf([digits]), 'data', { language: 'zh' });
  await expect.element(page.getByTestId('data-row').nth(9)).toBeVisible();
  expect(englishSentences()).toEqual([]);
  for (const name of ['录制提示语', '导入…']) {
    await page.getByRole('button', { name }).click();
    await expect.element(page.getByRole('complementary')).toBeVisible();
    expect(englishSentences(), name).toEqual([]);
  }
  for (const item of ['数据增强']) {
    await page.getByRole('button', { name: '数据集的更多操作' }).click();
    await page.getByRole('menuitem', { name: item }).click();
    expect(englishSentences(), item).toEqual([]);
  }
});

test.each([
  [1280, 150],
  [960, 100],
  [640, 100],
])('at %i pixels and a text size of %i %% every control of the view is in reach', async (width, textSize) => {
  await openWindow(dataShelf([digits]), 'data', { language: 'en', textSize });
  await page.viewport(width, 640);
  await page.getByRole('button', { name: 'Record prompts' }).click();
  await expect.element(page.getByLabelText('Who speaks')).toBeVisible();
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width);
  const cut = [
    ...document.querySelectorAll('main header button, main header select, aside button, aside input, aside textarea'),
  ]
    .filter((element) => element.checkVisibility() && !element.matches('.sr-only'))
    .filter((element) => element.getBoundingClientRect().right > width + 1);
  expect(cut.map(({ outerHTML }) => outerHTML)).toEqual([]);
});
