import { expect, test } from 'vitest';
import { encodingFrom, TextReader, TextStore } from '../../../engine/labelling/textExamples';

const wanted = { kind: 'oneOfN', unit: 'spaced', maxKnown: 10, minCount: 1 } as const;
const words = Array.from({ length: 400 }, (_, at) => (at % 2 === 0 ? 'leave' : 'oslo'));
const text = encodingFrom(wanted, [words.join(' ')]);
const row = { text: words.join(' '), labels: '', part: null, speaker: null, file: 'made.tsv', line: 1 };
const labels = words.map(() => 'O');
const storeWith = (wordDropout?: number): TextStore =>
  new TextStore([{ row, tokens: words, labels }], new TextReader({ embedding: { size: 2 }, text }), (all) => new Int32Array(all.length), wordDropout); // prettier-ignore
const OTHER = 2;
const unknownIn = ({ features }: { readonly features: Float32Array }): number =>
  features.filter((slot) => slot === OTHER).length;
const once = [{ clip: 0, copy: 0 }];

test('with word dropout about so many words are read as unknown, others for each seed and the same for the same', () => {
  const store = storeWith(0.25);
  const [one, same, other] = [store.example(once, 1), store.example(once, 1), store.example(once, 2)];
  expect(unknownIn(one) / words.length).toBeCloseTo(0.25, 1);
  expect(same.features).toEqual(one.features);
  expect(other.features).not.toEqual(one.features);
});

test('without it, and where a text is only looked at, all words are read', () => {
  expect(unknownIn(storeWith().example(once, 1))).toBe(0);
  expect(unknownIn(storeWith(0.9).exampleOf(0))).toBe(0);
});
