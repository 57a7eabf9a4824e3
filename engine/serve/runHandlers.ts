// What each method of the contract that only reads runs asks of the disk.
import type { ReplyOf, RequestOf } from '../../app/contract/messages';
import type { RunReader } from '../runs/runReader';
import { foundIn } from '../runs/textFiles';
import type { ListeningHandlers } from './dispatcher';

/** What is told of a run before it begins. */
export interface BeforeRuns {
  readonly advise: (body: RequestOf<'runs.advise'>) => Promise<ReplyOf<'runs.advise'>>;
  readonly readyFeatures: (body: RequestOf<'runs.features'>) => Promise<ReplyOf<'runs.features'>>;
}

export const makeRunHandlers = (
  runs: RunReader,
  { readyFeatures, advise }: BeforeRuns,
): Pick<ListeningHandlers, Extract<keyof ListeningHandlers, `runs.${string}`>> => ({
  'runs.list': () => runs.list(),
  'runs.open': ({ runId }) => runs.open(runId),
  'runs.steps': ({ runId, first, count }) => runs.steps(runId, first, count),
  'runs.skipped': ({ runId }) => runs.skipped(runId),
  'runs.epochs': ({ runId }) => runs.epochs(runId),
  'runs.weights': ({ runId, afterEpoch }) => runs.weights(runId, afterEpoch),
  'runs.texts': ({ task, files }) => foundIn(task, files),
  'runs.advise': (body) => advise(body),
  'runs.features': (body) => readyFeatures(body),
  'runs.hearings': ({ runId }) => runs.hearings(runId),
  'runs.hearingAudio': ({ runId, hearing }) => runs.hearingAudio(runId, hearing),
});
