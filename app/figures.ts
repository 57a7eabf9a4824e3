// English number words as figures: "two zero five" is 205, "nineteen sixty eight" 1968, "two hundred and five" 205.

const ones = new Map(
  'zero one two three four five six seven eight nine'.split(' ').map((word, value) => [word, value]),
);
const teens = new Map(
  'ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'
    .split(' ')
    .map((word, index) => [word, 10 + index]),
);
const tens = new Map(
  'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ').map((word, index) => [word, 20 + 10 * index]),
);

/** Words from `first` to before `end` written as one. */
export interface FigureSpan {
  readonly first: number;
  readonly end: number;
  readonly text: string;
}

/** The runs of number words in a line, as figures; all other words are no part of a span. */
export function figureSpans(words: readonly string[]): FigureSpan[] {
  const spans: FigureSpan[] = [];
  for (let first = 0; first < words.length;) {
    let [end, text] = [first, ''];
    for (let number = numberAt(words, end); number !== null; number = numberAt(words, end)) {
      text += number.digits;
      end = number.end;
    }
    if (end > first) spans.push({ first, end, text });
    first = Math.max(end, first + 1);
  }
  return spans;
}

/** Words in their order, each run of number words as one that `join` makes of it. */
export function joinedFigures<W>(
  words: readonly W[],
  textOf: (word: W) => string,
  join: (run: readonly W[], text: string) => W,
): W[] {
  let at = 0;
  const joined = figureSpans(words.map(textOf)).flatMap(({ first, end, text }) => {
    const before = words.slice(at, first);
    at = end;
    return [...before, join(words.slice(first, end), text)];
  });
  return [...joined, ...words.slice(at)];
}

/** A line with its number words as figures. */
export const withFigures = (words: readonly string[]): string[] =>
  joinedFigures(
    words,
    (word) => word,
    (_run, text) => text,
  );

interface NumberRead {
  readonly digits: string;
  readonly end: number;
}

/** The longest number that begins here: "twenty one", "two hundred and five", "three thousand two hundred". */
function numberAt(words: readonly string[], first: number): NumberRead | null {
  const many = hundredsAt(words, first);
  if (many === null) return null;
  if (words[many.end] !== 'thousand' || many.value === 0) return { digits: String(many.value), end: many.end };
  const end = many.end + 1;
  const rest = hundredsAt(words, words[end] === 'and' ? end + 1 : end);
  if (rest === null || rest.value === 0) return { digits: String(1000 * many.value), end };
  return { digits: String(1000 * many.value + rest.value), end: rest.end };
}

interface ValueRead {
  readonly value: number;
  readonly end: number;
}

/** "seven", "forty two", "two hundred and five": below 1000, or some hundred hundreds. */
function hundredsAt(words: readonly string[], first: number): ValueRead | null {
  const group = groupAt(words, first);
  if (group === null || words[group.end] !== 'hundred' || group.value === 0) return group;
  const end = group.end + 1;
  const rest = groupAt(words, words[end] === 'and' ? end + 1 : end);
  if (rest === null || rest.value === 0) return { value: 100 * group.value, end };
  return { value: 100 * group.value + rest.value, end: rest.end };
}

/** Below 100. */
function groupAt(words: readonly string[], first: number): ValueRead | null {
  const word = words[first] ?? '';
  if (word === 'oh') return { value: 0, end: first + 1 };
  const ten = tens.get(word);
  const one = ones.get(words[first + 1] ?? '');
  if (ten !== undefined && one !== undefined && one > 0) return { value: ten + one, end: first + 2 };
  const value = ten ?? teens.get(word) ?? ones.get(word);
  return value === undefined ? null : { value, end: first + 1 };
}
