// Commands as they are spoken to a recogniser of letters and numbers: an action, letters that are spelled, numbers, dates. They are made
// up, of exactly the words that the recogniser knows, with a tag for every word.
import type { TextRow } from '../data/textTable';
import { makeRandom } from '../runtime/random';

type Random = () => number;
/** Words of one meaning. */
type Stretch = readonly [kind: string | null, words: readonly string[]];

const words = (text: string): string[] => text.split(' ');
const ACTIONS = words('enter erase rubout repeat go start stop help yes no');
/** Those that are said with something after them. */
const TAKING = words('enter erase rubout repeat go start stop');
const LETTERS = words('a b c d e f g h i j k l m n o p q r s t u v w x y z');
const DIGITS = words('oh zero one two three four five six seven eight nine');
const ONES = words('one two three four five six seven eight nine');
const TEENS = words('ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen');
const TENS = words('twenty thirty forty fifty sixty seventy eighty ninety');
const MONTHS = words('january february march april may june july august september october november december');
const ORDINALS = words('first second third fourth fifth sixth seventh eighth ninth');
const ROUND_ORDINALS = words(
  'tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth',
);
const CENTURIES = words('sixteen seventeen eighteen nineteen twenty');

const oneOf = <A>(random: Random, list: readonly A[]): A => list[Math.floor(random() * list.length)]!;
const upTo = (random: Random, least: number, most: number): number => least + Math.floor(random() * (most - least + 1));
const several = <A>(count: number, draw: () => A): A[] => Array.from({ length: count }, draw);

function below100(random: Random): string[] {
  const kind = random();
  if (kind < 0.25) return [oneOf(random, ONES)];
  if (kind < 0.45) return [oneOf(random, TEENS)];
  return random() < 0.35 ? [oneOf(random, TENS)] : [oneOf(random, TENS), oneOf(random, ONES)];
}
function hundreds(random: Random): string[] {
  const first = random() < 0.3 ? 'a' : oneOf(random, ONES);
  const rest = random() < 0.3 ? [] : [...(random() < 0.5 ? ['and'] : []), ...below100(random)];
  return [first, 'hundred', ...rest];
}
function thousands(random: Random): string[] {
  const first = random() < 0.2 ? ['a'] : below100(random);
  const rest = random() < 0.4 ? [] : random() < 0.5 ? hundreds(random) : below100(random);
  return [...first, 'thousand', ...rest];
}
function number(random: Random): string[] {
  const kind = random();
  if (kind < 0.4) return below100(random);
  if (kind < 0.6) return several(upTo(random, 2, 10), () => oneOf(random, DIGITS));
  if (kind < 0.72) return hundreds(random);
  if (kind < 0.82) return thousands(random);
  if (kind < 0.88) return [...below100(random), 'and', 'a', 'half'];
  if (kind < 0.92) return random() < 0.5 ? ['half'] : ['oh'];
  return [...below100(random), ...below100(random)];
}
const ordinal = (random: Random): string[] =>
  random() < 0.4
    ? [oneOf(random, ORDINALS)]
    : random() < 0.5
      ? [oneOf(random, ROUND_ORDINALS)]
      : [oneOf(random, ['twenty', 'thirty']), oneOf(random, ORDINALS)];
function date(random: Random): string[] {
  const month = oneOf(random, MONTHS);
  const kind = random();
  if (kind < 0.12) return [month];
  const day =
    kind < 0.75 ? [month, ...ordinal(random)] : kind < 0.9 ? [...ordinal(random), 'of', month] : ordinal(random);
  if (kind >= 0.9 || random() < 0.55) return day;
  const year =
    random() < 0.2 ? ['two', 'thousand', ...below100(random)] : [oneOf(random, CENTURIES), ...below100(random)];
  return [...day, ...year];
}
function letters(random: Random): string[] {
  const spelled = several(upTo(random, 1, 8), () => oneOf(random, LETTERS));
  if (random() < 0.08) spelled.splice(upTo(random, 1, spelled.length), 0, 'apostrophe', oneOf(random, LETTERS));
  return spelled;
}

function content(random: Random): Stretch[] {
  const kind = random();
  if (kind < 0.3) return [['number', number(random)]];
  if (kind < 0.5) return [['letters', letters(random)]];
  if (kind < 0.75) return [['date', date(random)]];
  if (kind < 0.9)
    return [
      ['letters', letters(random)],
      ['number', number(random)],
    ];
  return [
    ['number', number(random)],
    ['letters', letters(random)],
  ];
}
function command(random: Random): Stretch[] {
  const kind = random();
  if (kind < 0.12) return [['action', [oneOf(random, ACTIONS)]]];
  if (kind < 0.5) return content(random);
  const joined: Stretch[] = random() < 0.06 ? [[null, ['and']], ...content(random)] : [];
  return [['action', [oneOf(random, TAKING)]], ...content(random), ...joined];
}

/** Drawn anew where a word is not among those that the recogniser knows. @param file for sentences about a row */
export function spokenCommands(
  vocabulary: readonly string[],
  { seed, count, file = 'spoken commands' }: { readonly seed: number; readonly count: number; readonly file?: string },
): TextRow[] {
  const known = new Set(vocabulary);
  const random = makeRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    let drawn = command(random);
    while (drawn.some(([, own]) => own.some((word) => !known.has(word)))) drawn = command(random);
    const all = drawn.flatMap(([kind, own]) =>
      own.map((word, at) => [word, kind === null ? 'O' : `${at === 0 ? 'B' : 'I'}-${kind}`] as const),
    );
    return {
      text: all.map(([word]) => word).join(' '),
      labels: all.map(([, tag]) => tag).join(' '),
      ...{ part: null, speaker: null, file, line: index + 1 },
    };
  });
}
