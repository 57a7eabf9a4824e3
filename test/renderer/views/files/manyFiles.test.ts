// Hundreds of files in the queue beside a library that they fill.
import { expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { EventOf } from '../../../../app/contract/messages';
import { UnrollError } from '../../../../app/errors';
import type { MockBridge } from '../../../../renderer/bridge/mockBridge';
import { QueuedFile } from '../../../../renderer/views/files/queue.svelte';
import { hoursAgo, shelf, spoken, type ShelfRecording } from '../../support/shelf';
import { openWindow } from '../../support/openWindow';

const kept: ShelfRecording = { id: 'kept', title: 'Kept', words: spoken('one') };
const nameOf = (k: number): string => `${String(k).padStart(3, '0')}.wav`;
const idOf = (k: number): string => `file-${String(k).padStart(3, '0')}-wav`;

function drop(count: number): void {
  const dataTransfer = new DataTransfer();
  for (let k = 0; k < count; k++) dataTransfer.items.add(new File([new Uint8Array(100)], nameOf(k)));
  window.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
}

async function openLibrary(files: number, recordings = [kept]): Promise<MockBridge> {
  const bridge = shelf(recordings);
  await openWindow(bridge, 'library');
  await expect.element(page.getByRole('main')).toBeVisible();
  if (recordings.length > 0) await expect.element(page.getByRole('heading', { name: 'Kept' })).toBeVisible();
  drop(files);
  await vi.waitFor(() => expect(bridge.bodiesOf('files.piece')).toHaveLength(Math.min(2, files)));
  return bridge;
}

function say(bridge: MockBridge, k: number, change: Partial<EventOf<'files.progress'>>): void {
  const nothing = { fraction: 0, error: null, recordingId: null, sameAs: null, realTimeFactor: null };
  const at = '2026-05-01T10:00:00.000Z';
  bridge.emit('files.progress', { fileId: idOf(k), name: nameOf(k), state: 'transcribing', ...nothing, at, ...change });
}
const done = { state: 'done', fraction: 1, recordingId: 'fresh', sameAs: 'kept', realTimeFactor: 0.0312 } as const;

/** A recording that came meanwhile. */
function bring(bridge: MockBridge, ...come: ShelfRecording[]): void {
  const later = shelf([...come, kept]);
  bridge.answer('recordings.list', (body) => later.request('recordings.list', body));
  bridge.answer('recordings.get', (body) => later.request('recordings.get', body));
  bridge.answer('library.search', (body) => later.request('library.search', body));
  bridge.emit('recordings.changed', { recoveredIds: [] });
}
const fresh: ShelfRecording = { id: 'fresh', title: 'Fresh', words: spoken('two'), createdAt: hoursAgo(0) };

const rows = () => page.getByTestId('file-row');
const row = (k: number): HTMLElement => rows().nth(k).element() as HTMLElement;
const list = (): HTMLElement => page.getByRole('list', { name: 'Files' }).element() as HTMLElement;
const isInSight = (k: number): boolean => {
  const [inner, outer] = [row(k).getBoundingClientRect(), list().getBoundingClientRect()];
  return inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1;
};
const show = (): Promise<void> => page.getByRole('button', { name: 'Show the files' }).click();
const heading = (name: string) => page.getByRole('heading', { name });

test('what happens to one of three hundred files makes no row ask all the others', async () => {
  const bridge = await openLibrary(300);
  await show();
  await expect.element(rows().nth(299)).toBeInTheDocument();
  const asked = vi.spyOn(QueuedFile.prototype, 'state', 'get');
  say(bridge, 0, { fraction: 0.5 });
  await expect.element(rows().nth(0)).toHaveTextContent('50');
  say(bridge, 0, done);
  await expect.element(rows().nth(2)).toHaveAttribute('data-state', 'queued');
  // A few times for each, and not three hundred.
  expect(asked.mock.calls.length).toBeLessThan(300 * 60);
  asked.mockRestore();
});

test.each([1280, 960])(
  'at %d pixels what the list offers lies within it, a row that has much to say among it',
  async (width) => {
    const bridge = await openLibrary(3);
    await page.viewport(width, 800);
    await show();
    say(bridge, 0, done);
    await expect.element(page.getByRole('link', { name: 'Open: 000.wav' })).toBeVisible();
    const edge = list().getBoundingClientRect().right;
    const side = page.getByRole('region', { name: 'Recordings' }).element();
    for (const part of side.querySelectorAll('input, button, a'))
      expect(part.getBoundingClientRect().right).toBeLessThanOrEqual(edge);
    expect(list().scrollWidth).toBe(list().clientWidth);
    for (const part of row(0).querySelectorAll('a, button')) {
      const { left = NaN, right = NaN, top = NaN, bottom = NaN } = part.getClientRects()[0] ?? {};
      expect(right).toBeLessThanOrEqual(edge);
      expect(part.contains(document.elementFromPoint((left + right) / 2, (top + bottom) / 2))).toBe(true);
    }
  },
);

test('the recording that is open stays open while files of many become recordings', async () => {
  const bridge = await openLibrary(3);
  say(bridge, 0, { ...done, recordingId: 'fresh' });
  bring(bridge, fresh);
  await expect.element(page.getByTestId('recording-row').first()).toHaveTextContent('two');
  await expect.element(heading('Kept')).toBeVisible();
});

test('a file that was given alone is opened when it is read', async () => {
  const bridge = await openLibrary(1);
  say(bridge, 0, done);
  bring(bridge, fresh);
  await expect.element(heading('Fresh')).toBeVisible();
});

test('a file that was given alone leaves the recording open that the person is in', async () => {
  const bridge = await openLibrary(1);
  (page.getByRole('button', { name: 'Rename' }).element() as HTMLElement).focus();
  say(bridge, 0, done);
  bring(bridge, fresh);
  await expect.element(page.getByTestId('recording-row').first()).toHaveTextContent('two');
  await expect.element(heading('Kept')).toBeVisible();
});

test('the list stays unfolded when the first recording of an empty library comes', async () => {
  const bridge = await openLibrary(3, []);
  await show();
  await expect.element(rows().nth(2)).toBeVisible();
  bring(bridge, fresh);
  await expect.element(heading('Fresh')).toBeVisible();
  await expect.element(rows().nth(2)).toBeVisible();
});

test('a list that was folded is not unfolded by a further failure', async () => {
  const bridge = await openLibrary(40);
  const error = new UnrollError('file.noRoom', { file: 'x' }).toMessage();
  say(bridge, 0, { state: 'failed', error });
  await expect.element(rows().nth(0)).toBeVisible();
  await page.getByRole('button', { name: 'Hide the files' }).click();
  say(bridge, 1, { state: 'failed', error });
  await vi.waitFor(() => expect(bridge.bodiesOf('files.piece')).toHaveLength(4));
  await expect.element(rows()).not.toBeInTheDocument();
});

/** The first files are read one after the other. */
async function readUntil(bridge: MockBridge, last: number): Promise<void> {
  for (let k = 0; k <= last; k++) {
    await vi.waitFor(() => expect(bridge.bodiesOf('files.piece').length).toBeGreaterThan(k));
    say(bridge, k, { fraction: 0.5 });
    await expect.element(rows().nth(k)).toHaveAttribute('data-state', 'transcribing');
    if (k < last) say(bridge, k, done);
  }
}

test('the list goes along with the file at work', async () => {
  const bridge = await openLibrary(60);
  await show();
  await userEvent.hover(page.getByRole('searchbox'));
  (document.activeElement as HTMLElement).blur();
  await readUntil(bridge, 14);
  await vi.waitFor(() => expect(isInSight(14)).toBe(true));
});

test.each([
  ['points at', () => userEvent.hover(rows().nth(0))],
  ['has the focus in', async () => row(50).querySelector('button')?.focus({ preventScroll: true })],
])('a list that the person %s stays where it is', async (_what, begin) => {
  const bridge = await openLibrary(60);
  await show();
  await userEvent.hover(page.getByRole('searchbox'));
  await begin();
  await readUntil(bridge, 14);
  expect(list().scrollTop).toBe(0);
});

test('a list that was scrolled away from the file at work stays there', async () => {
  const bridge = await openLibrary(60);
  await show();
  await userEvent.hover(page.getByRole('searchbox'));
  await readUntil(bridge, 0);
  await userEvent.hover(rows().nth(1));
  list().scrollTop = 1_200;
  await new Promise((resolve) => list().addEventListener('scroll', resolve, { once: true }));
  await userEvent.hover(page.getByRole('searchbox'));
  const first = (): string | undefined =>
    rows()
      .elements()
      .find((each) => each.getBoundingClientRect().bottom > list().getBoundingClientRect().top + 8)?.textContent;
  const before = first();
  await readUntil(bridge, 4);
  expect(first()).toBe(before);
});

test('by the keyboard one row after the other is stopped, tried again and taken off', async () => {
  await openLibrary(6);
  await show();
  page.getByRole('button', { name: 'Stop 004.wav' }).element().focus();
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByRole('button', { name: 'Try 004.wav again' })).toHaveFocus();
  await userEvent.keyboard('{Tab}{Enter}');
  await expect.element(page.getByRole('button', { name: 'Stop 005.wav' })).toHaveFocus();
  await expect.element(rows().nth(5)).not.toBeInTheDocument();
});
