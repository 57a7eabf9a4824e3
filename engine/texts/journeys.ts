// Sentences of journeys with their slots, made up: what the word for a town means depends on the verb before it.
import type { SourceRow } from '../data/textSource';
import { makeRandom } from '../runtime/random';

type Tagged = readonly [text: string, slot: string | null];

const TOWNS =
  'taipei tokyo kyoto osaka seoul paris london rome madrid berlin vienna prague oslo lisbon cairo lima delhi boston denver sydney'.split(
    ' ',
  );
const LONG_TOWNS = ['new york', 'hong kong', 'los angeles', 'san francisco', 'buenos aires'];
const MONTHS = 'january february march april may june july august september october november december'.split(' ');
const DAYS = ['1st', '2nd', '3rd', '4th', '5th', '10th', '12th', '17th', '21st', '22nd', '30th'];
const OPENINGS: readonly (readonly string[])[] = [
  [],
  ['i', 'want', 'to'],
  ['we', 'will'],
  ['please', 'let', 'me'],
  ['i', 'would', 'like', 'to'],
  ['can', 'we'],
];
const ARRIVING = ['arrive', 'arrive in', 'reach', 'travel to', 'go to', 'fly to'];
const LEAVING = ['leave', 'depart from', 'start from', 'fly out of', 'come from'];

/** @returns rows of one sentence each, the same for the same seed */
export function journeySentences(seed: number, count: number): SourceRow[] {
  const random = makeRandom(seed);
  const oneOf = <A>(list: readonly A[]): A => list[Math.floor(random() * list.length)]!;
  const town = (): string => oneOf(random() < 0.2 ? LONG_TOWNS : TOWNS);
  const date = (): Tagged[] => {
    const form = random();
    if (form < 0.25) return [];
    if (form < 0.4) return [[oneOf(['today', 'tomorrow', 'tonight']), 'date']];
    const day = `${oneOf(MONTHS)} ${oneOf(DAYS)}`;
    return [
      ['on', null],
      [day, 'date'],
    ];
  };
  return Array.from({ length: count }, (_, index) => {
    const isArriving = random() < 0.5;
    const parts: Tagged[] = [
      [oneOf(OPENINGS).join(' '), null],
      [oneOf(isArriving ? ARRIVING : LEAVING), null],
      [town(), isArriving ? 'to' : 'from'],
    ];
    if (random() < 0.25) parts.push([isArriving ? 'from' : 'for', null], [town(), isArriving ? 'from' : 'to']);
    parts.push(...date());
    const words = parts.flatMap(([text, slot]) =>
      text
        .split(' ')
        .filter((word) => word !== '')
        .map((word, at) => [word, slot === null ? 'O' : `${at === 0 ? 'B' : 'I'}-${slot}`] as const),
    );
    return {
      text: words.map(([word]) => word).join(' '),
      labels: words.map(([, tag]) => tag).join(' '),
      ...{ part: null, speaker: null, phrases: [], file: 'sample', line: index + 1 },
    };
  });
}
