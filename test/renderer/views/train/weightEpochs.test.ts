import { expect, test } from 'vitest';
import { historyOf } from '../../../../renderer/views/train/weightEpochs';

const epochOf = (
  epoch: number,
  largest: number,
  counts: readonly number[],
  name = 'layer0.forward.recurrentWeights',
) => ({
  epoch,
  parameters: [{ name, shape: [2, 2], mean: 0, deviation: 0, largest, counts: Int32Array.from(counts) }],
});

test('weights of all epochs are laid on the axis of the widest', () => {
  const history = historyOf([epochOf(1, 1, [1, 2, 1]), epochOf(2, 3, [0, 4, 0])], 'layer0.forward.recurrentWeights');
  expect([history.reach, history.parts]).toEqual([3, 3]);
  // From -1 to 1 is the middle third of -3 to 3.
  expect([...history.shares]).toEqual([0, 1, 0, 0, 1, 0]);
});

test('a part that lies over two of the axis is dealt out to both', () => {
  const history = historyOf([epochOf(1, 1, [4, 0]), epochOf(2, 2, [1, 3])], 'layer0.forward.recurrentWeights');
  expect([...history.shares]).toEqual([1, 0, 0.25, 0.75]);
  const odd = historyOf([epochOf(1, 2, [0, 1, 0]), epochOf(2, 3, [0, 0, 1])], 'layer0.forward.recurrentWeights');
  expect([...odd.shares].map((share) => Number(share.toFixed(6)))).toEqual([0, 1, 0, 0, 0, 1]);
});

test('an epoch without the parameter is left out', () => {
  const history = historyOf([epochOf(1, 1, [1]), epochOf(2, 1, [1], 'other')], 'layer0.forward.recurrentWeights');
  expect(history.epochs.map(({ epoch }) => epoch)).toEqual([1]);
  expect(historyOf([], 'x').parts).toBe(0);
});
