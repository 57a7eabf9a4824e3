// What each method of the contract asks of the engine's parts.
import packageInfo from '../../package.json';
import type { ReplyOf } from '../../app/contract/messages';
import { isStreaming, stepMsOf } from '../../app/contract/model';
import { makeDataHandlers } from './dataHandlers';
import { describedModel, describedNetwork } from './describedNetwork';
import type { ListeningHandlers } from './dispatcher';
import type { Engine } from './engine';
import { makeInspectionHandlers } from './inspectionHandlers';
import { makeLabHandlers } from './labHandlers';
import { makeLibraryHandlers } from './libraryHandlers';
import { makeModelHandlers } from './modelHandlers';
import { makeRunHandlers } from './runHandlers';
import { makeStorageHandlers } from './storageHandlers';
import { makeTextHandlers } from './textHandlers';

export function makeHandlers(engine: Engine, host: ReplyOf<'system.info'>['host']): ListeningHandlers {
  const { rung, rungReason, models, listener, files, samples, runs } = engine;
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
    'listen.giveBack': (body) => listener.giveBack(body),
    'listen.finish': (body) => listener.finish(body),
    'listen.resume': (body) => listener.resume(body),

    'files.add': (body) => files.add(body),
    'files.piece': (body) => files.piece(body),
    'files.cancel': (body) => files.cancel(body),
    'files.rest': (body) => files.rest(body),

    ...makeModelHandlers(engine.modelRoom),
    ...makeStorageHandlers(engine.data),
    ...makeLibraryHandlers(engine),
    ...makeDataHandlers(engine.dataRoom),
    ...makeRunHandlers(runs, engine.beforeRuns),
    ...makeInspectionHandlers(engine.inspections, listener),
    ...{ ...makeLabHandlers(), ...makeTextHandlers(engine.texts) },

    'samples.list': () => samples.list(),
    'samples.audio': async ({ sampleId }) => ({ pcm: await samples.audio(sampleId) }),
  };
}
