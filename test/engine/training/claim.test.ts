import { expect, test } from 'vitest';
import digits from '../../../assets/models/digits/model.json';
import type { ModelCard } from '../../../app/contract/model';
import { claimedError, judged, leftOutSet, type ScratchTraining } from '../../../engine/training/claim';

const error = (set: ModelCard['errors'][number]['set'], value: number): ModelCard['errors'][number] => ({
  set,
  measure: 'digitError',
  value,
  utterances: 500,
  command: 'a command',
  date: '2026-01-02',
});
const card = {
  errors: [
    error({ en: 'digits, mean', zh: '平均' }, 0.5),
    error(leftOutSet('ann'), 0.1),
    error({ ...leftOutSet('bob'), en: `${leftOutSet('bob').en} (in sight before)` }, 0.2),
  ],
};

test.each([
  ['ann', 0.1],
  ['corpus:ann', 0.1],
  ['bob', 0.2],
  ['an', null],
  ['cid', null],
])('a card claims for %s left out: %s', (speaker, expected) => {
  expect(claimedError(card, speaker)).toBe(expected);
});

test.each(['fsdd:george', 'fsdd:jackson', 'fsdd:nicolas', 'fsdd:yweweler'])(
  'the card of the bundled model claims something for %s',
  (speaker) => {
    expect(claimedError(digits.card as Pick<ModelCard, 'errors'>, speaker)).toBeGreaterThan(0);
  },
);

const training: ScratchTraining = {
  speaker: 'ann',
  wer: 0.1,
  interval: [0.08, 0.12],
  utterances: 500,
  minutes: 7.25,
};
test.each([
  ['as good, in time', training, true],
  ['better', { ...training, wer: 0.05, interval: [0.04, 0.06] }, true],
  ['worse, but the claim is within the interval', { ...training, wer: 0.11, interval: [0.09, 0.13] }, true],
  ['worse', { ...training, wer: 0.2, interval: [0.17, 0.23] }, false],
  ['worse, without an interval', { ...training, wer: 0.11, interval: null }, false],
  ['as good, but too late', { ...training, minutes: 10.1 }, false],
] satisfies [string, ScratchTraining, boolean][])('a training that is %s', (_, made, expected) => {
  expect(judged(made, 0.1).isReached).toBe(expected);
});

test('says what was measured, what is claimed and how long it took', () => {
  expect(judged(training, 0.1).text).toBe(
    'without ann: 10.0 % of the digits wrong (95 % interval 8.0 % to 12.0 %), 500 clips; the card claims 10.0 %: reached\n' +
      'learned in 7.3 minutes, 10 at the most: met',
  );
});
