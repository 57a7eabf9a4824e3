// Weights of a language that are fitted on sounds whose text is known.
import { expect, test } from 'vitest';
import { fakeManifest } from '../listen/fakeNetwork';
import { kneserNeyModel } from '../../../engine/language/kneserNey';
import { countNgrams } from '../../../engine/language/ngramCounts';
import { tuneFusion, type HeardUtterance, type Tried } from '../../../engine/language/tune';
import { CLASSES, manifest, pathOf, SYMBOLS } from '../ctc/manifest';

const words = kneserNeyModel(
  countNgrams(
    [
      ['one', 'ten'],
      ['no', 'ten', 'one'],
    ],
    2,
  ),
);
const network = { ...fakeManifest().network, head: { kind: 'ctc' as const, classes: CLASSES } };
const recogniser = { ...fakeManifest(), ...manifest, network };

/** A sound that is nearly of the first path, and a little less of the second, frame by frame. */
function between(nearly: string, less: string, reference: string): HeardUtterance {
  const [first, second] = [pathOf(nearly), pathOf(less)];
  const logits = new Float32Array(first.length * CLASSES);
  first.forEach((classIndex, t) => {
    logits[t * CLASSES + (second[t] ?? 0)] = 5.6;
    logits[t * CLASSES + classIndex] = 6;
  });
  return { logits, reference, speaker: null };
}
const heard = [
  between('o{2}n{2}o{2}_{4}', 'o{2}n{2}e{2}_{4}', 'one'),
  between('t{2}e{2}e{2}_{4}', 't{2}e{2}n{2}_{4}', 'ten'),
];
/** As if no language were there: what is misspelled costs nothing. */
const start = { alpha: 0, beta: 0, beamWidth: 10, unknownCost: 0 };

test('the best of all that were tried reads more words right than what it began with, and stands first', () => {
  const told: Tried[] = [];
  const tried = tuneFusion(recogniser, words, heard, start, (each) => told.push(each));
  expect(SYMBOLS).toHaveLength(CLASSES - 1);
  expect(told[0]).toMatchObject({ fusion: start, wer: 1 });
  expect(tried[0]?.wer).toBe(0);
  expect(tried[0]?.fusion).toMatchObject({ beamWidth: 10 });
  expect(tried.map(({ wer }) => wer)).toEqual(tried.map(({ wer }) => wer).sort((a, b) => a - b));
  expect(new Set(told.map(({ fusion }) => JSON.stringify(fusion))).size).toBe(told.length);
  expect(told).toHaveLength(tried.length);
});

test('where nothing reads better than what it began with, that stays', () => {
  const sure = [between('t{2}e{2}n{2}_{4}', 't{2}e{2}n{2}_{4}', 'ten')];
  expect(tuneFusion(recogniser, words, sure, start)[0]).toMatchObject({ fusion: start, wer: 0 });
});
