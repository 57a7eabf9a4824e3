import { expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import { shelf, spoken } from '../../support/shelf';
import { openWindow } from '../../support/openWindow';

const kept = { id: 'kept', title: 'Kept', words: spoken('one') };
const dropped = (...names: string[]): DataTransfer => {
  const transfer = new DataTransfer();
  for (const name of names) transfer.items.add(new File([new Uint8Array(name.startsWith('empty') ? 0 : 100)], name));
  return transfer;
};
const drop = (transfer: DataTransfer): boolean =>
  window.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
const rows = () => page.getByTestId('file-row');

test('files dropped anywhere are queued; the one that fails says why and the other goes on', async () => {
  const bridge = shelf([kept]);
  await openWindow(bridge, 'library');
  await expect.element(page.getByRole('main').getByTestId('recording-row')).toBeVisible();
  drop(dropped('empty.wav', 'good.wav'));
  await expect.element(rows().nth(0)).toHaveAttribute('data-state', 'failed');
  await expect.element(rows().nth(0)).toHaveTextContent('empty.wav holds no sound.');
  await expect.element(rows().nth(1)).toHaveAttribute('data-state', 'queued');
});

test('a file dropped on the window does not replace the page', async () => {
  await openWindow(shelf([kept]), 'library');
  const isDefaultTaken = drop(dropped('good.wav'));
  expect(isDefaultTaken).toBe(false);
});

test('files are read by the model that hears both directions', async () => {
  const bridge = shelf([kept]);
  await openWindow(bridge, 'library');
  await expect.element(page.getByRole('main').getByTestId('recording-row')).toBeVisible();
  drop(dropped('good.wav'));
  await vi.waitFor(() => expect(bridge.bodiesOf('files.add')[0]?.modelId).toBe('digits-both-ways'));
});

test('a file whose sound was there before says so, and leads to both recordings', async () => {
  const bridge = shelf([kept]);
  await openWindow(bridge, 'library');
  await expect.element(page.getByRole('main').getByTestId('recording-row')).toBeVisible();
  drop(dropped('again.wav'));
  await vi.waitFor(() => expect(bridge.bodiesOf('files.piece')).toHaveLength(1));
  bridge.emit('files.progress', {
    fileId: 'file-again-wav',
    name: 'again.wav',
    state: 'done',
    fraction: 1,
    error: null,
    recordingId: 'kept-again',
    sameAs: 'kept',
    realTimeFactor: 0.03,
    at: '2026-05-01T10:00:00.000Z',
  });
  await page.getByRole('button', { name: 'Show the files' }).click();
  await expect
    .element(page.getByRole('link', { name: 'already in the library: again.wav' }))
    .toHaveAttribute('href', '#library/kept');
  await expect
    .element(page.getByRole('link', { name: 'Open: again.wav' }))
    .toHaveAttribute('href', '#library/kept-again');
});

test('a finished file leads to its recording', async () => {
  const bridge = shelf([kept]);
  await openWindow(bridge, 'library');
  await expect.element(page.getByRole('main').getByTestId('recording-row')).toBeVisible();
  drop(dropped('good.wav'));
  await vi.waitFor(() => expect(bridge.bodiesOf('files.piece')).toHaveLength(1));
  const fileId = 'file-good-wav';
  const at = '2026-05-01T10:00:00.000Z';
  bridge.emit('files.progress', {
    fileId,
    name: 'good.wav',
    state: 'done',
    fraction: 1,
    error: null,
    recordingId: 'kept',
    sameAs: null,
    realTimeFactor: 0.0312,
    at,
  });
  await expect.element(page.getByText('1 file finished')).toBeVisible();
  await page.getByRole('button', { name: 'Show the files' }).click();
  await expect.element(page.getByRole('link', { name: 'Open: good.wav' })).toHaveAttribute('href', '#library/kept');
  await expect.element(rows().nth(0)).toHaveTextContent('0.03 × real time');
});

test('in the record view the queue stands in the corner, row by row', async () => {
  await openWindow(shelf([kept]), 'record');
  drop(dropped('good.wav', 'better.wav'));
  await expect.element(rows().nth(0)).toHaveTextContent('good.wav');
  await expect.element(rows().nth(1)).toHaveTextContent('better.wav');
  await page.getByRole('button', { name: 'Hide the files' }).click();
  await expect.element(rows()).not.toBeInTheDocument();
});

test('all files rest by one button, which says so and lets them go on', async () => {
  const bridge = shelf([kept]);
  bridge.answer('files.rest', () => ({}));
  await openWindow(bridge, 'library');
  await expect.element(page.getByRole('main').getByTestId('recording-row')).toBeVisible();
  drop(dropped('good.wav'));
  await page.getByRole('button', { name: 'Let all files rest' }).click();
  await expect.element(page.getByText('Resting, 0 of 1 files finished')).toBeVisible();
  await page.getByRole('button', { name: 'Go on with the files' }).click();
  await expect.element(page.getByText('Transcribing 1 of 1 files')).toBeVisible();
  expect(bridge.bodiesOf('files.rest')).toEqual([{ isResting: true }, { isResting: false }]);
});
