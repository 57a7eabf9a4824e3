import { expect, test } from 'vitest';
import { CONTENDERS } from '../../../engine/learning/contenders';
import { temporalOrder } from '../../../engine/learning/temporalOrder';
import { learnTask, sharedSetting } from '../../../engine/learning/trial';

const LENGTH = 10;

test.each(['gru', 'lstm'] as const)('a memory learns the order of two symbols: %s', async (name) => {
  const setting = sharedSetting(CONTENDERS[name]);
  const { solvedAfter } = await learnTask(temporalOrder, LENGTH, setting, { rung: 'compiled', steps: 600 });
  expect(solvedAfter).not.toBeNull();
});

test('a layer without memory gets no sequence right, whose last symbol is always the same', async () => {
  const feedForward = sharedSetting(CONTENDERS['feed-forward']);
  const outcome = await learnTask(temporalOrder, LENGTH, feedForward, { rung: 'compiled', steps: 300 });
  expect(outcome).toEqual({ solvedAfter: null, bestRightShare: 0, skippedSteps: 0 });
});
