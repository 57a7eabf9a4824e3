// What each method of the contract asks of the engine's parts.
import packageInfo from '../../package.json';
import type { ReplyOf } from '../../app/contract/messages';
import { isStreaming, stepMsOf } from '../../app/contract/model';
import { alternativesOf } from '../listen/alternatives';
import { makeDataHandlers } from './dataHandlers';
import { describedModel, describedNetwork } from './describedNetwork';
import type { ListeningHandlers } from './dispatcher';
import type { Engine } from './engine';
import { makeInspectionHandlers } from './inspectionHandlers';
import { makeLabHandlers } from './labHandlers';
import { makeRunHandlers } from './runHandlers';
import { makeTextHandlers } from './textHandlers';

export function makeHandlers(engine: Engine, host: ReplyOf<'system.info'>['host']): ListeningHandlers {
  const { rung, rungReason, recordings, recovery, models, listener, files, samples, runs } = engine;
  return {
    'system.info': () => ({
      version: packageInfo.version,
      rung: rung.rung,
      rungReason,
      backend: rung.backend,
      host,
    }),
    'models.list': async () => ({ models: await models.summaries() }),
    'models.open': async ({ modelId }) => {
      const model = await models.open(modelId);
      // Whoever opens a model is about to speak to it.
      await model.warmUp();
      const { manifest } = model;
      const { id, frontEnd, alphabet, card } = manifest;
      return { id, frontEnd, stepMs: stepMsOf(manifest), alphabet, isStreaming: isStreaming(manifest), card };
    },
    'models.describe': async ({ modelId }) => describedModel(await models.manifest(modelId)),

    'network.describe': (body) => describedNetwork(body),

    'listen.start': (body) => listener.start(body),
    'listen.chunk': (body) => listener.chunk(body),
    'listen.mark': (body) => listener.mark(body),
    'listen.finish': (body) => listener.finish(body),
    'listen.resume': (body) => listener.resume(body),

    'files.add': (body) => files.add(body),
    'files.piece': (body) => files.piece(body),
    'files.cancel': (body) => files.cancel(body),

    'recordings.list': () => {
      // Whoever asks for the list can show what was recovered.
      setImmediate(() => recovery.tell());
      return recordings.list();
    },
    'recordings.get': async ({ recordingId }) => ({ recording: await recordings.get(recordingId) }),
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
    'recordings.correct': async (body) => ({ recording: await recordings.correct(body) }),
    'recordings.delete': async ({ recordingId }) => {
      await recordings.delete(recordingId);
      return {};
    },
    'recordings.restore': async ({ recordingId }) => ({ recording: await recordings.restore(recordingId) }),

    ...makeDataHandlers(engine.dataRoom),
    ...makeRunHandlers(runs, engine.beforeRuns),
    ...makeInspectionHandlers(engine.inspections, listener),
    ...{ ...makeLabHandlers(), ...makeTextHandlers(engine.texts) },

    'samples.list': () => samples.list(),
    'samples.audio': async ({ sampleId }) => ({ pcm: await samples.audio(sampleId) }),
  };
}
