import { expect, test } from 'vitest';
import { networkSchema } from '../../../app/contract/network';
import { CONTENDER_NAMES, CONTENDERS } from '../../../engine/learning/contenders';
import { publishedSetting } from '../../../engine/learning/published';
import { TASK_NAMES, TASKS } from '../../../engine/learning/tasks';
import { learnTask } from '../../../engine/learning/trial';

const published = TASK_NAMES.flatMap((task) =>
  CONTENDER_NAMES.flatMap((contender) => {
    const setting = publishedSetting(task, contender);
    return setting === null ? [] : [{ task, contender, setting }];
  }),
);

test.each(published)('$contender on $task is a network of the same cell', ({ task, contender, setting }) => {
  const { inputSize, head } = TASKS[task];
  expect(networkSchema.safeParse({ inputSize, layers: [setting.layer], dropout: 0, head }).success).toBe(true);
  expect(setting.layer.cell).toBe(CONTENDERS[contender].cell);
});

test('the cells that papers trained on a task are among them', () => {
  const names = published.map(({ task, contender }) => `${task}: ${contender}`);
  expect(names).toEqual(expect.arrayContaining(['adding: lstm', 'adding: elman', 'copy-memory: lstm']));
});

test('a training draws as many sequences a step as its setting says', async () => {
  const { setting } = published.find(({ task, contender }) => task === 'temporal-order' && contender === 'lstm')!;
  const drawn: number[] = [];
  const task: (typeof TASKS)['temporal-order'] = {
    ...TASKS['temporal-order'],
    draw: (random, length, sequences) => {
      drawn.push(sequences);
      return TASKS['temporal-order'].draw(random, length, sequences);
    },
  };
  await learnTask(task, 10, setting, { rung: 'wasm', steps: 2 });
  expect(drawn.slice(1)).toEqual([1, 1]);
});
