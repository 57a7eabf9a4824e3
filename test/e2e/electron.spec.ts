// Unroll in Electron: the real window, preload script, messages and engine process, a recording for a microphone.
import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { openElectron, type ElectronApp } from './support/apps';
import { transcribe } from './support/commandLine';
import { CHROMIUM_ARGUMENTS, electronMain, electronProgram } from './support/environment';
import { engineOf } from './support/processes';
import { RecordView } from './support/recordView';
import { fractionRight, speak, SPOKEN_DIGITS, wordsOf } from './support/speech';

const speech = speak(join(mkdtempSync(join(tmpdir(), 'unroll-speech-')), 'spoken.wav'), SPOKEN_DIGITS);
let app: ElectronApp;
let view: RecordView;

test.beforeEach(async () => {
  app = await openElectron({ microphone: speech.file });
  view = new RecordView(app);
});
test.afterEach(() => app?.close());

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
  expect(app.complaints).toEqual([]);
  // A whole run, and nothing of it was asked for anywhere but in the program and in memory.
  const schemes = new Set(app.addresses.map((address) => new URL(address).protocol));
  expect([...schemes].filter((scheme) => !['app:', 'blob:', 'data:'].includes(scheme))).toEqual([]);
});

test('an engine that is killed while it listens costs not a word', async () => {
  await view.start();
  await view.hasSettled(2);
  const engine = engineOf(app.hostPid);
  expect(engine).not.toBeNull();
  const killedAtMs = await view.elapsedMs();
  process.kill(engine ?? 0, 'SIGKILL');
  // The recording does not wait for the engine.
  await view.hasHeard(killedAtMs + 1_000);
  await expect(view.button).toHaveAttribute('data-state', 'live');
  await view.hasHeard(speech.durationMs);
  await view.stop();
  expect(engineOf(app.hostPid)).not.toBe(engine);
  const read = await view.settledWords();
  expect(fractionRight(speech.words, read), read.join(' ')).toBeGreaterThanOrEqual(0.9);
  expect(read).toEqual(transcribe(view.onlyRecording(), '--stream'));
});

test('captions stand in a window of their own, on top, and follow the voice', async () => {
  await view.isReady();
  const opening = app.electron.waitForEvent('window');
  await app.page.keyboard.press('F8');
  const captions = await opening;
  await captions.waitForSelector('[data-testid=captions]');
  // Nothing in it reaches the engine.
  expect(await captions.evaluate(() => 'unroll' in window)).toBe(false);
  expect(
    await app.electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map((window) => window.isAlwaysOnTop()),
    ),
  ).toContain(true);
  await view.start();
  await view.hasSettled(2);
  await expect(captions.getByRole('log')).toContainText(speech.words.slice(0, 2).join(' '));
  await view.stop();
  const closing = captions.waitForEvent('close');
  // The window is gone before the key is up again.
  void captions.keyboard.press('Escape').catch(() => undefined);
  await closing;
  await view.isReady();
  expect(app.complaints).toEqual([]);
});

test('text is in a file of the person’s choice while they speak', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'unroll-live-')), 'talk.txt');
  await view.isReady();
  await app.electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, file);
  await app.page.getByRole('button', { name: 'Write to a file as you speak' }).click();
  await app.page.getByRole('menuitem', { name: 'Text (.txt)' }).click();
  await expect(app.page.getByRole('button', { name: 'Stop writing to talk.txt' })).toBeVisible();
  await view.start();
  await expect.poll(() => wordsOf(readFileSync(file, 'utf8')).length, { timeout: 30_000 }).toBeGreaterThan(1);
  await expect(view.button).toHaveAttribute('data-state', 'live');
  await view.hasHeard(speech.durationMs);
  await view.stop();
  await expect.poll(() => readFileSync(file, 'utf8').endsWith('\n')).toBe(true);
  expect(wordsOf(readFileSync(file, 'utf8'))).toEqual(await view.settledWords());
});

test('sounds of a watched folder become recordings', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'unroll-watched-'));
  await view.isReady();
  await app.electron.evaluate(({ dialog }, path) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
  }, folder);
  await app.page.keyboard.press('Control+2');
  await app.page.getByRole('button', { name: 'Watch a folder' }).click();
  copyFileSync(speech.file, join(folder, 'dictated.wav'));
  writeFileSync(join(folder, 'broken.wav'), 'no sound at all');
  await expect(app.page.getByRole('main').getByTestId('recording-row')).toContainText('dictated', { timeout: 60_000 });
  rmSync(folder, { recursive: true });
  await expect(app.page.getByText(/is gone or cannot be read/)).toBeVisible({ timeout: 30_000 });
});

test('a recording that is under way when the window is closed is kept', async () => {
  await view.start();
  await view.hasSettled(2);
  const engine = engineOf(app.hostPid) ?? 0;
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await app.electron.waitForEvent('close');
  await expect.poll(() => engineOf(engine)).toBeNull();
  const read = transcribe(view.onlyRecording(), '--stream');
  expect(speech.words.slice(0, 2)).toEqual(read.slice(0, 2));
});

test('a second start leaves the folder to the first, which comes to the front', async () => {
  const { folder, display } = await app.electron.evaluate(({ app: own }) => ({
    folder: own.getPath('userData'),
    display: process.env['DISPLAY'] ?? '',
  }));
  const second = spawn(electronProgram(), [electronMain(), ...CHROMIUM_ARGUMENTS, `--user-data-dir=${folder}`], {
    env: { ...process.env, DISPLAY: display, UNROLL_DATA: app.data },
    stdio: 'ignore',
  });
  expect(await new Promise((resolve) => second.once('exit', resolve))).toBe(0);
  expect(await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  await view.isReady();
});
