import { describe, expect, it } from 'vitest';
import { alternativesIn } from '../../../engine/ctc/alternatives';
import { logitsOfPath } from './logits';
import { CLASSES, manifest, pathOf, SYMBOLS } from './manifest';

const logits = (path: string, posterior?: number): Float32Array => logitsOfPath(pathOf(path), CLASSES, posterior);
const anyWord = { ...manifest, card: { ...manifest.card, words: [] } };

/** Sums the probability of every path through the frames that spells the word, with or without separators around it. */
function byAllPaths(path: string, word: string, posterior: number): number {
  const heard = pathOf(path);
  let sum = 0;
  for (let index = 0; index < CLASSES ** heard.length; index++) {
    const classes = heard.map((_, t) => Math.floor(index / CLASSES ** t) % CLASSES);
    const text = classes
      .filter((each, t) => each !== classes[t - 1])
      .map((each) => SYMBOLS[each] ?? '')
      .join('');
    if (![word, ` ${word}`, `${word} `, ` ${word} `].includes(text)) continue;
    const right = classes.filter((each, t) => each === heard[t]).length;
    sum += posterior ** right * ((1 - posterior) / (CLASSES - 1)) ** (heard.length - right);
  }
  return sum;
}

describe('the alternatives of a word', () => {
  it('are the words of the card, the spelled one first', () => {
    const words = alternativesIn(logits('_one_'), manifest);
    expect(words.map(({ text }) => text).sort()).toEqual(['no', 'one', 'ten']);
    expect(words[0]?.text).toBe('one');
    expect(words.reduce((sum, { score }) => sum + score, 0)).toBeLessThanOrEqual(1);
  });

  it('have the probability of all ways to spell them as their score', () => {
    const [best] = alternativesIn(logits('_no ', 0.7), manifest);
    expect(best?.text).toBe('no');
    expect(best?.score).toBeCloseTo(byAllPaths('_no ', 'no', 0.7), 6);
  });

  it('do not lose to a separator that is spelled before or after', () => {
    expect(alternativesIn(logits(' _no_ ', 0.98), manifest)[0]?.score).toBeGreaterThan(0.85);
  });

  it('are what a beam finds where the card lists no words, each spelling once and none of two words', () => {
    const words = alternativesIn(logits(' ten_ ', 0.8), anyWord).map(({ text }) => text);
    expect(words[0]).toBe('ten');
    expect(new Set(words).size).toBe(words.length);
    expect(words.some((word) => word === '' || word.includes(' ') || word.includes('<unk>'))).toBe(false);
  });

  it('leave out what does not fit into the frames', () => {
    const scores = new Map(alternativesIn(logits('no'), manifest).map(({ text, score }) => [text, score]));
    expect(scores.get('one')).toBe(0);
  });
});
