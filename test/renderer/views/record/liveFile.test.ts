import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import type { RequestOf } from '../../../../app/contract/messages';
import { UnrollError } from '../../../../app/errors';
import { openWindow } from '../../support/openWindow';
import { scripted, scriptedEngine } from '../../support/scriptedEngine';

const WORDS = [scripted('four', 100, 400), scripted('nine', 600, 900), scripted('six', 2_600, 2_900)];
const button = page.getByTestId('record-button');
const state = () => (button.element() as HTMLElement).dataset['state'];
const FILE = 'live.srt';
/** A file of the page's own, which a browser hands out as it hands out those that a person chooses. */
const ownFile = async (): Promise<FileSystemFileHandle> =>
  (await navigator.storage.getDirectory()).getFileHandle(FILE, { create: true });
const written = async (): Promise<string> => (await (await ownFile()).getFile()).text();

beforeEach(() => localStorage.clear());
afterEach(async () => {
  vi.unstubAllGlobals();
  await (await navigator.storage.getDirectory()).removeEntry(FILE).catch(() => undefined);
});

async function chooseFormat(name: string): Promise<void> {
  await page.getByRole('button', { name: 'Write to a file as you speak' }).click();
  await page.getByRole('menuitem', { name }).click();
}

test('in a browser the file grows while someone speaks, and is whole when they stop', async () => {
  vi.stubGlobal('showSaveFilePicker', ownFile);
  const { bridge } = scriptedEngine({ words: WORDS });
  await openWindow(bridge, 'record');
  await chooseFormat('SubRip subtitles (.srt)');
  await expect.element(page.getByRole('button', { name: 'Stop writing to live.srt' })).toBeVisible();
  await button.click();
  await expect.poll(written).toContain('\nfour nine\n');
  expect(state()).toBe('live');
  await button.click();
  await expect.poll(written).toMatch(/^1\n00:00:00,100 --> 00:00:00,900\nfour nine\n\n2\n.*\nsix\n\n$/);
  await expect.element(page.getByRole('button', { name: 'Write to a file as you speak' })).toBeVisible();
});

test('the app lets its host open the file; what cannot be written is said once, and recording goes on', async () => {
  const { bridge } = scriptedEngine({ words: WORDS });
  const appended: RequestOf<'liveFile.append'>[] = [];
  bridge.answer('liveFile.open', () => ({ file: { liveFileId: 'file-1', name: 'talk.txt' } }));
  bridge.answer('liveFile.close', () => ({}));
  bridge.answer('liveFile.append', (request) => {
    appended.push(request);
    if (appended.length > 1) throw new UnrollError('liveFile.failed', { file: 'talk.txt', reason: 'ENOSPC' });
    return {};
  });
  await openWindow({ ...bridge, host: 'electron' }, 'record');
  await chooseFormat('Text (.txt)');
  await button.click();
  await expect.element(page.getByText(/^talk\.txt cannot be written \(ENOSPC\)/)).toBeVisible();
  expect(appended[0]).toEqual({ liveFileId: 'file-1', text: 'four' });
  expect(state()).toBe('live');
  await expect.poll(() => bridge.bodiesOf('liveFile.close')).toEqual([{ liveFileId: 'file-1' }]);
  await button.click();
  expect(appended).toHaveLength(2);
});

test('a browser without that interface says what to do instead', async () => {
  vi.stubGlobal('showSaveFilePicker', undefined);
  await openWindow(scriptedEngine({ words: WORDS }).bridge, 'record');
  await chooseFormat('Text (.txt)');
  await expect.element(page.getByText(/^This browser lets no page write a file/)).toBeVisible();
});
