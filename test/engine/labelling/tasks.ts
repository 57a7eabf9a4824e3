// Small tasks that look like real ones, drawn from a seed; none can be solved from the word at hand alone.
import type { DataPart } from '../../../app/contract/dataset';
import type { TextRow } from '../../../engine/data/textTable';
import { makeRandom } from '../../../engine/runtime/random';

type Random = () => number;
const oneOf = <A>(random: Random, list: readonly A[]): A => list[Math.floor(random() * list.length)]!;

const FIRST = ['tai', 'kao', 'lon', 'mar', 'bel', 'san', 'por', 'nor', 'wil', 'gre'];
const LAST = ['peburg', 'minburg', 'danburg', 'toburg', 'raburg', 'seburg', 'kiburg'];
const cities = FIRST.flatMap((first) => LAST.map((last) => first + last));
/** Cities that are learned, and cities that nobody has seen. */
const SEEN = cities.filter((_, index) => index % 5 !== 0);
const UNSEEN = cities.filter((_, index) => index % 5 === 0);

const row = (text: string, labels: string, part: DataPart | null, line: number): TextRow => ({
  text,
  labels,
  part,
  speaker: null,
  file: 'made.tsv',
  line,
});

/** "leave oslo": what a city's slot is called depends on a verb some words before it. */
function journey(random: Random, names: readonly string[]): { text: string; labels: string } {
  const parts: [words: string, tag: string][] = oneOf(random, [
    [
      ['please', 'O'],
      ['i', 'O'],
      ['want', 'O'],
      ['to', 'O'],
    ] as [string, string][],
    [
      ['we', 'O'],
      ['must', 'O'],
    ] as [string, string][],
    [
      ['they', 'O'],
      ['will', 'O'],
      ['probably', 'O'],
    ] as [string, string][],
  ]);
  const isArriving = random() < 0.5;
  const verb = oneOf(random, isArriving ? ['reach', 'enter'] : ['leave', 'quit']);
  const slot = isArriving ? 'destination' : 'departure';
  const between = oneOf(random, [[], ['the', 'city', 'of'], ['old']]).map((word): [string, string] => [word, 'O']);
  const isTwo = random() < 0.4;
  const city: [string, string][] = [
    ...(isTwo ? [['new', `B-${slot}`] as [string, string]] : []),
    [oneOf(random, names), isTwo ? `I-${slot}` : `B-${slot}`],
  ];
  const all = [...parts, [verb, 'O'] as [string, string], ...between, ...city, ['today', 'O'] as [string, string]];
  return { text: all.map(([word]) => word).join(' '), labels: all.map(([, tag]) => tag).join(' ') };
}
export function journeys(
  seed: number,
  count: number,
  { isUnseen = false, part = null as DataPart | null } = {},
): TextRow[] {
  const random = makeRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const { text, labels } = journey(random, isUnseen ? UNSEEN : SEEN);
    return row(text, labels, part, index + 1);
  });
}

const FILLERS = ['the', 'film', 'was', 'and', 'we', 'sat', 'there', 'with', 'all', 'of', 'them'];
/** "hardly": what a word at the end means depends on a word at the beginning. */
export function opinions(seed: number, count: number, part: DataPart | null = null): TextRow[] {
  const random = makeRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const isTurned = random() < 0.5;
    const isGood = random() < 0.5;
    const fillers = (): string[] => Array.from({ length: 1 + Math.floor(random() * 4) }, () => oneOf(random, FILLERS));
    const words = [
      isTurned ? 'hardly' : 'truly',
      ...fillers(),
      oneOf(random, isGood ? ['good', 'fine'] : ['bad', 'poor']),
      ...fillers(),
    ];
    return row(words.join(' '), isTurned === isGood ? 'negative' : 'positive', part, index + 1);
  });
}
