import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { meaningsOfWhole, partsOf } from '../../../../renderer/views/texts/meaning';
import { shelf, spoken } from '../../support/shelf';
import { keptPreferences, openWindow } from '../../support/openWindow';
import { JOURNEY, withTexts } from '../../support/textShelf';

const door = { id: 'door', title: 'Door code', words: spoken('seven three nine') };
const trip = { id: 'trip', title: 'Trip', words: spoken('go stop yes') };
const field = () => page.getByRole('textbox', { name: 'Text, one on each line' });
const marked = () => page.getByTestId('marked-text');

test('the same place means another thing after another verb, each line by itself', async () => {
  await openWindow(withTexts(shelf([door])), 'library/text');
  await field().fill('arrive Taipei on November 2nd\nleave Taipei on November 2nd');
  await expect.element(marked().nth(0).getByText('Taipei')).toHaveAttribute('data-kind', 'to');
  await expect.element(marked().nth(1).getByText('Taipei')).toHaveAttribute('data-kind', 'from');
  await expect.element(page.getByTestId('meaning').nth(1)).toHaveTextContent('from Taipei');
  await expect.element(page.getByTestId('meaning').nth(1)).toHaveTextContent('Praise or blame praise');
});

test('a model that is switched off reads no more, and that is kept', async () => {
  await openWindow(withTexts(shelf([])), 'library/text');
  await field().fill('leave Taipei');
  await expect.element(marked().getByText('Taipei')).toHaveAttribute('data-kind', 'from');
  await page.getByRole('button', { name: 'Marks of meaning' }).click();
  await page.getByRole('switch', { name: 'Journeys' }).click();
  await expect.poll(() => marked().element().querySelector('mark')).toBeNull();
  expect(keptPreferences()).toMatchObject({ typedModels: ['opinion'] });
});

test('a transcript of a tagger’s own words is marked by itself, any other once a model is chosen', async () => {
  await openWindow(withTexts(shelf([door, trip])), 'library/door');
  const words = () => page.getByTestId('transcript').getByRole('button');
  await expect.element(words().nth(0)).toHaveAttribute('data-kind', 'number');
  location.hash = 'library/trip';
  await expect.element(words().nth(1)).toHaveTextContent('stop');
  await expect.element(words().nth(1)).not.toHaveAttribute('data-kind');
  await page.getByRole('button', { name: 'Marks of meaning' }).click();
  await page.getByRole('switch', { name: 'Journeys' }).click();
  await expect.element(words().nth(1)).toHaveAttribute('data-kind', 'to');
});

test('a phrase of a whole transcript stands in its own line', async () => {
  const bridge = withTexts(shelf([]));
  bridge.answer('texts.read', ({ texts }) => {
    expect(texts).toEqual(['one two\nthree four']);
    const words = ['one', 'two', 'three', 'four'].map((text) => {
      const start = texts[0]!.indexOf(text);
      return { text, start, end: start + text.length, isKnown: true };
    });
    const mark = { kind: 'phrase', firstWord: 2, endWord: 4, probability: 0.8 };
    return { readings: [{ words, marks: [mark], labels: [] }] };
  });
  const [meaning] = await meaningsOfWhole(bridge, [{ ...JOURNEY, answers: 'phrases' }], ['one two', 'three four']);
  expect(meaning!.marks).toEqual([
    { line: 1, start: 0, end: 10, kind: 'phrase', text: 'three four', probability: 0.8 },
  ]);
});

test('a line is told from its beginning to its end, and no letter twice', () => {
  const mark = (start: number, end: number) => ({ line: 0, start, end, kind: 'x', text: '', probability: 1 });
  const parts = partsOf('abcdefgh', [mark(4, 6), mark(1, 3), mark(2, 5)]);
  expect(parts.map(({ text, mark: of }) => [text, of !== null])).toEqual([
    ['a', false],
    ['bc', true],
    ['d', false],
    ['ef', true],
    ['gh', false],
  ]);
});
