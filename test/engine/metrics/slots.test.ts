import { describe, expect, it } from 'vitest';
import { slotScores, slotsOf } from '../../../engine/metrics/slots';

const tags = (text: string): string[] => text.split(' ');
const slots = (text: string): string[] => slotsOf(tags(text)).map(({ kind, start, end }) => `${kind} ${start}-${end}`);

describe('the slots of a sequence', () => {
  it.each([
    ['O O O', []],
    ['B-city I-city O B-time', ['city 0-2', 'time 3-4']],
    ['B-city B-city', ['city 0-1', 'city 1-2']],
    // As conlleval: I begins a slot where none of its kind is open.
    ['O I-city I-city I-time', ['city 1-3', 'time 3-4']],
    ['B-city I-time', ['city 0-1', 'time 1-2']],
    ['B-city O I-city', ['city 0-1', 'city 2-3']],
    ['S-city B-time I-time E-time I-time', ['city 0-1', 'time 1-4', 'time 4-5']],
    ['arrive arrive O leave', ['arrive 0-2', 'leave 3-4']],
    ['B-date-range I-date-range', ['date-range 0-2']],
  ])('%s', (text, expected) => {
    expect(slots(text)).toEqual(expected);
  });
});

describe('slot scores', () => {
  const pair = (reference: string, hypothesis: string) => ({
    reference: tags(reference),
    hypothesis: tags(hypothesis),
  });

  it('count a slot as right only with its kind and both ends', () => {
    const {
      precision,
      recall,
      f1,
      slots: count,
    } = slotScores([
      pair('B-a I-a O B-b O', 'B-a I-a O B-b O'), // two of two
      pair('B-a I-a O O B-c', 'B-a O O O B-b'), // one end and one kind wrong
    ]);
    expect({ precision, recall, count }).toEqual({ precision: 2 / 4, recall: 2 / 4, count: 4 });
    expect(f1).toBeCloseTo(0.5);
  });

  it('tell what was missed from what was made up', () => {
    expect(slotScores([pair('B-a O B-b', 'B-a O O')])).toEqual({ precision: 1, recall: 1 / 2, f1: 2 / 3, slots: 2 });
    expect(slotScores([pair('B-a O O', 'B-a O B-b')])).toEqual({ precision: 1 / 2, recall: 1, f1: 2 / 3, slots: 1 });
  });

  it('are perfect where there was nothing to find and nothing was found', () => {
    expect(slotScores([pair('O O', 'O O')]).f1).toBe(1);
    expect(slotScores([pair('O O', 'O B-a')])).toEqual({ precision: 0, recall: 0, f1: 0, slots: 0 });
  });
});
