import { describe, expect, it } from 'vitest';
import { slotCount, textEncodingSchema, type TextEncoding } from '../../../app/contract/textInput';
import { letterNGramsFrom, oneOfNFrom } from '../../../engine/text/buildEncoding';
import { TextEncoder } from '../../../engine/text/textEncoder';

const limits = { maxKnown: 100, minCount: 1 };
const rows = (frames: Float32Array, width: number): number[][] =>
  Array.from({ length: frames.length / width }, (_, row) => [...frames.subarray(row * width, (row + 1) * width)]);

describe('1-of-N', () => {
  const encoding = oneOfNFrom(['the cat', 'The dog', 'a cat'], 'word', { maxKnown: 3, minCount: 1 });
  const encoder = new TextEncoder(encoding);

  it('knows the most frequent words', () => expect(encoding.known).toEqual(['cat', 'the', 'a']));
  it('leaves out what is too rare', () => {
    expect(oneOfNFrom(['a b', 'a'], 'word', { maxKnown: 9, minCount: 2 }).known).toEqual(['a']);
    expect(() => oneOfNFrom(['a b'], 'word', { maxKnown: 9, minCount: 2 })).toThrow('occurs 2 times');
  });
  it('has one slot for each known word and one for every other', () => {
    expect(rows(encoder.countFrames('The cat saw'), slotCount(encoding))).toEqual([
      [0, 1, 0, 0],
      [1, 0, 0, 0],
      [0, 0, 0, 1],
    ]);
    expect([...encoder.slotFrames('The cat saw')]).toEqual([1, 0, 3]);
  });
  it('puts all words never seen into the same slot', () => {
    expect(encoder.slotsOf('zebra')).toEqual([encoder.other]);
    expect(encoder.slotsOf('yak')).toEqual(encoder.slotsOf('zebra'));
  });
  it('reads a word that is to be unknown as the other one', () => {
    expect([...encoder.slotFrames('The cat', (step) => step === 1)]).toEqual([1, 3]);
    expect(
      rows(
        encoder.countFrames('The cat', (step) => step === 0),
        4,
      ),
    ).toEqual([
      [0, 0, 0, 1],
      [1, 0, 0, 0],
    ]);
  });
  it('reads characters too', () => {
    const characters = new TextEncoder(oneOfNFrom(['aab '], 'character', limits));
    expect(characters.tokens('ab c')).toEqual(['a', 'b', ' ', 'c']);
    expect([...characters.slotFrames('ab c')]).toEqual([0, 2, 1, characters.other]);
  });
});

it('a word with a slot of its own that is to be unknown keeps its n-grams', () => {
  const encoder = new TextEncoder(
    letterNGramsFrom(['walked talked'], { n: 3, maxPerWord: 8, unit: 'spaced', hasWords: true }, limits),
  );
  expect(encoder.slotsOf('walked')).toHaveLength(7);
  expect(encoder.slotsAsUnknown('walked')).toEqual(encoder.slotsOf('walked').slice(0, 6));
});

describe('word hashing', () => {
  const encoding = letterNGramsFrom(['walked walking', 'talked'], { n: 3, maxPerWord: 8 }, limits);
  const encoder = new TextEncoder(encoding);
  const count = slotCount(encoding);

  it('counts the letter trigrams of a word', () => {
    const [counts = []] = rows(encoder.countFrames('talk'), count);
    const slots = ['#ta', 'tal', 'alk'].map((gram) => encoding.known.indexOf(gram));
    // "lk#" is in no training word.
    expect(counts.filter((value) => value > 0)).toHaveLength(4);
    expect([...slots, encoder.other].map((slot) => counts[slot])).toEqual([1, 1, 1, 1]);
  });
  it('gives a word never seen the slots that it shares with known words', () => {
    const shared = encoder.slotsOf('talking').filter((slot) => slot !== encoder.other);
    expect(shared.map((slot) => encoding.known[slot])).toEqual(['#ta', 'tal', 'alk', 'lki', 'kin', 'ing', 'ng#']);
    expect(encoder.slotsOf('talking')).not.toContain(encoder.other);
  });
  it('gives known words a slot of their own besides, and words never seen their n-grams alone', () => {
    const known = letterNGramsFrom(
      ['talked talked walking'],
      { n: 3, maxPerWord: 4, hasWords: true },
      { ...limits, minCount: 2 },
    );
    expect(known.words).toEqual(['talked']);
    const own = new TextEncoder(known);
    expect(own.slotsOf('talked')).toEqual([...own.slotsOf('talkedly'), known.known.length]);
    expect([own.other, slotCount(known)]).toEqual([known.known.length + 1, known.known.length + 2]);
    expect(own.slotFrames('talked zz')).toHaveLength(2 * 5);
    expect(rows(own.countFrames('talked'), slotCount(known))[0]![known.known.length]).toBe(1);
  });
  it('leaves places of a short word empty and cuts a long one', () => {
    expect([...encoder.slotFrames('zz')]).toEqual([encoder.other, encoder.other, -1, -1, -1, -1, -1, -1]);
    expect(encoder.slotFrames('walkingwalkingwalking')).toHaveLength(8);
  });
  it('counts as many slots as it lists', () => {
    const listed = rows(encoder.slotFrames('walking banana x'), 8).map(
      (slots) => slots.filter((slot) => slot >= 0).length,
    );
    const counted = rows(encoder.countFrames('walking banana x'), count).map((counts) =>
      counts.reduce((a, b) => a + b),
    );
    expect(counted).toEqual(listed);
  });
});

describe('the schema of a text input', () => {
  const refusal = (value: unknown): string | undefined =>
    textEncodingSchema.safeParse(value).error?.issues[0]?.path.join('.');
  it('takes what is built, through JSON', () => {
    const built: TextEncoding[] = [
      oneOfNFrom(['a b'], 'word', limits),
      letterNGramsFrom(['a b'], { n: 3, maxPerWord: 4 }, limits),
    ];
    for (const encoding of built)
      expect(textEncodingSchema.parse(JSON.parse(JSON.stringify(encoding)))).toEqual(encoding);
  });
  it('reads trigrams where nothing else is said', () => {
    expect(textEncodingSchema.parse({ kind: 'letterNGrams', known: ['#a#'] })).toMatchObject({ n: 3, maxPerWord: 32 });
  });
  it('names what is wrong', () => {
    expect(refusal({ kind: 'oneOfN', unit: 'word', known: ['a', 'a'] })).toBe('known');
    expect(refusal({ kind: 'oneOfN', unit: 'sentence', known: ['a'] })).toBe('unit');
    expect(refusal({ kind: 'letterNGrams', n: 0, known: ['a'] })).toBe('n');
    expect(refusal({ kind: 'bytes' })).toBe('kind');
  });
});
