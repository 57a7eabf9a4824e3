import { expect, test } from 'vitest';
import { orderLoss, orderPosteriors } from '../../../engine/network/orderLoss';
import { makeRandom } from '../../../engine/runtime/random';

const [T, C] = [4, 3];
const random = makeRandom(9);
const draw = (count: number): number[] => Array.from({ length: count }, () => 4 * random() - 2);
const logits = Float32Array.from(draw(T * C));
const order = draw((C + 1) * C);

/** Every sequence of labels with its score. */
const all = Array.from({ length: C ** T }, (_, number) => {
  const path = Array.from({ length: T }, (_, t) => Math.floor(number / C ** t) % C);
  const score = path.reduce(
    (sum, to, t) => sum + logits[t * C + to]! + order[(t === 0 ? C : path[t - 1]!) * C + to]!,
    0,
  );
  return { path, score };
});
const sum = all.reduce((total, { score }) => total + Math.exp(score), 0);
const probabilityOf = (isMeant: (path: readonly number[]) => boolean): number =>
  all.filter(({ path }) => isMeant(path)).reduce((total, { score }) => total + Math.exp(score), 0) / sum;

test('the loss is how unlikely the labels are among all that there could be', () => {
  const labels = Int32Array.of(2, 0, 0, 1);
  const expected = -Math.log(probabilityOf((path) => path.every((label, t) => label === labels[t])));
  expect(orderLoss(logits, labels, order).loss).toBeCloseTo(expected, 6);
});

test('each frame’s probabilities count all sequences that have its label there', () => {
  const { logProbabilities } = orderPosteriors(logits, C, order);
  for (let at = 0; at < T * C; at++)
    expect(Math.exp(logProbabilities[at]!)).toBeCloseTo(
      probabilityOf((path) => path[Math.floor(at / C)] === at % C),
      6,
    );
});

test('what may not follow has no share, and the others share what there is', () => {
  const forbidden = order.map((score, at) => (at === 0 * C + 1 || at === C * C + 2 ? -Infinity : score));
  const { logProbabilities } = orderPosteriors(logits, C, forbidden);
  expect(logProbabilities[2]).toBe(-Infinity);
  for (let t = 0; t < T; t++) {
    const own = [...logProbabilities.subarray(t * C, (t + 1) * C)].map(Math.exp);
    expect(own.reduce((total, value) => total + value)).toBeCloseTo(1, 9);
  }
});

test('its gradient is the slope of the loss', () => {
  const labels = Int32Array.of(1, 1, 2, 0);
  const { gradient } = orderLoss(logits, labels, order);
  const step = 2 ** -8;
  logits.forEach((value, at) => {
    const lossAt = (changed: number): number => orderLoss(logits.with(at, changed), labels, order).loss;
    expect(gradient[at]).toBeCloseTo((lossAt(value + step) - lossAt(value - step)) / (2 * step), 4);
  });
});
