// Which memory for which task: the learning tests raced between cells, each trained by itself, all alike (engine/learning).
import type { ResultOf, SettingsOf } from '../../app/contract/lab';
import type { Rung } from '../../app/contract/rung';
import { UnrollError } from '../../app/errors';
import { CONTENDERS } from '../learning/contenders';
import { TASKS } from '../learning/tasks';
import { learnTask } from '../learning/trial';

type Run = ResultOf<'race'>['runs'][number];

/**
 * @param onMeasured told of every measurement as it comes
 * @throws UnrollError lab.tooShort
 */
export async function race(
  { task: name, length, cells, steps }: SettingsOf<'race'>,
  rung: Rung,
  onMeasured: (cell: Run['cell'], measured: Run['measured'][number]) => void = () => undefined,
): Promise<ResultOf<'race'>> {
  const task = TASKS[name];
  if (length < task.shortestLength)
    throw new UnrollError('lab.tooShort', { task: name, shortest: task.shortestLength });
  const runs: Run[] = [];
  for (const cell of cells) {
    const measured: { step: number; rightShare: number }[] = [];
    const { solvedAfter } = await learnTask(task, length, CONTENDERS[cell], {
      rung,
      steps,
      onMeasured: (step, rightShare) => {
        measured.push({ step, rightShare });
        onMeasured(cell, { step, rightShare });
      },
    });
    runs.push({ cell, measured, solvedAfter });
  }
  return { runs };
}
