// Unroll in Electron: the real window, preload script, messages and engine process, a recording for a microphone.
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { openElectron, type ElectronApp } from './support/apps';
import { transcribe } from './support/commandLine';
import { CHROMIUM_ARGUMENTS, electronMain, electronProgram } from './support/environment';
import { engineOf } from './support/processes';
import { RecordView } from './support/recordView';
import { fractionRight, speak, SPOKEN_DIGITS } from './support/speech';

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
