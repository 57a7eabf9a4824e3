// Words as vectors: 1-of-N with a slot for every other word, beside hashing by letter n-grams, by the encoders that networks read with.
import type { ResultOf, SettingsOf } from '../../app/contract/lab';
import { slotCount, type TextEncoding } from '../../app/contract/textInput';
import { letterNGrams } from '../text/letterNGrams';
import { TextEncoder } from '../text/textEncoder';

/** More n-grams than a word of the experiment has. */
const MAX_PER_WORD = 70;

export function words({ known, words: asked, n }: SettingsOf<'words'>): ResultOf<'words'> {
  const knownWords = distinct(known);
  const oneOfN: TextEncoding = { kind: 'oneOfN', unit: 'word', known: knownWords };
  const grams = distinct(knownWords.flatMap((word) => letterNGrams(word, n)));
  const hashed: TextEncoding = { kind: 'letterNGrams', n, maxPerWord: MAX_PER_WORD, known: grams };
  const [slots, hashes] = [new TextEncoder(oneOfN), new TextEncoder(hashed)];
  const vectorOf = (word: string): string => [...hashes.slotsOf(word)].sort((a, b) => a - b).join(' ');
  const different = distinct(asked);
  return {
    oneOfNSlots: slotCount(oneOfN),
    hashedSlots: slotCount(hashed),
    words: asked.map((word) => {
      const hashedSlots = hashes.slotsOf(word);
      return {
        word,
        isKnown: knownWords.includes(word),
        slot: slots.slotsOf(word)[0] as number,
        nGrams: letterNGrams(word, n),
        hashed: hashedSlots,
        knownNGrams: hashedSlots.filter((slot) => slot !== hashes.other).length,
        nearest: nearestOf(hashedSlots, knownWords, hashes),
      };
    }),
    oneOfNCollisions: collisions(different.map((word) => String(slots.slotsOf(word)[0]))),
    hashedCollisions: collisions(different.map(vectorOf)),
  };
}

const distinct = (list: readonly string[]): string[] => [...new Set(list)];

/** Pairs among these that are equal. */
function collisions(vectors: readonly string[]): number {
  const counts = new Map<string, number>();
  let pairs = 0;
  for (const vector of vectors) {
    const before = counts.get(vector) ?? 0;
    pairs += before;
    counts.set(vector, before + 1);
  }
  return pairs;
}

/** Slots of n-grams that nobody knows say nothing of likeness. */
function nearestOf(
  slots: readonly number[],
  knownWords: readonly string[],
  encoder: TextEncoder,
): { word: string; cosine: number } | null {
  const own = countsOf(slots, encoder.other);
  const ranked = knownWords
    .map((word) => ({ word, cosine: cosineOf(own, countsOf(encoder.slotsOf(word), encoder.other)) }))
    .sort((a, b) => b.cosine - a.cosine);
  const [best] = ranked;
  return best === undefined || best.cosine === 0 ? null : best;
}

function countsOf(slots: readonly number[], other: number): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const slot of slots) if (slot !== other) counts.set(slot, (counts.get(slot) ?? 0) + 1);
  return counts;
}

function cosineOf(a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number>): number {
  let dot = 0;
  for (const [slot, count] of a) dot += count * (b.get(slot) ?? 0);
  const norm = (counts: ReadonlyMap<number, number>): number => Math.hypot(...counts.values());
  return dot === 0 ? 0 : dot / (norm(a) * norm(b));
}
