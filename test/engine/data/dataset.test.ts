import { describe, expect, it } from 'vitest';
import { alphabetFrom, joinLabels, labelRows, learnedText, tooShortFor } from '../../../engine/data/dataset';
import { parseManifest } from '../../../engine/data/manifest';

const everything = { vocabulary: null, aliases: {} };
const digits = { vocabulary: ['five', 'oh', 'one'], aliases: { o: 'oh' } };
const rowsOf = (...transcripts: string[]) =>
  parseManifest(transcripts.map((transcript, index) => `${index}.wav\t${transcript}`).join('\n'), '/list.tsv');
const spelled = (labels: Int32Array, symbols: readonly string[]): string =>
  [...labels].map((label) => symbols[label]).join('');

describe('the learned text', () => {
  it.each([
    ['p i t t s five', '⁇ five'],
    ['five p i five q', 'five ⁇ five ⁇'],
    ['five one', 'five one'],
    ['hello', '⁇'],
    ['', ''],
    ['five o', 'five oh'],
  ])('of "%s" within a vocabulary is "%s"', (transcript, text) => {
    expect(learnedText(transcript, digits)).toBe(text);
  });

  it('without a vocabulary is every word, parted by single spaces', () => {
    expect(learnedText('  one \t p i  ', everything)).toBe('one p i');
  });

  it('is composed (NFC)', () => {
    expect(learnedText('cafe\u0301', everything)).toBe('caf\u00e9');
    expect(learnedText('cafe\u0301', { vocabulary: ['caf\u00e9'], aliases: {} })).toBe('caf\u00e9');
  });
});

describe('words as symbols', () => {
  const words = { ...digits, symbols: 'words' } as const;

  it('are the vocabulary, with nothing to part them, and the unknown symbol last', () => {
    expect(alphabetFrom([], words)).toEqual({
      symbols: ['five', 'oh', 'one', '⁇'],
      wordSeparator: null,
      unknown: '⁇',
    });
  });

  it('are what a transcript is learned in', () => {
    const { labelled, leftOut } = labelRows(rowsOf('five o one', 'p i five', ''), alphabetFrom([], words), words);
    expect(labelled.map(({ labels }) => [...labels])).toEqual([[0, 1, 2], [3, 0], []]);
    expect(leftOut).toEqual([]);
  });
});

describe('an alphabet', () => {
  it('of a vocabulary has its letters, the separator and the unknown symbol last', () => {
    expect(alphabetFrom(rowsOf('zebra'), { vocabulary: ['one', 'no'], aliases: {} })).toEqual({
      symbols: [' ', 'e', 'n', 'o', '⁇'],
      wordSeparator: ' ',
      unknown: '⁇',
    });
  });

  it('of transcripts has what they hold', () => {
    expect(alphabetFrom(rowsOf('ab', 'b a'), everything)).toEqual({
      symbols: [' ', 'a', 'b'],
      wordSeparator: ' ',
      unknown: null,
    });
  });

  it('of a language that writes no spaces has no separator', () => {
    expect(alphabetFrom(rowsOf('你好', '𠀀好'), everything)).toEqual({
      symbols: ['你', '好', '𠀀'],
      wordSeparator: null,
      unknown: null,
    });
  });
});

describe('an alphabet of graphemes', () => {
  it('holds a letter and its marks as one symbol, composed where Unicode has it so', () => {
    expect(alphabetFrom(rowsOf('e\u0301x\u0302e', '\u00e9x'), everything).symbols).toEqual([
      'e',
      'x',
      'x\u0302',
      '\u00e9',
    ]);
  });

  it('holds an Indian syllable and a joined emoji as one symbol each', () => {
    expect(alphabetFrom(rowsOf('\u0928\u093f\u{1f469}\u200d\u{1f680}'), everything).symbols).toEqual([
      '\u0928\u093f',
      '\u{1f469}\u200d\u{1f680}',
    ]);
  });

  it('does without a symbol too long for a model, and its row is left out', () => {
    const rows = rowsOf(`a${'\u0302'.repeat(40)}`, 'b');
    const alphabet = alphabetFrom(rows, everything);
    expect(alphabet.symbols).toEqual(['b']);
    expect(labelRows(rows, alphabet, everything).leftOut.map(({ row }) => row.line)).toEqual([1]);
  });

  it('gives accents the same classes however they were typed', () => {
    const rows = rowsOf('\u00e9t\u00e9', 'e\u0301te\u0301');
    const { labelled } = labelRows(rows, alphabetFrom(rows, everything), everything);
    expect(labelled[0]?.labels).toEqual(labelled[1]?.labels);
  });
});

describe('labelling', () => {
  it('gives each symbol its class', () => {
    const rows = rowsOf('five p five', '');
    const alphabet = alphabetFrom(rows, digits);
    const { labelled, leftOut } = labelRows(rows, alphabet, digits);
    expect(labelled.map(({ labels }) => spelled(labels, alphabet.symbols))).toEqual(['five ⁇ five', '']);
    expect(leftOut).toEqual([]);
  });

  it('leaves out what the alphabet cannot write, and says why', () => {
    const rows = rowsOf('ab', 'abc');
    const alphabet = alphabetFrom(rows.slice(0, 1), everything);
    const { labelled, leftOut } = labelRows(rows, alphabet, everything);
    expect(labelled.map(({ row }) => row.line)).toEqual([1]);
    expect(leftOut).toMatchObject([{ row: { line: 2 }, reason: 'The alphabet has no “c”.' }]);
  });

  it('joins texts with the separator, and leaves silence out', () => {
    const alphabet = alphabetFrom(rowsOf('a b'), everything);
    const parts = [new Int32Array([1]), new Int32Array(0), new Int32Array([2, 1])];
    expect(spelled(joinLabels(parts, alphabet), alphabet.symbols)).toBe('a ba');
  });

  it('joins texts directly where words are not parted', () => {
    expect([
      ...joinLabels([new Int32Array([1]), new Int32Array([0])], {
        symbols: ['你', '好'],
        wordSeparator: null,
        unknown: null,
      }),
    ]).toEqual([1, 0]);
  });
});

describe('a recording too short for its text', () => {
  it('is told with both numbers', () => {
    expect(tooShortFor(new Int32Array([1, 1, 2]), 3)).toBe(
      'Its text of 3 symbols needs 4 frames, but the recording has 3.',
    );
  });

  it('is none where a frame for each symbol and between equal ones is there', () => {
    expect(tooShortFor(new Int32Array([1, 1, 2]), 4)).toBeNull();
  });

  it('is one without a frame, whatever the text', () => {
    expect(tooShortFor(new Int32Array(0), 0)).not.toBeNull();
  });
});
