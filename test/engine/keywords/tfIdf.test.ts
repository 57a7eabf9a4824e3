import { expect, it } from 'vitest';
import { TfIdf } from '../../../engine/keywords/tfIdf';

const documents = [
  ['the', 'cell', 'of', 'the', 'network'],
  ['the', 'price', 'of', 'the', 'network'],
  ['the', 'price', 'of', 'tea'],
  ['the', 'gate', 'is', 'shut'],
  ['the', 'colour', 'is', 'red'],
  ['the', 'sky', 'is', 'blue'],
];

it('what is frequent here and rare elsewhere comes first', () => {
  const counting = new TfIdf(documents);
  const ranked = counting.ranked(['gate', 'and', 'gate', 'of', 'price', '.']);
  // tf · ln(N / df): "gate" 2 · ln 6, others at most ln 6.
  expect(ranked[0]).toBe('gate');
  expect(ranked).toEqual(expect.arrayContaining(['and', 'and gate', 'gate and gate']));
});
it('no phrase begins or ends with a word that many documents have, or holds a sign', () => {
  const ranked = new TfIdf(documents).ranked(['the', 'red', 'gate', ',', 'cell']);
  expect(ranked).toEqual(expect.arrayContaining(['red gate', 'red', 'gate', 'cell']));
  expect(ranked.some((phrase) => phrase.startsWith('the ') || phrase.includes(','))).toBe(false);
});
