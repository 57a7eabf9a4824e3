// Which memory for which task: the learning tests raced between cells, each trained by itself, all alike (engine/learning).
import type { ResultOf, SettingsOf } from '../../app/contract/lab';
import type { Rung } from '../../app/contract/rung';
import { UnrollError } from '../../app/errors';
import { CONTENDERS } from '../learning/contenders';
import { TASKS } from '../learning/tasks';
import { learnTask, sharedSetting } from '../learning/trial';
import { turnOfOthers, type UnderWay } from './underWay';

type Run = ResultOf<'race'>['runs'][number];

/**
 * @throws UnrollError lab.tooShort
 * @throws the signal's reason once it is aborted
 */
export async function race(
  { task: name, length, cells, steps }: SettingsOf<'race'>,
  rung: Rung,
  { signal, onMeasured }: UnderWay<'race'> = {},
): Promise<ResultOf<'race'>> {
  const task = TASKS[name];
  if (length < task.shortestLength)
    throw new UnrollError('lab.tooShort', { task: name, shortest: task.shortestLength });
  const runs: Run[] = [];
  for (const cell of cells) {
    const measured: { step: number; rightShare: number }[] = [];
    const { solvedAfter } = await learnTask(task, length, sharedSetting(CONTENDERS[cell]), {
      rung,
      steps,
      onStep: () => turnOfOthers(signal),
      onMeasured: (step, rightShare) => {
        measured.push({ step, rightShare });
        onMeasured?.({ experiment: 'race', cell, step, rightShare });
      },
    });
    runs.push({ cell, measured, solvedAfter });
  }
  return { runs };
}
