// Newer versions, by electron-builder's updater. It is not even loaded until a person turns it on; it is told to take nothing by
// itself, and checks the publisher's signature, or the hash in the feed, before it calls a download whole.
import { promises as fs } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { UpdatesState } from '../app/contract/updates';
import type { HostAnswers } from './hostAnswers';

interface Found {
  readonly isUpdateAvailable: boolean;
  readonly updateInfo: { readonly version: string };
}

/** What is used of electron-updater's `AppUpdater`. */
export interface Updater {
  autoDownload: boolean;
  autoInstallOnAppQuit: boolean;
  allowDowngrade: boolean;
  disableWebInstaller: boolean;
  on(event: 'download-progress', listener: (progress: { readonly percent: number }) => void): unknown;
  /** Null where this copy cannot be renewed. */
  checkForUpdates(): Promise<Found | null>;
  downloadUpdate(): Promise<unknown>;
  quitAndInstall(isSilent: boolean, isForceRunAfter: boolean): void;
}

export interface UpdatesOptions {
  /** Null where the build names no place for newer versions. */
  readonly load: (() => Promise<Updater>) | null;
  /** Keeps whether a person turned it on. */
  readonly stateFile: string;
  readonly onChanged: (updates: UpdatesState) => void;
  readonly log: (line: string) => void;
}

const keptSchema = z.strictObject({ version: z.literal(1), isOn: z.boolean() });
const DETAIL_LENGTH = 1_000;

export class Updates {
  readonly #options: UpdatesOptions;
  #state: UpdatesState;
  #updater: Promise<Updater> | null = null;

  constructor(options: UpdatesOptions) {
    this.#options = options;
    this.#state = { state: options.load === null ? 'absent' : 'off' };
  }

  get state(): UpdatesState {
    return this.#state;
  }

  /** Looks where a person turned that on in an earlier run. A note that cannot be read counts as off. */
  async resume(): Promise<void> {
    if (this.#options.load === null) return;
    const text = await fs.readFile(this.#options.stateFile, 'utf8').catch(() => null);
    if (text !== null && isOnIn(text)) await this.look();
  }

  async turn(isOn: boolean): Promise<void> {
    if (this.#options.load === null) return;
    const { stateFile } = this.#options;
    await fs.mkdir(dirname(stateFile), { recursive: true });
    await fs.writeFile(stateFile, JSON.stringify({ version: 1, isOn }));
    if (isOn) await this.look();
    else this.#tell({ state: 'off' });
  }

  async look(): Promise<void> {
    if (this.#state.state === 'absent' || this.#state.state === 'looking' || this.#state.state === 'loading') return;
    this.#tell({ state: 'looking' });
    await this.#orFail(async (updater) => {
      this.#tellWhile('looking', stateOf(await updater.checkForUpdates()));
    });
  }

  async load(): Promise<void> {
    if (this.#state.state !== 'found') return;
    const { version } = this.#state;
    this.#tell({ state: 'loading', version, fraction: 0 });
    await this.#orFail(async (updater) => {
      await updater.downloadUpdate();
      this.#tellWhile('loading', { state: 'ready', version });
    });
  }

  async install(): Promise<void> {
    if (this.#state.state !== 'ready') return;
    await this.#orFail(async (updater) => updater.quitAndInstall(false, true));
  }

  async #orFail(work: (updater: Updater) => Promise<void>): Promise<void> {
    const doing = this.#state.state;
    try {
      await work(await this.#prepared());
    } catch (error) {
      // No connection, a wrong signature, a full disk: the updater's own words say which.
      const detail = (error instanceof Error ? error.message : String(error)).slice(0, DETAIL_LENGTH);
      this.#options.log(`Newer versions: ${detail}`);
      this.#tellWhile(doing, { state: 'failed', detail });
    }
  }

  async #prepared(): Promise<Updater> {
    const { load } = this.#options;
    if (load === null) throw new Error('Expected a build that names a place for newer versions');
    this.#updater ??= load().then((updater) => {
      updater.autoDownload = false;
      updater.autoInstallOnAppQuit = false;
      updater.allowDowngrade = false;
      updater.disableWebInstaller = true;
      updater.on('download-progress', ({ percent }) => this.#progressed(percent));
      return updater;
    });
    return this.#updater;
  }

  #progressed(percent: number): void {
    if (this.#state.state !== 'loading') return;
    this.#tell({ ...this.#state, fraction: Math.min(1, Math.max(0, percent / 100)) });
  }

  /** Whoever turned it off meanwhile hears no more of it. */
  #tellWhile(doing: UpdatesState['state'], state: UpdatesState): void {
    if (this.#state.state === doing) this.#tell(state);
  }

  #tell(state: UpdatesState): void {
    this.#state = state;
    this.#options.onChanged(state);
  }
}

function stateOf(found: Found | null): UpdatesState {
  if (found === null) return { state: 'unfit' };
  return found.isUpdateAvailable ? { state: 'found', version: found.updateInfo.version } : { state: 'newest' };
}

function isOnIn(text: string): boolean {
  try {
    return keptSchema.parse(JSON.parse(text)).isOn;
  } catch {
    return false;
  }
}

type UpdateAnswers = Pick<
  HostAnswers,
  'updates.get' | 'updates.turn' | 'updates.look' | 'updates.load' | 'updates.install'
>;

/** @param updates null where the host could install nothing */
export function updateAnswers(updates: Updates | null): UpdateAnswers {
  const after = async (work: Promise<void> | undefined): Promise<{ updates: UpdatesState }> => {
    await work;
    return { updates: updates?.state ?? { state: 'absent' } };
  };
  return {
    'updates.get': () => after(undefined),
    'updates.turn': ({ isOn }) => after(updates?.turn(isOn)),
    'updates.look': () => after(updates?.look()),
    'updates.load': () => after(updates?.load()),
    'updates.install': () => after(updates?.install()),
  };
}
