import { describe, expect, it } from 'vitest';
import { alignLabels } from '../../../engine/ctc/alignment';
import { LiveText } from '../../../engine/ctc/live';
import { logitsOfPath } from './logits';
import { BLANK, CLASSES, manifest, pathOf } from './manifest';

const withWords = (words: string[]) => ({ ...manifest, card: { ...manifest.card, words } });
const textOf = (logits: Float32Array, words: string[]): { text: string; isKnown: boolean }[] => {
  const text = new LiveText(withWords(words));
  const { settled } = text.push(logits, logits.length / CLASSES);
  return [...settled, ...text.finish().settled].map(({ word }) => ({ text: word.text, isKnown: word.isKnown }));
};

describe('a closed vocabulary', () => {
  it('reads a misspelled word as the word that its frames say', () => {
    // The last frame says e almost as probably as blank: "on" was meant to be "one".
    const logits = logitsOfPath(pathOf('__oonn___'), CLASSES, 0.9);
    const frame = 6;
    logits[frame * CLASSES + 0] = Math.log(0.4);
    logits[frame * CLASSES + BLANK] = Math.log(0.5);
    expect(textOf(logits, ['one', 'ten', 'no'])).toEqual([{ text: 'one', isKnown: true }]);
  });
  it('leaves a word of the card as it is', () => {
    expect(textOf(logitsOfPath(pathOf('__ooo_nn__ee__'), CLASSES, 0.8), ['one', 'on'])).toEqual([
      { text: 'one', isKnown: true },
    ]);
  });
  it('leaves a spelling that is far from every word, and calls it unknown', () => {
    expect(textOf(logitsOfPath(pathOf('__tt_oo_nn_ee__tt_'), CLASSES, 0.999), ['no'])).toEqual([
      { text: 'tonet', isKnown: false },
    ]);
  });
  it('changes nothing where the card lists no words', () => {
    expect(textOf(logitsOfPath(pathOf('__oo_tt__'), CLASSES, 0.6), [])).toEqual([{ text: 'ot', isKnown: true }]);
  });
});

describe('the alignment of a known text', () => {
  it('finds the frames of each label', () => {
    const logits = logitsOfPath(pathOf('_oo__n_ee_'), CLASSES, 0.9);
    const frames = alignLabels(logits, 10, CLASSES, pathOf('one'), BLANK).map(({ startFrame, endFrame }) => [
      startFrame,
      endFrame,
    ]);
    expect(frames).toEqual([
      [1, 3],
      [5, 6],
      [7, 9],
    ]);
  });
  it('puts a blank between equal labels', () => {
    const logits = logitsOfPath(pathOf('ee_ee'), CLASSES, 0.9);
    const [first, second] = alignLabels(logits, 5, CLASSES, pathOf('ee'), BLANK);
    expect([first?.endFrame, second?.startFrame]).toEqual([2, 3]);
  });
  it('refuses a text that does not fit', () => {
    expect(() => alignLabels(logitsOfPath(pathOf('ee'), CLASSES), 2, CLASSES, pathOf('ee'), BLANK)).toThrow(RangeError);
  });
});
