// Logits that are set by hand, so that everything that comes out can be worked out.
import { describe, expect, test } from 'vitest';
import type { RecogniserManifest } from '../../../app/contract/model';
import { sideOf, type ConfusionTable } from '../../../app/contract/confusions';
import { utterancesFromLogits } from '../../../engine/ctc/transcribe';
import { ConfusionTally } from '../../../engine/inspection/confusionTally';
import { fakeManifest } from '../listen/fakeNetwork';

/** Symbols a, b, c, d, space; the blank is "-". Each step's symbol has the posterior 0.75, the other five 0.05 each. */
const SYMBOLS = 'abcd -';
const logitsOf = (path: string): Float32Array =>
  Float32Array.from(
    [...path].flatMap((heard) => [...SYMBOLS].map((symbol) => Math.log(symbol === heard ? 0.75 : 0.05))),
  );
const spelled = fakeManifest();
const wordwise: RecogniserManifest = {
  ...spelled,
  alphabet: { symbols: ['a', 'b', 'c', 'd', 'e'], wordSeparator: null, unknown: null },
  card: { ...spelled.card, words: ['a', 'b', 'c', 'd', 'e'] },
};

function tallied(manifest: RecogniserManifest, sounds: readonly (readonly [said: string, path: string])[]) {
  const tally = new ConfusionTally(
    manifest,
    sounds.map(([said]) => said),
  );
  for (const [said, path] of sounds) {
    const logits = logitsOf(path);
    const utterances = utterancesFromLogits(logits, path.length, manifest);
    tally.add({ said, utterances, logits, durationMs: 10 * path.length });
  }
  return tally.tables();
}
const cell = (table: ConfusionTable, said: string | null, read: string | null): number => {
  const side = sideOf(table);
  const at = (item: string | null): number => (item === null ? side - 1 : table.items.indexOf(item));
  return table.counts[at(said) * side + at(read)]!;
};

describe('what a network takes for what', () => {
  test('is told by symbols of its best path, without separators, and by the words that were read', () => {
    const { symbols, words } = tallied(spelled, [
      ['ab cd', '-a-b- -c-d-'],
      ['ab cd', '-a-d- -c---'],
    ]);
    if (symbols === null) return expect.fail('Expected symbols');
    expect(symbols.items).toEqual(['a', 'b', 'c', 'd']);
    expect([cell(symbols, 'b', 'b'), cell(symbols, 'b', 'd'), cell(symbols, 'd', null)]).toEqual([1, 1, 1]);
    expect([cell(words, 'ab', 'ab'), cell(words, 'ab', 'ad'), cell(words, 'cd', 'c')]).toEqual([1, 1, 1]);
  });

  test('scores symbols by their highest posterior in a sound', () => {
    const { symbols } = tallied(spelled, [
      ['a', '-a-'],
      ['b', '-b-'],
    ]);
    expect([...symbols!.scores].map((score) => Number(score.toFixed(6)))).toEqual([0.75, 0.05, 0.05, 0.75]);
    expect([...symbols!.isThere]).toEqual([1, 0, 0, 1]);
  });

  test('scores words of several in a sound by their confidence where they were read', () => {
    const { words } = tallied(spelled, [
      ['ab cd', '-a-b- -c-d-'],
      ['cd', '-c-d-'],
    ]);
    expect([words.scoredBy, words.items]).toEqual(['confidence', ['ab', 'cd']]);
    expect([...words.scores].map((score) => Number(score.toFixed(6)))).toEqual([0.75, 0, 0.75, 0.75]);
  });

  test('scores words that stand alone by their probability, read or not', () => {
    const { words } = tallied(spelled, [
      ['a', 'a'],
      ['b', 'a'],
    ]);
    expect([words.scoredBy, words.items]).toEqual(['probability', ['a', 'b']]);
    // One step can hold one symbol: p(a) = 0.75, p(b) = 0.05.
    expect([...words.scores].map((score) => Number(score.toFixed(6)))).toEqual([0.75, 0.75, 0.05, 0.05]);
  });

  test('has words alone where each symbol is one', () => {
    const { symbols, words } = tallied(wordwise, [['a b', '-a-c-']]);
    expect([symbols, words.scoredBy, words.items]).toEqual([null, 'peak', ['a', 'b', 'c']]);
    expect([cell(words, 'a', 'a'), cell(words, 'b', 'c')]).toEqual([1, 1]);
  });
});
