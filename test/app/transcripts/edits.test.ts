import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readingOf, type Utterance } from '../../../app/contract/recognition';
import {
  applied,
  corrected,
  givenBack,
  lineText,
  merged,
  placesOf,
  readAnew,
  removed,
  replacedAll,
  retyped,
  split,
  type Splice,
} from '../../../app/transcripts/edits';

/** Lines of words of 100 ms, each line after the other. */
function lines(...texts: readonly string[]): Utterance[] {
  let now = 0;
  return texts.map((text) => {
    const startMs = now;
    const words = text.split(' ').map((word) => {
      now += 100;
      return { text: word, startMs: now - 100, endMs: now - 20, confidence: 0.9, isKnown: true, characters: [] };
    });
    return { startMs, endMs: now, words };
  });
}
const texts = (utterances: readonly Utterance[]): string[] => utterances.map(lineText);
const after = (utterances: readonly Utterance[], splice: Splice | null): readonly Utterance[] => {
  if (splice === null) throw new Error('Expected a change');
  return applied(utterances, splice).utterances;
};

describe('an edit', () => {
  it('splits a line before a word, at the word’s time, and merges it with the next again', () => {
    const start = lines('one two three', 'four');
    const parted = after(start, split(start, 0, 1));
    expect(texts(parted)).toEqual(['one', 'two three', 'four']);
    expect(parted[1]).toMatchObject({ startMs: 100, endMs: 300 });
    expect(after(parted, merged(parted, 0))).toEqual(start);
    expect([split(start, 0, 0), merged(start, 1)]).toEqual([null, null]);
  });

  it('keeps what was read beside the correction, and loses the correction again', () => {
    const start = lines('one two');
    const right = after(start, corrected(start, 0, 1, 'ten'));
    expect(right[0]?.words[1]).toMatchObject({ text: 'two', correction: 'ten' });
    expect(after(right, corrected(right, 0, 1, ''))).toEqual(start);
    expect(corrected(start, 0, 1, 'two')).toBeNull();
  });

  it('of a whole line keeps the times of the words that stayed', () => {
    const start = lines('one two three four');
    const typed = after(start, retyped(start, 0, 'one three and five'));
    expect(texts(typed)).toEqual(['one three and five']);
    const [words, before] = [typed[0]?.words ?? [], start[0]?.words ?? []];
    expect(words[0]).toEqual(before[0]);
    expect(words.find((word) => readingOf(word) === 'three')).toEqual(before[2]);
    expect(words.every(({ startMs, endMs }, at) => startMs <= endMs && startMs >= (words[at - 1]?.startMs ?? 0))).toBe(
      true,
    );
    expect(texts(after(start, retyped(start, 0, ' ')))).toEqual([]);
    expect(retyped(start, 0, ' one  two three four')).toBeNull();
  });

  it('replaces a text wherever it stands, also over several words and with none', () => {
    const start = lines('go to Tokyo', 'nothing', 'tokyo go to');
    expect(placesOf(start, 'go TO')).toBe(2);
    const replaced = after(start, replacedAll(start, 'TOKYO', 'Kyoto $& now'));
    expect(texts(replaced)).toEqual(['go to Kyoto $& now', 'nothing', 'Kyoto $& now go to']);
    expect(replaced[1]).toBe(start[1]);
    expect(texts(after(start, replacedAll(start, 'nothing', '')))).toEqual(['go to Tokyo', 'tokyo go to']);
    expect(replacedAll(start, 'osaka', 'x')).toBeNull();
  });
});

describe('any sequence of edits', () => {
  const start = lines('one two three', 'four five', 'six', 'seven eight nine ten');
  const draft = fc.record({
    kind: fc.constantFrom('split', 'merge', 'correct', 'retype', 'remove', 'replace'),
    line: fc.nat(5),
    word: fc.nat(4),
    text: fc.constantFrom('', 'one', 'a b', 'five six', 'ten'),
  });
  type Draft = typeof draft extends fc.Arbitrary<infer D> ? D : never;
  const spliceOf = (now: readonly Utterance[], { kind, line, word, text }: Draft): Splice | null => {
    switch (kind) {
      case 'split':
        return split(now, line, word);
      case 'merge':
        return merged(now, line);
      case 'correct':
        return corrected(now, line, word, text);
      case 'retype':
        return retyped(now, line, text);
      case 'remove':
        return line < now.length ? removed(line) : null;
      default:
        return replacedAll(now, 'e', text);
    }
  };

  it('undoes to the start, and is redone to the end', () => {
    fc.assert(
      fc.property(fc.array(draft, { maxLength: 25 }), (drafts) => {
        let now: readonly Utterance[] = start;
        const back: Splice[] = [];
        for (const each of drafts) {
          const splice = spliceOf(now, each);
          if (splice === null) continue;
          const { utterances, inverse } = applied(now, splice);
          now = utterances;
          back.push(inverse);
        }
        const end = now;
        const forth: Splice[] = [];
        for (const splice of back.reverse()) {
          const { utterances, inverse } = applied(now, splice);
          now = utterances;
          forth.push(inverse);
        }
        expect(now).toEqual(start);
        for (const splice of forth.reverse()) now = applied(now, splice).utterances;
        expect(now).toEqual(end);
      }),
      { numRuns: 150 },
    );
  });
});

describe('a line that was read anew', () => {
  const [live, read] = lines('two oh five', 'two zero five') as [Utterance, Utterance];
  const anew: Utterance = { ...read, live: live.words };

  it('goes back to what had settled, and by the way back to what was read', () => {
    const there = applied([anew], givenBack([anew], 0)!);
    expect(there.utterances).toEqual([{ ...live, endMs: live.words.at(-1)!.endMs }]);
    expect(applied(there.utterances, there.inverse).utterances).toEqual([anew]);
  });

  it('that the person edited since has no way back to what had settled', () => {
    const edited = after([anew], corrected([anew], 0, 1, 'six'));
    expect(texts(edited)).toEqual(['two six five']);
    expect(givenBack(edited, 0)).toBeNull();
  });

  /** "[old]new" for a word that took a place, "[old]" for one that is gone. */
  const shown = (before: string, now: string): string => {
    const [one, other] = lines(before, now) as [Utterance, Utterance];
    return readAnew(one.words, other.words)
      .map(
        ({ word, isSame, replaced }) => (isSame ? '' : `[${lineText({ words: [...replaced] })}]`) + (word?.text ?? ''),
      )
      .join(' ');
  };
  it.each([
    ['two oh five', 'two zero five', 'two [oh]zero five'],
    ['two five', 'two zero five', 'two []zero five'],
    ['two oh oh five', 'two five', 'two [oh oh] five'],
    ['b two', 'd two four', '[b]d two []four'],
    ['eight', 'h a', '[]h [eight]a'],
  ])('%s, then %s', (before, now, expected) => {
    expect(shown(before, now)).toBe(expected);
  });
});
