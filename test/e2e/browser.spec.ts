// Unroll in a browser: a real Chromium, a recording for a microphone, the real engine.
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { openBrowser, type BrowserApp } from './support/apps';
import { transcribe } from './support/commandLine';
import { dropFile } from './support/dropFile';
import { fixture } from './support/environment';
import { isInProcessList } from './support/processes';
import { RecordView } from './support/recordView';
import { fractionRight, speak, SPOKEN_DIGITS, wordsOf } from './support/speech';

test.describe.configure({ mode: 'serial' });

const speech = speak(join(mkdtempSync(join(tmpdir(), 'unroll-speech-')), 'spoken.wav'), SPOKEN_DIGITS);
let app: BrowserApp;
let view: RecordView;

test.beforeAll(async () => {
  app = await openBrowser({ microphone: speech.file });
  view = new RecordView(app);
});
test.afterAll(() => app?.close());

test('the link in the redirect file lets the browser in, once', async () => {
  expect(new URL(app.page.url()).search).toBe('');
  expect(existsSync(app.host.redirectFile)).toBe(false);
  const [cookie] = await app.context.cookies();
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
  expect(isInProcessList(cookie?.value ?? '')).toBe(false);
  expect(isInProcessList('token=')).toBe(false);
});

test('spoken digits are read while they are spoken', async () => {
  await view.start();
  await view.hasSettled(3);
  expect(await view.elapsedMs()).toBeLessThan(speech.durationMs);
  await view.hasHeard(speech.durationMs);
  await view.stop();
  const read = await view.settledWords();
  expect(fractionRight(speech.words, read), read.join(' ')).toBeGreaterThanOrEqual(0.9);
  expect(read).toEqual(transcribe(view.onlyRecording(), '--stream'));
  expect(read).toEqual(transcribe(view.onlyRecording()));
});

test('a reloaded page is let in again, and shows the recording', async () => {
  await app.page.reload();
  await view.isReady();
  await expect(view.rows).toHaveCount(1);
  expect(fractionRight(speech.words, wordsOf(await view.rows.innerText()))).toBeGreaterThan(0);
});

test('a recording that is deleted comes back by Undo', async () => {
  await view.rows.first().click();
  await app.page.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(view.rows).toHaveCount(0);
  await app.page.getByRole('button', { name: /^(Undo|Bring back)$/ }).click();
  await expect(view.rows).toHaveCount(1);
});

test('a dropped file is transcribed as the command line does it', async () => {
  const file = fixture('asterisk_digits_7.wav');
  await dropFile(app.page, 'seven.wav', readFileSync(file));
  await app.page.getByRole('button', { name: 'Show the files' }).click();
  const row = app.page.getByTestId('file-row');
  await expect(row).toHaveAttribute('data-state', 'done', { timeout: 60_000 });
  await row.getByRole('link').click();
  // Each word is a button that plays it.
  expect(await app.page.getByTestId('transcript').locator('p').getByRole('button').allInnerTexts()).toEqual(
    transcribe(file),
  );
});

test('a file that holds no sound says so', async () => {
  await dropFile(app.page, 'letter.wav', Buffer.from('Dear Ada, this is no sound at all.'));
  const row = app.page.getByTestId('file-row').filter({ hasText: 'letter.wav' });
  await expect(row).toHaveAttribute('data-state', 'failed');
  await expect(row.getByRole('alert')).toContainText('letter.wav');
});

test('the page spoke to this computer alone', () => {
  const { host } = new URL(app.host.url);
  const own = new Set([`http://${host}`, `ws://${host}`]);
  const asked = app.addresses.map((address) => new URL(address));
  expect(asked.some(({ protocol }) => protocol === 'ws:')).toBe(true);
  // Links to a file or to memory lead to no machine.
  const isLocal = ({ protocol }: URL): boolean => ['file:', 'blob:', 'data:'].includes(protocol);
  const foreign = asked.filter((url) => !isLocal(url) && !own.has(`${url.protocol}//${url.host}`));
  expect(foreign.map(String)).toEqual([]);
});

test('the page broke no rule of its own policy', () => {
  expect(app.complaints).toEqual([]);
});
