import { expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { UnrollError } from '../../../../app/errors';
import { openWindow } from '../../support/openWindow';
import { shelf, spoken } from '../../support/shelf';

const door = { id: 'door', title: 'At the door', words: spoken('one three five') };
const transcript = page.getByTestId('transcript');
const panel = page.getByTestId('word-panel');
const open = async (recordings = [door]) => {
  const bridge = shelf(recordings);
  await openWindow(bridge, 'library/door');
  return bridge;
};

test('a pressed word shows what else it may be, with scores, and that their truth is not measured', async () => {
  const bridge = await open();
  await transcript.getByText('three').click();
  await expect.element(panel.getByRole('button', { name: 'three 0.71' })).toHaveAttribute('aria-current', 'true');
  await expect.element(panel.getByRole('button', { name: 'two 0.24' })).toBeVisible();
  await expect.element(panel).toHaveTextContent('has not been measured');
  expect(bridge.bodiesOf('recordings.alternatives')).toEqual([
    { recordingId: 'door', modelId: 'digits', utterance: 0, word: 1 },
  ]);
});

test('a chosen word is kept with the recording, marked, counted, and undone by its chip', async () => {
  const bridge = await open();
  await transcript.getByText('three').click();
  await panel.getByRole('button', { name: 'two' }).click();
  await expect.element(transcript).toHaveTextContent('one two five');
  await expect.element(page.getByText('1 correction', { exact: true })).toBeVisible();
  expect(getComputedStyle(transcript.getByText('two', { exact: true }).element()).borderBottomWidth).toBe('1px');
  await page.getByRole('button', { name: 'Undo “two”' }).click();
  await expect.element(transcript).toHaveTextContent('one three five');
  await expect.element(page.getByRole('button', { name: /^Undo “/ })).not.toBeInTheDocument();
  expect(bridge.bodiesOf('recordings.correct').map(({ text }) => text)).toEqual(['two', '']);
});

test('a corrected word goes back to what was read, at any time', async () => {
  const [word] = spoken('three');
  await open([{ ...door, words: [{ ...word!, correction: 'two' }] }]);
  await transcript.getByText('two').click();
  await panel.getByText('Back to “three”, as it was read').click();
  await expect.element(transcript).toHaveTextContent('three');
});

test('all of it works by keys', async () => {
  await open();
  const first = transcript.getByRole('button').first();
  await expect.element(first).toBeVisible();
  first.element().focus();
  await userEvent.keyboard('{ArrowRight}{Enter}');
  await expect.element(panel.getByRole('button', { name: 'three 0.71' })).toHaveFocus();
  await userEvent.keyboard('{ArrowDown}{Enter}');
  await expect.element(transcript).toHaveTextContent('one two five');
  await userEvent.keyboard('{Control>}z{/Control}');
  await expect.element(transcript).toHaveTextContent('one three five');
});

test('Escape closes what was opened, and nothing is changed', async () => {
  const bridge = await open();
  await transcript.getByText('three').click();
  await expect.element(panel).toBeVisible();
  panel.element().focus();
  await userEvent.keyboard('{Escape}');
  await expect.element(panel).not.toBeInTheDocument();
  expect(bridge.bodiesOf('recordings.correct')).toEqual([]);
});

test('a word whose alternatives cannot be had says why', async () => {
  const bridge = await open();
  bridge.answer('recordings.alternatives', () => {
    throw new UnrollError('model.missing', { model: 'digits' });
  });
  await transcript.getByText('three').click();
  await expect.element(panel).toHaveTextContent('No model is called digits.');
});

test('what the underlines mean stands under a text that has some', async () => {
  const [sure] = spoken('one');
  const [doubtful] = spoken('five');
  doubtful!.characters[1]!.confidence = 0.6;
  await open([{ ...door, words: [sure!, doubtful!] }]);
  const legend = page.getByTestId('doubt-legend');
  await expect.element(legend).toHaveTextContent('a little unsure, from 0.70');
  await userEvent.keyboard('u');
  await vi.waitFor(() => expect(legend.query()).toBeNull());
});
