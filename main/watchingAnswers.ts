// What a window asks of the watched folder, answered by the host that watches it.
import type { ReplyOf } from '../app/contract/messages';
import type { FolderWatch } from './folderWatch';
import type { HostAnswers } from './hostAnswers';

/** Lets the person choose a folder. @returns its path; null where they choose none */
export type ChooseFolder = () => Promise<string | null>;

type WatchingAnswers = Pick<HostAnswers, 'watching.get' | 'watching.choose' | 'watching.rest' | 'watching.stop'>;

/** @param choose null where the host has no dialogs */
export function watchingAnswers(watching: FolderWatch, choose: ChooseFolder | null): WatchingAnswers {
  const state = (): ReplyOf<'watching.get'> => ({ watched: watching.watched, canChoose: choose !== null });
  return {
    'watching.get': async () => state(),
    'watching.choose': async () => {
      const folder = (await choose?.()) ?? null;
      if (folder !== null) await watching.choose(folder);
      return state();
    },
    'watching.rest': async ({ isPaused }) => {
      await watching.rest(isPaused);
      return state();
    },
    'watching.stop': async () => {
      await watching.stop();
      return state();
    },
  };
}
