// The laboratory's experiments as the two engines answer them.
import { isExperiment, labMethods, labTrainingMethods } from '../../app/contract/lab';
import type { Rung } from '../../app/contract/rung';
import { UnrollError } from '../../app/errors';
import { runExperiment, type ExperimentOptions } from '../lab/experiments';
import type { Emit, ListeningHandlers, TrainingHandlers } from './dispatcher';

type LabHandlers = Pick<ListeningHandlers, keyof typeof labMethods>;
type LabTrainingHandlers = Pick<TrainingHandlers, keyof typeof labTrainingMethods>;

export const makeLabHandlers = (): LabHandlers =>
  handlersOf<LabHandlers>(Object.keys(labMethods), () => ({
    rung: () => Promise.reject(new Error('Expected an experiment that trains nothing')),
  }));

export function makeLabTrainingHandlers(rung: Rung, emit: Emit): LabTrainingHandlers {
  let underWay = new AbortController();
  const begin = (): AbortSignal => {
    underWay.abort(new UnrollError('lab.stopped'));
    underWay = new AbortController();
    return underWay.signal;
  };
  return {
    ...handlersOf<Omit<LabTrainingHandlers, 'lab.stop'>>(Object.keys(labTrainingMethods), () => ({
      rung: () => Promise.resolve(rung),
      signal: begin(),
      onMeasured: (measured) => emit('lab.measured', measured),
    })),
    'lab.stop': () => {
      begin();
      return {};
    },
  };
}

/** Each experiment's method is called after it. @param optionsOf asked whenever one begins */
function handlersOf<H>(methods: readonly string[], optionsOf: () => ExperimentOptions): H {
  const names = methods.map((method) => method.replace('lab.', '')).filter(isExperiment);
  // Which settings belong to which experiment holds by the contract's table; an element of it chosen by name loses that.
  return Object.fromEntries(
    names.map((name) => [`lab.${name}`, (settings: never) => runExperiment(name, settings, optionsOf())]),
  ) as H;
}
