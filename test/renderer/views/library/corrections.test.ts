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

test('a pressed word shows what else it may be, with scores, and that these are no promise', async () => {
  const bridge = await open();
  await transcript.getByText('three').click();
  await expect.element(panel.getByRole('button', { name: 'three 0.71' })).toHaveAttribute('aria-current', 'true');
  await expect.element(panel.getByRole('button', { name: 'two 0.24' })).toBeVisible();
  await expect.element(panel).toHaveTextContent('It is no promise');
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
  expect(
    bridge.bodiesOf('recordings.edit').map(({ utterances }) => utterances[0]?.words[1]?.correction ?? null),
  ).toEqual(['two', null]);
});

test('a corrected word goes back to what was read, at any time', async () => {
  const [word] = spoken('three');
  await open([{ ...door, words: [{ ...word!, correction: 'two' }] }]);
  await transcript.getByText('two').click();
  await panel.getByText('Back to “three”, as it was read').click();
  await expect.element(transcript).toHaveTextContent('three');
});

test('a line can be read in another of its ways, each with its score', async () => {
  const bridge = shelf([door]);
  const { recording, summary } = await bridge.request('recordings.get', { recordingId: 'door' });
  const readings = [
    { text: 'one three five', score: -2 },
    { text: 'one two five', score: -3.4 },
  ];
  const transcripts = recording.transcripts.map((text) => ({
    ...text,
    utterances: text.utterances.map((line) => ({ ...line, readings })),
  }));
  bridge.answer('recordings.get', () => ({ recording: { ...recording, transcripts }, summary }));
  await openWindow(bridge, 'library/door');
  await expect.element(transcript).toHaveTextContent('one three five');
  await page.getByRole('button', { name: /^Line at/ }).click();
  await page.getByRole('menuitem', { name: '“one two five” instead (-1.4 nats)' }).click();
  await expect.element(transcript).toHaveTextContent('one two five');
  expect(bridge.bodiesOf('recordings.edit')[0]?.utterances[0]?.words.map(({ correction }) => correction)).toEqual([
    undefined,
    'two',
    undefined,
  ]);
});

