// The methods of the library: recordings, their texts, and finding them.
import { alternativesOf } from '../listen/alternatives';
import { readPart } from '../listen/readPart';
import type { ListeningHandlers } from './dispatcher';
import type { Engine } from './engine';

type LibraryMethod = Extract<keyof ListeningHandlers, `recordings.${string}` | `library.${string}`>;

export function makeLibraryHandlers({
  recordings,
  recovery,
  models,
}: Pick<Engine, 'recordings' | 'recovery' | 'models'>): Pick<ListeningHandlers, LibraryMethod> {
  return {
    'recordings.list': () => {
      // Whoever asks for the list can show what was recovered.
      setImmediate(() => recovery.tell());
      return recordings.list();
    },
    'recordings.get': async ({ recordingId }) => ({
      recording: await recordings.get(recordingId),
      summary: recordings.summary(recordingId),
    }),
    'recordings.audio': ({ recordingId, firstSample, samples: count }) =>
      recordings.audio(recordingId, firstSample, count),
    'recordings.rename': async ({ recordingId, title }) => ({ recording: await recordings.rename(recordingId, title) }),
    'recordings.mark': async ({ recordingId, marks }) => ({ recording: await recordings.mark(recordingId, marks) }),
    'recordings.alternatives': async ({ recordingId, modelId, ...place }) => {
      const { transcripts } = await recordings.get(recordingId);
      const { utterances = [] } = transcripts.find((each) => each.modelId === modelId) ?? {};
      const { totalSamples } = await recordings.audio(recordingId, 0, 0);
      const read = async (first: number, count: number): Promise<Int16Array> =>
        (await recordings.audio(recordingId, first, count)).pcm;
      const model = await models.open(modelId);
      return { alternatives: await alternativesOf(model, { samples: totalSamples, read }, utterances, place) };
    },
    'recordings.edit': async (body) => ({ recording: await recordings.edit(body) }),
    'recordings.reread': async ({ recordingId, startMs, endMs, modelId }) => {
      const model = await models.open(modelId);
      const read = async (first: number, count: number): Promise<Int16Array> =>
        (await recordings.audio(recordingId, first, count)).pcm;
      const { totalSamples } = await recordings.audio(recordingId, 0, 0);
      return { utterances: await readPart(model, { samples: totalSamples, read }, { startMs, endMs }) };
    },
    'recordings.delete': async ({ recordingId }) => {
      await recordings.delete(recordingId);
      return {};
    },
    'recordings.restore': async ({ recordingId }) => ({ recording: await recordings.restore(recordingId) }),

    'recordings.label': async ({ recordingId, tags, isFavourite }) => ({
      recording: await recordings.label(recordingId, tags, isFavourite),
    }),
    'recordings.erase': async ({ recordingId }) => {
      await recordings.erase(recordingId);
      return {};
    },
    'library.search': (body) => recordings.search(body),
    'library.ids': ({ filter }) => ({ ids: recordings.ids(filter) }),
    'library.facets': () => recordings.facets(),
  };
}
