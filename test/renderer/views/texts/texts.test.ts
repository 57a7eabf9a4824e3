import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { TextModel } from '../../../../app/contract/texts';
import type { MockBridge } from '../../../../renderer/bridge/mockBridge';
import { gatesTable } from '../../../../renderer/views/texts/gateTables';
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

test('a typed line of exactly a tagger’s words is read by it in the place of others, another line is not', async () => {
  await openWindow(withTexts(shelf([])), 'library/text');
  await field().fill('seven three nine\nleave Taipei');
  await expect.element(marked().nth(0).getByText('seven')).toHaveAttribute('data-kind', 'number');
  await expect.element(marked().nth(1).getByText('Taipei')).toHaveAttribute('data-kind', 'from');
  expect(marked().nth(1).element().querySelectorAll('mark')).toHaveLength(1);
  await expect.element(page.getByTestId('meaning').nth(0)).toHaveTextContent('number seven, three, nine');
  await expect.element(page.getByTestId('meaning').nth(0)).not.toHaveTextContent('from');
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

/** One unit: 0.25 more at each word. The network without memory tags a place alike whatever stands before it. */
function withTraces(): MockBridge {
  const plain: TextModel = { ...JOURNEY, id: 'plain', name: { en: 'Plain', zh: '朴素' }, hasMemory: false };
  const bridge = withTexts(shelf([]), [JOURNEY, plain]);
  const layer = {
    ...{ index: 0, spec: { cell: 'elman' as const, units: 1, direction: 'forward' as const }, units: 1 },
    directions: ['forward' as const],
    activations: [
      { name: 'hidden' as const, units: 1, range: 'signed' as const, bound: 1, groups: null, isClampable: false },
    ],
  };
  bridge.answer('texts.trace', ({ modelId, text }) => {
    const words = text.split(' ');
    const place = words[0] === 'leave' && modelId !== plain.id ? 'B-from' : 'B-to';
    return {
      words,
      answers: words.map((word) => ({ label: word === 'taipei' ? place : 'O', probability: 0.9 })),
      layers: [layer],
      series: [
        {
          ...{ layer: 0, direction: 'forward' as const, activation: 'hidden' as const, units: 1 },
          values: Float32Array.from(words, (_, at) => 0.25 * at),
        },
      ],
    };
  });
  return bridge;
}

test('the word that is looked at is chosen by keys, its values stand in a table, and a network without memory beside', async () => {
  await openWindow(withTraces(), 'inspect/text');
  const word = (side: number, name: string) =>
    page.getByTestId('word-gates').getByRole('list').nth(side).getByRole('button', { name });
  await expect.element(word(0, 'arrive')).toHaveAttribute('aria-pressed', 'true');
  word(0, 'arrive').element().focus();
  await userEvent.keyboard('{ArrowRight}');
  await expect.element(word(0, 'taipei')).toHaveAttribute('aria-pressed', 'true');
  await expect.element(word(1, 'taipei')).toHaveAttribute('aria-pressed', 'true');
  await expect.element(page.getByTestId('word-means')).toHaveTextContent('0.25 · 0.25');
  const taipei = (side: number) => word(side, 'taipei').element().parentElement!;
  await expect.poll(() => taipei(1).querySelector('[data-baseline]')?.getAttribute('data-baseline')).toBe('B-to');
  expect(taipei(1).querySelector('[data-tag]')?.getAttribute('data-tag')).toBe('B-from');
  await page.getByRole('button', { name: 'Values at the word' }).click();
  await expect.element(page.getByRole('cell', { name: '0.25' })).toBeVisible();
  await expect.element(page.getByText('tagged B-to')).toBeVisible();
});

test('what is saved has a row for each word and activation of both texts', () => {
  const answers = [{ label: 'O', probability: 1 }];
  const series = [
    {
      ...{ layer: 0, direction: 'forward' as const, activation: 'hidden' as const, units: 2 },
      values: Float32Array.of(0.5, -1),
    },
  ];
  const table = gatesTable([
    { words: ['go'], answers, layers: [], series },
    { words: ['stop'], answers, layers: [], series },
  ]);
  expect(table.columns.slice(-2)).toEqual(['unit_0', 'unit_1']);
  expect(table.rows).toEqual([
    [1, 1, 'go', 'O', 0, 'forward', 'hidden', 0.5, -1],
    [2, 1, 'stop', 'O', 0, 'forward', 'hidden', 0.5, -1],
  ]);
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
