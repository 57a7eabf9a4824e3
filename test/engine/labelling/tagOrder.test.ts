import { expect, test } from 'vitest';
import { modelManifestSchema } from '../../../app/contract/model';
import { learnedOrder, orderScores, TagPath, tagOrderOf } from '../../../engine/labelling/tagOrder';
import { makeRandom } from '../../../engine/runtime/random';

const LABELS = ['B-day', 'B-town', 'I-day', 'I-town', 'O'];
const C = LABELS.length;
const classes = (...tags: string[]): Int32Array => Int32Array.from(tags, (tag) => LABELS.indexOf(tag));
const LEARNED = [
  classes('O', 'B-town', 'I-town', 'O', 'B-day'),
  classes('B-day', 'I-day', 'I-day', 'O'),
  classes('O', 'O', 'B-town'),
];

test('orders are counted, the beginning of a text as -1', () => {
  expect(tagOrderOf([classes('O', 'O', 'B-town'), classes('O')], 0.5)).toEqual({
    weight: 0.5,
    follows: [
      [-1, 4, 2],
      [4, 1, 1],
      [4, 4, 1],
    ],
  });
});

/** The best of all paths by trying every one; what may follow is written down here by hand. */
function bestByTrying(logits: Float32Array, weight: number): number[] {
  const [pairs, froms, alone] = [new Map<string, number>(), new Map<number, number>(), new Map<number, number>()];
  const more = <K>(counts: Map<K, number>, key: K) => counts.set(key, (counts.get(key) ?? 0) + 1);
  let total = 0;
  for (const tags of LEARNED)
    tags.forEach((to, step) => {
      const from = step === 0 ? -1 : tags[step - 1]!;
      for (const [counts, key] of [[froms, from] as const, [alone, to] as const]) more(counts, key);
      more(pairs, `${from} ${to}`);
      total++;
    });
  const forbidden: readonly (readonly [from: string | undefined, to: string])[] = [
    ...[undefined, 'B-day', 'I-day', 'O'].map((from) => [from, 'I-town'] as const),
    ...[undefined, 'B-town', 'I-town', 'O'].map((from) => [from, 'I-day'] as const),
  ];
  const scoreOf = (from: number, to: number): number => {
    if (forbidden.some(([a, b]) => a === LABELS[from] && b === LABELS[to])) return -Infinity;
    const smooth = (times: number | undefined, of: number): number => ((times ?? 0) + 0.1) / (of + 0.1 * C);
    const conditional = smooth(pairs.get(`${from} ${to}`), froms.get(from) ?? 0);
    return weight * Math.log(conditional / smooth(alone.get(to), total));
  };
  const T = logits.length / C;
  let best = { score: -Infinity, path: [] as number[] };
  for (let number = 0; number < C ** T; number++) {
    const path = Array.from({ length: T }, (_, t) => Math.floor(number / C ** t) % C);
    const score = path.reduce((sum, to, t) => sum + logits[t * C + to]! + scoreOf(t === 0 ? -1 : path[t - 1]!, to), 0);
    if (score > best.score) best = { score, path };
  }
  return best.path;
}

test.each([0, 0.3, 1])('the path is the best of all, with weight %d', (weight) => {
  const path = new TagPath(LABELS, tagOrderOf(LEARNED, weight));
  const random = makeRandom(5);
  for (let draw = 0; draw < 20; draw++) {
    const logits = Float32Array.from({ length: (1 + (draw % 4)) * C }, () => 4 * random() - 2);
    expect([...path.best(logits)]).toEqual(bestByTrying(logits, weight));
  }
});

test('the inside of a slot stands only after its own beginning, however sure the network is of it alone', () => {
  const path = new TagPath(LABELS, tagOrderOf(LEARNED, 0));
  const sureOf = (...tags: string[]) =>
    Float32Array.from(tags.flatMap((tag) => LABELS.map((label) => (label === tag ? 5 : label === 'O' ? 1 : 0))));
  expect([...path.best(sureOf('I-town'))]).toEqual([...classes('O')]);
  expect([...path.best(sureOf('B-town', 'I-day', 'O'))]).toEqual([...classes('B-town', 'O', 'O')]);
  expect([...path.best(sureOf('B-town', 'I-town', 'I-town'))]).toEqual([...classes('B-town', 'I-town', 'I-town')]);
});

test('a tag that may not stand where it is has no probability, and the others share what there is', () => {
  const path = new TagPath(LABELS, tagOrderOf(LEARNED, 0.5));
  const probabilities = path.probabilities(Float32Array.from({ length: 2 * C }, (_, at) => (at % C === 3 ? 4 : 0)));
  expect(probabilities[3]).toBe(0); // I-town at the beginning
  expect(probabilities[C + 3]).toBeGreaterThan(0);
  for (const t of [0, 1])
    expect(probabilities.subarray(t * C, (t + 1) * C).reduce((sum, value) => sum + value)).toBeCloseTo(1, 9);
});

test('as they are learned with, orders that may not be count as hardly ever', () => {
  const order = tagOrderOf(LEARNED, 1);
  const [scores, learned] = [orderScores(LABELS, order), learnedOrder(LABELS, order)];
  expect(learned.every(Number.isFinite)).toBe(true);
  scores.forEach((score, at) => {
    if (Number.isFinite(score)) expect(learned[at]).toBe(score);
    else expect(learned[at]).toBeLessThan(Math.min(...scores.filter(Number.isFinite)));
  });
});

test('what was learned counts before what tags are called: a file without beginnings keeps its slots', () => {
  const labels = ['I-town', 'O'];
  const path = new TagPath(labels, tagOrderOf([Int32Array.of(1, 0, 0, 1)], 0));
  expect([...path.best(Float32Array.of(0, 3, 3, 0, 0, 3))]).toEqual([1, 0, 1]);
});

test('a manifest whose order names a tag that the network does not have is refused by its field', () => {
  const manifest = {
    ...{ format: 'unroll-model', version: 1, id: 'mine', name: { en: 'Mine', zh: '我的' }, labels: ['B-a', 'O'] },
    network: {
      ...{ inputSize: 2, text: { kind: 'oneOfN', unit: 'spaced', known: ['one'] }, dropout: 0 },
      ...{ layers: [{ cell: 'feedForward', units: 2, activation: 'tanh' }], head: { kind: 'framewise', classes: 2 } },
    },
    tagOrder: { weight: 0, follows: [[-1, 2, 1]] },
    card: {
      ...{ understands: { en: '', zh: '' }, words: [], language: 'en', licence: { en: '', zh: '' }, data: [] },
      ...{ parameters: 0, errors: [], trainedOn: '', recipe: '' },
    },
  };
  const { error } = modelManifestSchema.safeParse(manifest);
  expect(error?.issues.map(({ path, message }) => [path, message])).toEqual([[['tagOrder'], 'reason.model.tagOrder']]);
});
