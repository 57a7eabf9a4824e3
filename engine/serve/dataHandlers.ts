// What each method on data sets asks of the engine's parts.
import type { DataRoom } from './dataRoom';
import type { ListeningHandlers } from './dispatcher';

type DataMethodName = Extract<keyof ListeningHandlers, `data.${string}`>;
type DataHandlers = Pick<ListeningHandlers, DataMethodName>;

export function makeDataHandlers(room: DataRoom): DataHandlers {
  return { ...setHandlers(room), ...uploadHandlers(room), ...exportHandlers(room), ...takeHandlers(room) };
}

function setHandlers({ sets, ...room }: DataRoom) {
  return {
    'data.list': async () => ({ sets: await sets.list() }),
    'data.create': async ({ title }) => ({ set: await sets.create(title) }),
    'data.rename': async ({ setId, title }) => ({ set: await sets.rename(setId, title) }),
    'data.delete': async ({ setId }) => {
      await sets.delete(setId);
      return {};
    },
    'data.restore': async ({ setId }) => ({ set: await sets.restore(setId) }),
    'data.openSample': async () => ({ set: await room.openSample() }),
    'data.rows': ({ setId, first, count }) => sets.rows(setId, first, count),
    'data.check': async ({ setId }) => ({ report: await sets.check(setId) }),
    'data.edit': async (body) => ({ row: await sets.edit(body) }),
    'data.audio': async ({ setId, rowId }) => ({ pcm: await sets.audio(setId, rowId) }),
    'data.split': async (body) => ({ split: await sets.split(body) }),
    'data.disturb': (body) => room.disturb(body),
    'data.addRecording': async (body) => ({ row: await room.addRecording(body) }),
  } satisfies Partial<DataHandlers>;
}

function uploadHandlers({ uploads }: DataRoom) {
  return {
    'data.upload': (body) => uploads.begin(body),
    'data.piece': (body) => uploads.piece(body),
    'data.import': (body) => uploads.import(body),
    'data.cancelUpload': async (body) => {
      await uploads.cancel(body);
      return {};
    },
  } satisfies Partial<DataHandlers>;
}

function exportHandlers({ exports }: DataRoom) {
  return {
    'data.export': (body) => exports.begin(body),
    'data.exportPack': (body) => exports.pack(body),
    'data.exportPiece': (body) => exports.piece(body),
    'data.exportClose': async (body) => {
      await exports.close(body);
      return {};
    },
  } satisfies Partial<DataHandlers>;
}

function takeHandlers({ takes }: DataRoom) {
  return {
    'data.takeStart': (body) => takes.start(body),
    'data.takeChunk': (body) => takes.chunk(body),
    'data.takeFinish': async ({ takeId }) => ({ check: await takes.finish(takeId) }),
    'data.takeKeep': async (body) => ({ row: await takes.keep(body) }),
    'data.takeDiscard': async ({ takeId }) => {
      await takes.discard(takeId);
      return {};
    },
    'data.takeLeave': async ({ takeId }) => {
      await takes.leave(takeId);
      return {};
    },
  } satisfies Partial<DataHandlers>;
}
