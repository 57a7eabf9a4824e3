import { expect, it } from 'vitest';
import { rankedHearings } from '../../../engine/training/hearings';

const symbols = (text: string): string[] => [...text];
const heard = (index: number, reference: string, hypothesis: string) => ({
  index,
  reference: symbols(reference),
  hypothesis: symbols(hypothesis),
});

it('a hearing says in pieces where it differs', () => {
  const [hearing] = rankedHearings([heard(0, 'seven', 'sevun!')], { kind: 'ctc' });
  expect(hearing).toMatchObject({ reference: 'seven', hypothesis: 'sevun!', symbolError: 2 / 5 });
  expect(hearing!.pieces).toEqual([
    { kind: 'same', reference: 'sev', hypothesis: 'sev' },
    { kind: 'put', reference: 'e', hypothesis: 'u' },
    { kind: 'same', reference: 'n', hypothesis: 'n' },
    { kind: 'added', reference: '', hypothesis: '!' },
  ]);
});

it('labels of steps are parted by spaces', () => {
  const one = { index: 0, reference: ['O', 'B-city'], hypothesis: ['O', 'O'] };
  const [hearing] = rankedHearings([one], { kind: 'framewise' });
  expect(hearing).toMatchObject({ reference: 'O B-city', hypothesis: 'O O' });
});

it('the best, the median and the worst are told, each example once', () => {
  const all = Array.from({ length: 12 }, (_, wrong) => heard(wrong, 'a'.repeat(12), 'b'.repeat(wrong).padEnd(12, 'a')));
  const ranked = rankedHearings(all.toReversed(), { kind: 'ctc' }).map(({ rank, index }) => [rank, index]);
  expect(ranked).toEqual([
    ...[0, 1, 2].map((index) => ['best', index]),
    ...[4, 5, 6].map((index) => ['median', index]),
    ...[11, 10, 9].map((index) => ['worst', index]),
  ]);
  const few = rankedHearings(all.slice(0, 2), { kind: 'ctc' }).map(({ rank, index }) => [rank, index]);
  expect(few).toEqual([
    ['best', 0],
    ['worst', 1],
  ]);
  expect(rankedHearings([], { kind: 'ctc' })).toEqual([]);
});
