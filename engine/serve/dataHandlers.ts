// What each method on data sets asks of the engine's parts.
import type { ListeningHandlers } from './dispatcher';
import type { Engine } from './engine';

type DataMethodName = Extract<keyof ListeningHandlers, `data.${string}`>;

export function makeDataHandlers({ dataSets }: Pick<Engine, 'dataSets'>): Pick<ListeningHandlers, DataMethodName> {
  return {
    'data.list': async () => ({ sets: await dataSets.list() }),
    'data.create': async ({ title }) => ({ set: await dataSets.create(title) }),
    'data.rename': async ({ setId, title }) => ({ set: await dataSets.rename(setId, title) }),
    'data.delete': async ({ setId }) => {
      await dataSets.delete(setId);
      return {};
    },
    'data.restore': async ({ setId }) => ({ set: await dataSets.restore(setId) }),
    'data.rows': ({ setId, first, count }) => dataSets.rows(setId, first, count),
    'data.check': async ({ setId }) => ({ report: await dataSets.check(setId) }),
    'data.edit': async (body) => ({ row: await dataSets.edit(body) }),
    'data.audio': async ({ setId, rowId }) => ({ pcm: await dataSets.audio(setId, rowId) }),
    'data.split': async (body) => ({ split: await dataSets.split(body) }),
  };
}
