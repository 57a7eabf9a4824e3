// What each method of the contract asks of the engine that trains.
import packageInfo from '../../package.json';
import type { ReplyOf } from '../../app/contract/messages';
import type { TrainingHandlers } from './dispatcher';
import { makeLabTrainingHandlers } from './labHandlers';
import type { TrainingEngine } from './trainingEngine';

export function makeTrainingHandlers(engine: TrainingEngine, host: ReplyOf<'system.info'>['host']): TrainingHandlers {
  const { rung, rungReason, queue, starter, emit } = engine;
  return {
    'system.info': () => ({
      version: packageInfo.version,
      rung: rung.rung,
      rungReason,
      backend: rung.backend,
      host,
    }),
    'runs.expectedTime': (body) => starter.expectedTime(body),
    'runs.findRate': (body) => starter.findRate(body),
    'runs.start': async (body) => ({ run: await starter.start(body) }),
    'runs.startText': async (body) => ({ run: await starter.startText(body) }),
    'runs.pause': async ({ runId }) => ({ run: await queue.pause(runId) }),
    'runs.resume': async ({ runId }) => ({ run: await queue.resume(runId) }),
    'runs.stop': async ({ runId }) => ({ run: await queue.stop(runId) }),
    'runs.move': async ({ runId, beforeRunId }) => ({ runs: await queue.move(runId, beforeRunId) }),
    'runs.rename': async ({ runId, name }) => ({ run: await engine.rename(runId, name) }),
    'runs.note': async ({ runId, notes }) => ({ run: await queue.note(runId, notes) }),
    'runs.delete': async ({ runId }) => {
      await queue.delete(runId);
      return {};
    },
    'runs.restore': async ({ runId }) => ({ run: await queue.restore(runId) }),
    ...makeLabTrainingHandlers(rung.rung, emit),
  };
}