test('a line that was read anew shows what was read while it was spoken, and goes back to that and forth', async () => {
  const bridge = shelf([door]);
  const { recording, summary } = await bridge.request('recordings.get', { recordingId: 'door' });
  const live = spoken('one two five');
  const transcripts = recording.transcripts.map((text) => ({
    ...text,
    utterances: text.utterances.map((line) => ({ ...line, live })),
  }));
  bridge.answer('recordings.get', () => ({ recording: { ...recording, transcripts }, summary }));
  bridge.answer('recordings.edit', () => ({ recording: summary }));
  await openWindow(bridge, 'library/door');
  const before = page.getByTestId('read-live');
  await expect.element(before).toHaveTextContent('Read while it was spoken: “one two five”.');
  await before.getByRole('button', { name: 'Back to that' }).click();
  await expect.element(transcript).toHaveTextContent('one two five');
  await expect.element(before).not.toBeInTheDocument();
  expect(bridge.bodiesOf('recordings.edit')[0]?.utterances).toMatchObject([{ words: live }]);
  await userEvent.keyboard('{Control>}z{/Control}');
  await expect.element(before).toBeVisible();
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
  expect(bridge.bodiesOf('recordings.edit')).toEqual([]);
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

test('a word is written by hand, and a line is parted before it, taken back and made again', async () => {
  const bridge = await open();
  await transcript.getByText('three').click();
  await panel.getByRole('textbox', { name: 'Another word' }).fill('tree');
  await userEvent.keyboard('{Enter}');
  await expect.element(transcript).toHaveTextContent('one tree five');
  await transcript.getByText('tree').click();
  await panel.getByRole('button', { name: 'New line from here' }).click();
  const lines = (): number => transcript.element().querySelectorAll('.utterance').length;
  await expect.poll(lines).toBe(2);
  await userEvent.keyboard('{Control>}z{/Control}');
  await expect.poll(lines).toBe(1);
  await userEvent.keyboard('{Control>}y{/Control}');
  await expect.poll(lines).toBe(2);
  await expect.element(page.getByText('Saved', { exact: true })).toBeVisible();
  expect(bridge.bodiesOf('recordings.edit')).toHaveLength(4);
});

test('a line is typed anew, read again by another model, and merged with the next', async () => {
  await open();
  const menu = page.getByRole('button', { name: /^Line at/ });
  await menu.click();
  await page.getByRole('menuitem', { name: 'Edit the line' }).click();
  await page.getByRole('textbox', { name: 'Edit the line' }).fill('one two three four');
  await userEvent.keyboard('{Enter}');
  await expect.element(transcript).toHaveTextContent('one two three four');
  await menu.click();
  await page.getByRole('menuitem', { name: 'Read again with Digits, bidirectional' }).click();
  await expect.element(transcript).toHaveTextContent('again');
});

test('a text is found and replaced in every line', async () => {
  await open();
  await expect.element(transcript).toHaveTextContent('one three five');
  await userEvent.keyboard('{Control>}h{/Control}');
  await page.getByRole('textbox', { name: 'Find' }).fill('ee');
  await page.getByRole('textbox', { name: 'Put instead' }).fill('ou');
  await expect.element(page.getByText('1 place', { exact: true })).toBeVisible();
  await userEvent.keyboard('{Enter}');
  await expect.element(transcript).toHaveTextContent('one throu five');
});

test('a text leaves as subtitles, with what was put right in it', async () => {
  const [word] = spoken('three');
  await open([{ ...door, words: [{ ...word!, correction: 'tree' }] }]);
  await expect.element(transcript).toHaveTextContent('tree');
  await userEvent.keyboard('{Control>}e{/Control}');
  const preview = page.getByTestId('export-preview');
  await expect.element(preview).toHaveTextContent('tree');
  await page.getByRole('combobox', { name: 'Format' }).selectOptions('SubRip (.srt)');
  await expect.element(preview).toHaveTextContent('00:00:00,100 --> 00:00:00,500 tree');
});

test('a text that was asked for before a change does not take its place, nor what undoing and redoing go by', async () => {
  const bridge = await open();
  await transcript.getByText('three').click();
  await panel.getByRole('button', { name: 'two' }).click();
  await expect.element(transcript).toHaveTextContent('one two five');
  await expect.element(page.getByText('Saved', { exact: true })).toBeVisible();
  // The text as it is now is on its way while the change is taken back.
  const { recording, summary } = await bridge.request('recordings.get', { recordingId: 'door' });
  let arrive = (): void => undefined;
  bridge.answer('recordings.get', () => new Promise((resolve) => (arrive = () => resolve({ recording, summary }))));
  await transcript.getByText('five').click();
  await panel.getByRole('button', { name: 'New line from here' }).click();
  await userEvent.keyboard('{Control>}z{/Control}{Control>}z{/Control}');
  arrive();
  await expect.poll(() => bridge.bodiesOf('recordings.edit').length).toBe(4);
  await expect.element(transcript).toHaveTextContent('one three five');
  await userEvent.keyboard('{Control>}y{/Control}');
  await expect.element(transcript).toHaveTextContent('one two five');
  expect(bridge.bodiesOf('recordings.edit').at(-1)?.utterances[0]?.words[1]?.correction).toBe('two');
});

test('a line that was changed while it was read again stays as it is, and that is said', async () => {
  const bridge = await open();
  const { utterances } = (await bridge.request('recordings.get', { recordingId: 'door' })).recording.transcripts[0]!;
  let hear = (): void => undefined;
  bridge.answer('recordings.reread', () => new Promise((resolve) => (hear = () => resolve({ utterances }))));
  await page.getByRole('button', { name: /^Line at/ }).click();
  await page.getByRole('menuitem', { name: 'Read again with Digits, bidirectional' }).click();
  await transcript.getByText('three').click();
  await panel.getByRole('button', { name: 'two' }).click();
  hear();
  await expect.element(page.getByText('The line was changed while it was read again')).toBeVisible();
  await expect.element(transcript).toHaveTextContent('one two five');
});
