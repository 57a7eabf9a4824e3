// The laboratory's experiments as the two engines answer them.
import type { labMethods, labTrainingMethods } from '../../app/contract/lab';
import type { Rung } from '../../app/contract/rung';
import { UnrollError } from '../../app/errors';
import { jumps } from '../lab/jumps';
import { memory } from '../lab/memory';
import { memoryCell } from '../lab/memoryCell';
import { parameters } from '../lab/parameters';
import { race } from '../lab/race';
import { reach } from '../lab/reach';
import { surface } from '../lab/surface';
import { transition } from '../lab/transition';
import { trellis } from '../lab/trellis';
import { unrolled } from '../lab/unrolled';
import { words } from '../lab/words';
import type { Emit, ListeningHandlers, TrainingHandlers } from './dispatcher';

export const makeLabHandlers = (): Pick<ListeningHandlers, keyof typeof labMethods> => ({
  'lab.transition': transition,
  'lab.surface': surface,
  'lab.cell': memoryCell,
  'lab.reach': reach,
  'lab.parameters': parameters,
  'lab.unrolled': unrolled,
  'lab.trellis': trellis,
  'lab.words': words,
});

export function makeLabTrainingHandlers(
  rung: Rung,
  emit: Emit,
): Pick<TrainingHandlers, keyof typeof labTrainingMethods> {
  let underWay = new AbortController();
  const begin = (): AbortSignal => {
    underWay.abort(new UnrollError('lab.stopped'));
    underWay = new AbortController();
    return underWay.signal;
  };
  return {
    'lab.memory': (settings) => memory(settings, rung),
    'lab.jumps': (settings) => jumps(settings, rung),
    'lab.race': (settings) => {
      const signal = begin();
      return race(settings, rung, (cell, measured) => {
        signal.throwIfAborted();
        emit('lab.measured', { cell, ...measured });
      });
    },
    'lab.stopRace': () => {
      begin();
      return {};
    },
  };
}
