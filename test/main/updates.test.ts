import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { UpdatesState } from '../../app/contract/updates';
import { Updates, updateAnswers, type Updater } from '../../main/updates';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unroll-updates-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const NEWEST = { isUpdateAvailable: false, updateInfo: { version: '1.0.0' } };

/** A feed with one newer version. */
function fakeUpdater(overrides: Partial<Updater> = {}) {
  const progress: ((progress: { percent: number }) => void)[] = [];
  const updater: Updater = {
    autoDownload: true,
    autoInstallOnAppQuit: true,
    allowDowngrade: true,
    disableWebInstaller: false,
    on: (_event, listener) => progress.push(listener),
    checkForUpdates: () => Promise.resolve({ isUpdateAvailable: true, updateInfo: { version: '2.0.0' } }),
    downloadUpdate: async () => progress.forEach((listener) => listener({ percent: 40 })),
    quitAndInstall: () => undefined,
    ...overrides,
  };
  return updater;
}

function open(updater: Updater | null) {
  const told: UpdatesState[] = [];
  const logs: string[] = [];
  const load = vi.fn(() => Promise.resolve(updater as Updater));
  const updates = new Updates({
    load: updater === null ? null : load,
    stateFile: join(folder, 'data', 'updates.json'),
    onChanged: (state) => told.push(state),
    log: (line) => logs.push(line),
  });
  return { updates, told, logs, load };
}

describe('newer versions', () => {
  it('are off, and nothing that could ask for them is loaded', async () => {
    const { updates, load } = open(fakeUpdater());
    await updates.resume();
    expect(updates.state).toEqual({ state: 'off' });
    expect(load).not.toHaveBeenCalled();
  });

  it('are absent where the build names no place, whatever is asked', async () => {
    const { updates, told } = open(null);
    const answers = updateAnswers(updates);
    await answers['updates.turn']({ isOn: true });
    expect(await answers['updates.look']({})).toEqual({ updates: { state: 'absent' } });
    expect(told).toEqual([]);
  });

  it('are found, loaded and installed, each when the person says so', async () => {
    const quitAndInstall = vi.fn();
    const { updates, told } = open(fakeUpdater({ quitAndInstall }));
    await updates.turn(true);
    expect(updates.state).toEqual({ state: 'found', version: '2.0.0' });
    await updates.load();
    expect(told).toEqual([
      { state: 'looking' },
      { state: 'found', version: '2.0.0' },
      { state: 'loading', version: '2.0.0', fraction: 0 },
      { state: 'loading', version: '2.0.0', fraction: 0.4 },
      { state: 'ready', version: '2.0.0' },
    ]);
    expect(quitAndInstall).not.toHaveBeenCalled();
    await updates.install();
    expect(quitAndInstall).toHaveBeenCalledOnce();
  });

  it('are taken by nothing but that: not by themselves, not when the app ends, not an older one', async () => {
    const updater = fakeUpdater();
    await open(updater).updates.turn(true);
    expect(updater).toMatchObject({
      autoDownload: false,
      autoInstallOnAppQuit: false,
      allowDowngrade: false,
      disableWebInstaller: true,
    });
  });

  it('are looked for at the next start where they were turned on, and not where they were turned off again', async () => {
    await open(fakeUpdater()).updates.turn(true);
    const second = open(fakeUpdater());
    await second.updates.resume();
    expect(second.updates.state.state).toBe('found');
    await second.updates.turn(false);
    const third = open(fakeUpdater());
    await third.updates.resume();
    expect(third.load).not.toHaveBeenCalled();
  });

  it('are off where the note of it is damaged', async () => {
    const { updates } = open(fakeUpdater());
    await updates.turn(false);
    writeFileSync(join(folder, 'data', 'updates.json'), readFileSync(join(folder, 'data', 'updates.json')).subarray(1));
    await updates.resume();
    expect(updates.state).toEqual({ state: 'off' });
  });

  it('that fail say why, and can be looked for again', async () => {
    let isOnline = false;
    const updater = fakeUpdater({
      checkForUpdates: () =>
        isOnline ? Promise.resolve(NEWEST) : Promise.reject(new Error('net::ERR_NAME_NOT_RESOLVED')),
    });
    const { updates, logs } = open(updater);
    await updates.turn(true);
    expect(updates.state).toEqual({ state: 'failed', detail: 'net::ERR_NAME_NOT_RESOLVED' });
    expect(logs).toEqual(['Newer versions: net::ERR_NAME_NOT_RESOLVED']);
    isOnline = true;
    await updates.look();
    expect(updates.state).toEqual({ state: 'newest' });
  });

  it('whose signature is wrong are never ready', async () => {
    const { updates, told } = open(fakeUpdater({ downloadUpdate: () => Promise.reject(new Error('not signed by')) }));
    await updates.turn(true);
    await updates.load();
    expect(updates.state).toEqual({ state: 'failed', detail: 'not signed by' });
    expect(told.map(({ state }) => state)).not.toContain('ready');
  });

  it('are not had by a copy that cannot be renewed, and that is said', async () => {
    const { updates } = open(fakeUpdater({ checkForUpdates: () => Promise.resolve(null) }));
    await updates.turn(true);
    expect(updates.state).toEqual({ state: 'unfit' });
  });

  it('stay off where they are turned off while being looked for', async () => {
    let answer: (found: null) => void = () => undefined;
    const { updates } = open(fakeUpdater({ checkForUpdates: () => new Promise((resolve) => (answer = resolve)) }));
    const looking = updates.turn(true);
    await vi.waitFor(() => expect(updates.state.state).toBe('looking'));
    await updates.turn(false);
    answer(null);
    await looking;
    expect(updates.state).toEqual({ state: 'off' });
  });
});
