import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { segmentsOf, utterancesFrom, type Segment, type TranscriptDocument } from '../../../app/transcripts/document';
import {
  FORMATS,
  formatNameSchema,
  formatOfName,
  readTranscript,
  writeTranscript,
} from '../../../app/transcripts/formats';

/** Words as people and recognisers write them, and signs that formats have a meaning for. */
const wordText = fc.oneof(
  fc.constantFrom(
    'one',
    'tokyo',
    '台北',
    "it's",
    '"quoted"',
    'a,b',
    '<b>',
    '&amp;',
    '-->',
    '1',
    '12.5',
    '[x]',
    '\\',
    ';;',
  ),
  fc
    .string({ minLength: 1, maxLength: 6, unit: 'grapheme' })
    .filter((text) => text.trim() === text && !/[\s\uFEFF]/u.test(text) && !/[\p{Cc}]/u.test(text)),
);
/** Segments by time, not overlapping, in whole milliseconds; the words of each likewise. */
const document = fc
  .array(
    fc.record({
      gap: fc.integer({ min: 0, max: 5_000 }),
      words: fc.array(
        fc.record({
          text: wordText,
          gap: fc.integer({ min: 0, max: 300 }),
          length: fc.integer({ min: 2, max: 900 }),
          score: fc.integer({ min: 0, max: 100 }),
        }),
        { minLength: 1, maxLength: 6 },
      ),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((drafts): TranscriptDocument => {
    let now = 0;
    const segments = drafts.map(({ gap, words: drawn }): Segment => {
      const startMs = (now += gap);
      const words = drawn.map(({ text, gap: before, length, score }) => {
        const word = { text, startMs: now + before, endMs: now + before + length, confidence: score / 100 };
        now = word.endMs;
        return word;
      });
      return { startMs, endMs: now, text: words.map(({ text }) => text).join(' '), words };
    });
    return { title: 'A title', durationMs: now + 100, segments };
  });

const lines = (segments: readonly Segment[]): unknown[] => segments.map(({ words: _, ...line }) => line);
/** Formats that have times for words; those without confidences give none back. */
const WITH_WORDS = { json: true, ctm: true, textgrid: false } as const;

describe('a transcript that is written and read again', () => {
  it.each(formatNameSchema.options)('has the same segments: %s', (name) => {
    fc.assert(
      fc.property(document, (written) => {
        const read = FORMATS[name].read(FORMATS[name].write(written), 'file');
        expect(lines(read.segments)).toEqual(lines(written.segments));
        if (name !== 'json' && name !== 'ctm' && name !== 'textgrid') return;
        const words = written.segments.map((segment) =>
          segment.words.map((word) => ({ ...word, confidence: WITH_WORDS[name] ? word.confidence : null })),
        );
        expect(read.segments.map((segment) => segment.words)).toEqual(words);
      }),
      { numRuns: 60 },
    );
  });

  it('is the same transcript of ours where the format knows words', () => {
    fc.assert(
      fc.property(document, ({ segments }) => {
        expect(segmentsOf(utterancesFrom(segments))).toEqual(segments);
      }),
      { numRuns: 60 },
    );
  });
});

describe('what is written', () => {
  const said = (text: string, correction?: string) => ({
    text,
    startMs: 1_000,
    endMs: 1_400.4,
    confidence: 0.5,
    isKnown: text !== '',
    characters: [],
    ...(correction === undefined ? {} : { correction }),
  });
  const utterances = [
    { startMs: 1_000, endMs: 62_345.6, words: [said('two'), said(''), said('tree', 'three')] },
    { startMs: 63_000, endMs: 64_000, words: [said('')] },
  ];
  const segments = segmentsOf(utterances);
  const document: TranscriptDocument = { title: 'Door code', durationMs: 65_000, segments };

  it('has the edits in it, and leaves out what was no word', () => {
    expect(segments).toMatchObject([{ startMs: 1_000, endMs: 62_346, text: 'two three' }]);
    expect(segments[0]?.words.map(({ confidence }) => confidence)).toEqual([0.5, 1]);
  });

  it('is as each format says', () => {
    expect(writeTranscript(document, 'srt')).toBe('1\n00:00:01,000 --> 00:01:02,346\ntwo three\n');
    expect(writeTranscript(document, 'vtt')).toBe('WEBVTT\n\n00:00:01.000 --> 00:01:02.346\ntwo three\n');
    expect(writeTranscript(document, 'tsv')).toBe('start\tend\ttext\n1000\t62346\ttwo three\n');
    expect(writeTranscript(document, 'audacity')).toBe('1.000\t62.346\ttwo three\n');
    expect(writeTranscript(document, 'ctm')).toBe(
      ';; segment 1.000 62.346\nDoor_code 1 1.000 0.400 two 0.5\nDoor_code 1 1.000 0.400 three 1\n',
    );
    expect(writeTranscript(document, 'txt', false)).toBe('two three\n');
    expect(writeTranscript(document, 'txt')).toBe('[00:00:01.000 - 00:01:02.346] two three\n');
  });
});

describe('a file of another tool', () => {
  it('is read as its name and its text say', () => {
    expect(['a.srt', 'b.VTT', 'c.labels.txt', 'd.txt', 'e.textgrid', 'f.wav'].map(formatOfName)).toEqual([
      'srt',
      'vtt',
      'audacity',
      'txt',
      'textgrid',
      null,
    ]);
    expect(readTranscript('0.5\t1.25\thello\n', 'labels.txt').segments).toMatchObject([{ startMs: 500, endMs: 1_250 }]);
  });

  it('may have lines of two, tags, settings, another system’s line ends, and no hours', () => {
    const srt =
      '\uFEFF1\r\n0:00:01,5 --> 0:00:02,000\r\nhello\r\nworld\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nagain\r\n';
    expect(readTranscript(srt, 'a.srt').segments).toMatchObject([
      { startMs: 1_500, endMs: 2_000, text: 'hello world' },
      { text: 'again' },
    ]);
    const vtt =
      'WEBVTT - a title\n\nNOTE nothing\n\nfirst\n00:01.000 --> 00:02.000 align:start\n<v Ann>hello</v> &amp; bye\n';
    expect(readTranscript(vtt, 'a.vtt').segments).toMatchObject([{ startMs: 1_000, text: 'hello & bye' }]);
    const short =
      '"ooTextFile"\n"TextGrid"\n0\n2\n<exists>\n1\n"IntervalTier"\n"talk"\n0\n2\n2\n0\n0.5\n""\n0.5\n2\n"hi"\n';
    expect(readTranscript(short, 'a.TextGrid').segments).toMatchObject([{ startMs: 500, endMs: 2_000, text: 'hi' }]);
    const ctm = 'call A 0.10 0.20 one 0.9\ncall A 0.40 0.20 two\ncall A 3.00 0.20 three\n';
    expect(readTranscript(ctm, 'a.ctm').segments.map(({ text }) => text)).toEqual(['one two', 'three']);
  });

  it.each([
    ['a.srt', '1\n00:00:01,000 -> 00:00:02,000\nhello\n', 1],
    ['a.vtt', 'WEBVTT\n\n1\n00:01 --> 00:02\nhello\n', 4],
    ['a.tsv', 'start\tend\ttext\n0\t10\tone\nten\t20\ttwo\n', 3],
    ['a.csv', 'start_ms,end_ms,text\n0,10\n', 2],
    ['a.txt', 'just text\n', 1],
    ['a.ctm', 'call A now 0.2 one\n', 1],
    ['a.TextGrid', 'File type = "ooTextFile"\nObject class = "TextGrid"\n\nxmin = 0\nxmax = "2"\n', 5],
    ['a.json', '{}', 1],
  ])('that cannot be read is named with its line: %s', (file, text, line) => {
    expect(() => readTranscript(text, file)).toThrow(
      expect.objectContaining({ code: 'transcript.unreadable', params: { file, line } }),
    );
  });
});
