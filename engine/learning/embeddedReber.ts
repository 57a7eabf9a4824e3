// The embedded Reber grammar (Fahlman 1991; Hochreiter & Schmidhuber 1997, experiment 1): a string of Reber's grammar between
// two equal symbols, T or P; at each symbol, tell what may follow. The last but one is known from the second alone.
import { oneHotBatch, wholeNumber, type DrawnBatch, type LearningTask, type Random } from './task';

const LETTERS = 'BTPSXVE';
const BEGIN = 'B';
const END = 'E';
/** Reber's grammar as arrows: in each state, the letters that may come and the states they lead to; the end leads nowhere. */
const ARROWS: readonly (readonly { readonly letter: string; readonly to: number | null }[])[] = [
  [{ letter: 'B', to: 1 }],
  [
    { letter: 'T', to: 2 },
    { letter: 'P', to: 3 },
  ],
  [
    { letter: 'S', to: 2 },
    { letter: 'X', to: 4 },
  ],
  [
    { letter: 'T', to: 3 },
    { letter: 'V', to: 5 },
  ],
  [
    { letter: 'X', to: 3 },
    { letter: 'S', to: 6 },
  ],
  [
    { letter: 'P', to: 4 },
    { letter: 'V', to: 6 },
  ],
  [{ letter: 'E', to: null }],
];

/** One letter of a string, and what the network must know before it comes. */
interface ReberStep {
  readonly letter: string;
  /** Letters that may come here. */
  readonly legal: string;
  /** Letters that are not judged here. */
  readonly unjudged: string;
}
const certain = (letter: string): ReberStep => ({ letter, legal: letter, unjudged: '' });

function drawReber(random: Random): ReberStep[] {
  const steps: ReberStep[] = [];
  for (let state: number | null = 0; state !== null;) {
    const arrows: (typeof ARROWS)[number] = ARROWS[state] ?? [];
    const arrow = arrows[wholeNumber(random, 0, arrows.length - 1)]!;
    steps.push({ letter: arrow.letter, legal: arrows.map(({ letter }) => letter).join(''), unjudged: '' });
    state = arrow.to;
  }
  return steps;
}

/**
 * B, T or P, Reber strings, the same T or P, E. With one inner string the grammar is the papers'; more of them make the way
 * longer over which the second letter must be kept. After the last of `most` strings only the kept letter may come, but that is
 * a matter of counting, which is not asked: B is not judged there.
 * @param most the inner strings are 1 to so many, all alike.
 */
export function drawEmbeddedReber(random: Random, most: number): readonly ReberStep[] {
  const kept = random() < 0.5 ? 'T' : 'P';
  const count = wholeNumber(random, 1, most);
  const steps: ReberStep[] = [certain(BEGIN), { letter: kept, legal: 'TP', unjudged: '' }];
  for (let k = 0; k < count; k++) {
    const [begin, ...rest] = drawReber(random);
    steps.push(k === 0 ? begin! : { letter: BEGIN, legal: BEGIN + kept, unjudged: '' }, ...rest);
  }
  const last = count < most ? { letter: kept, legal: BEGIN + kept, unjudged: '' } : certain(kept);
  steps.push(count === most && most > 1 ? { ...last, unjudged: BEGIN } : last, certain(END));
  return steps;
}

/** The papers': every letter that may come has a larger output than every letter that may not. */
function isRightAt(scores: Float32Array, { legal, unjudged }: ReberStep): boolean {
  let [leastLegal, mostIllegal] = [Infinity, -Infinity];
  [...LETTERS].forEach((letter, index) => {
    const score = scores[index] ?? NaN;
    if (legal.includes(letter)) leastLegal = Math.min(leastLegal, score);
    else if (!unjudged.includes(letter)) mostIllegal = Math.max(mostIllegal, score);
  });
  return leastLegal > mostIllegal;
}

function draw(random: Random, length: number, sequences: number): DrawnBatch {
  const C = LETTERS.length;
  const drawn = Array.from({ length: sequences }, () => drawEmbeddedReber(random, length));
  const letters = drawn.map((steps) => steps.map(({ letter }) => LETTERS.indexOf(letter)));
  const batch = oneHotBatch(
    letters.map((symbols) => symbols.slice(0, -1)),
    C,
    letters.map((symbols) => Int32Array.from(symbols.slice(1))),
  );
  return {
    batch,
    countRight: (logits) =>
      drawn.filter((steps, row) =>
        steps.slice(1).every((step, t) => {
          const at = (t * sequences + row) * C;
          return isRightAt(logits.subarray(at, at + C), step);
        }),
      ).length,
  };
}

export const embeddedReber: LearningTask = {
  title: 'Embedded Reber grammar',
  source: 'Hochreiter & Schmidhuber 1997, experiment 1',
  lengthOf: 'largest number of inner strings',
  lengths: [1, 3, 10],
  shortestLength: 1,
  inputSize: LETTERS.length,
  head: { kind: 'framewise', classes: LETTERS.length },
  draw,
};
