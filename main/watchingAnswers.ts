// What a window asks of the watched folder, answered by the host that watches it.
import type { ReplyOf } from '../app/contract/messages';
import type { FolderWatch } from './folderWatch';
import type { HostAnswers } from './hostAnswers';
import type { OfferedFiles } from './offeredFiles';

/** Lets the person choose a folder. @returns its path; null where they choose none */
export type ChooseFolder = () => Promise<string | null>;

type WatchingAnswers = Pick<HostAnswers, Extract<keyof HostAnswers, `watching.${string}`>>;

/** @param choose null where the host has no dialogs */
export function watchingAnswers(
  watching: FolderWatch,
  offered: OfferedFiles,
  choose: ChooseFolder | null,
): WatchingAnswers {
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
    'watching.take': (request) => Promise.resolve(offered.take(request)),
    'watching.read': (request) => offered.read(request),
    'watching.stop': async () => {
      await watching.stop();
      return state();
    },
  };
}
