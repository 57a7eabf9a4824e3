import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Word } from '../../../app/contract/recognition';
import { transcriptText } from '../../../app/contract/recognition';
import { BeamText, DEFAULT_UTTERANCE_RULES, type BeamDecoding } from '../../../engine/ctc/beamText';
import { linesOf, utterancesFromLogits } from '../../../engine/ctc/transcribe';
import { utterancesOf, type SettledWord } from '../../../engine/ctc/words';
import { Grammar } from '../../../engine/language/grammar';
import { kneserNeyModel } from '../../../engine/language/kneserNey';
import { countNgrams } from '../../../engine/language/ngramCounts';
import { openDecoder } from '../../../engine/language/openDecoder';
import { eachChunk, logitsOfPath, noisyLogits, someSizes } from './logits';
import { CLASSES, manifest, pathOf } from './manifest';

const model = kneserNeyModel(
  countNgrams(
    [
      ['one', 'ten'],
      ['no', 'ten', 'one'],
      ['no', 'no'],
    ],
    2,
  ),
);
const decoding = openDecoder(manifest, { words: model, nBest: 3, fusion: { beamWidth: 12 } });
const small: BeamDecoding = { ...decoding, beam: { ...decoding.beam, clearFrom: 1 } };

/** All that a text gave, however it came. */
function heard(text: BeamText, logits: Float32Array, sizes: readonly number[]): SettledWord[] {
  const settled: SettledWord[] = [];
  eachChunk(logits, CLASSES, sizes, (chunk, n) => settled.push(...text.push(chunk, n).settled));
  return [...settled, ...text.finish().settled];
}

const textsOf = (words: readonly Word[]): string[] => words.map(({ text }) => text);

describe('text by beam search', () => {
  test('is the same live and of a whole file, readings included, however the logits were cut', () => {
    fc.assert(
      fc.property(noisyLogits(CLASSES, 40, 12), someSizes, (logits, sizes) => {
        const whole = utterancesFromLogits(logits, logits.length / CLASSES, manifest, decoding);
        const live = new BeamText(manifest, decoding);
        expect(linesOf(heard(live, logits, sizes), live)).toEqual(whole);
        const cleared = new BeamText(manifest, small);
        expect(linesOf(heard(cleared, logits, sizes), cleared)).toEqual(whole);
      }),
      { numRuns: 25 },
    );
  });

  test('is not disturbed by one that looks ahead', () => {
    fc.assert(
      fc.property(noisyLogits(CLASSES, 20, 6), (logits) => {
        const alone = heard(new BeamText(manifest, decoding), logits, [7]);
        const watched = new BeamText(manifest, decoding);
        const settled: SettledWord[] = [];
        eachChunk(logits, CLASSES, [7], (chunk, n) => {
          settled.push(...watched.push(chunk, n).settled);
          const ahead = watched.fork();
          ahead.push(logits, Math.min(5, logits.length / CLASSES));
          ahead.finish();
        });
        expect(utterancesOf([...settled, ...watched.finish().settled])).toEqual(utterancesOf(alone));
      }),
      { numRuns: 15 },
    );
  });

  test('settles while the speaker goes on, and ends an utterance after silence and after 20 s', () => {
    const spoken = pathOf('o{9}n{9}e{9} {9}_{40}');
    const path = Array.from({ length: 60 }, () => spoken).flat();
    const text = new BeamText(manifest, decoding);
    const { settled, tail } = text.push(logitsOfPath(path, CLASSES), path.length);
    expect(settled.length).toBeGreaterThan(50);
    expect(settled.length + tail.length).toBe(60);
    const lines = utterancesOf([...settled, ...text.finish().settled]);
    expect(lines.flatMap(({ words }) => textsOf(words))).toEqual(new Array(60).fill('one'));
    expect(lines.length).toBe(3);
    expect(lines[1]!.startMs).toBeGreaterThanOrEqual(DEFAULT_UTTERANCE_RULES.maxUtteranceMs);
    const pause = pathOf('o{3}n{3}e{3} {3}_{125}n{3}o{3}_{9}');
    const parted = utterancesFromLogits(logitsOfPath(pause, CLASSES, 0.999), pause.length, manifest, decoding);
    expect(transcriptText(parted)).toBe('one\nno');
  });

  test('keeps the best readings of each utterance, the one taken first', () => {
    const path = pathOf('_{3}o{3}n{3}e{3} {3}t{3}e{3}n{3}_{3}');
    const [line] = utterancesFromLogits(logitsOfPath(path, CLASSES, 0.6), path.length, manifest, decoding);
    const readings = line!.readings!;
    expect(readings[0]!.text).toBe('one ten');
    expect(readings.length).toBeGreaterThan(1);
    expect(new Set(readings.map(({ text }) => text)).size).toBe(readings.length);
    expect(readings.map(({ score }) => score)).toEqual(readings.map(({ score }) => score).toSorted((a, b) => b - a));
  });

  test('follows a hot word where the sound leaves a choice, and not against the sound', () => {
    const any = { ...manifest, card: { ...manifest.card, words: [] } };
    const unsure = logitsOfPath(pathOf('t{2}e{2}n{2}'), CLASSES, 0.5);
    const sure = logitsOfPath(pathOf('t{9}e{9}n{9}'), CLASSES, 0.999);
    const read = (logits: Float32Array, boost: number): string => {
      const hot = openDecoder(any, { words: null, hotWords: [{ phrase: 'tee', boost }] });
      return transcriptText(utterancesFromLogits(logits, logits.length / CLASSES, any, hot));
    };
    expect(read(unsure, 0)).toBe('ten');
    expect(read(unsure, 10)).toMatch(/^tee\b/);
    expect(read(sure, 1e6)).toBe('ten');
  });

  test.each([
    ['a hot word', { words: null, hotWords: [{ phrase: 'teen', boost: 3 }] }],
    ['a word of a phrase', { words: new Grammar(['teen one']) }],
  ])('knows %s that the model does not list', (_what, parts) => {
    const path = pathOf('t{2}e{2}_{1}e{2}n{2} {2}o{2}n{2}e{2}_{3}');
    const logits = logitsOfPath(path, CLASSES, 0.9);
    const words = utterancesFromLogits(logits, path.length, manifest, openDecoder(manifest, parts)).flatMap(
      (line) => line.words,
    );
    expect(manifest.card.words).not.toContain('teen');
    expect(words.map(({ text, isKnown }) => [text, isKnown])).toEqual([
      ['teen', true],
      ['one', true],
    ]);
  });

  test('reads phrases of a grammar, and marks everything else as unknown', () => {
    const phrases = manifest;
    const commands = openDecoder(phrases, { words: new Grammar(['no one', 'one']) });
    const read = (path: number[], posterior: number): Word[] =>
      utterancesFromLogits(logitsOfPath(path, CLASSES, posterior), path.length, phrases, commands).flatMap(
        ({ words }) => words,
      );
    const nearly = read(pathOf('n{2}t{1} {3}o{2}n{2}e{2}_{3}'), 0.5);
    expect(textsOf(nearly)).toEqual(['no', 'one']);
    const outside = read(pathOf('t{9}e{9}n{9}_{3}'), 0.99);
    expect(textsOf(outside)).toEqual(['ten']);
    expect(outside.map(({ isKnown }) => isKnown)).toEqual([false]);
  });
});
