// What a person should know of a data set before training on it for hours.
import type { CheckReport } from '../../app/contract/dataset';
import type { CheckedRow } from './checkedRows';

type Advice = CheckReport['advice'][number];

/** A model hears a stranger's voice only after many voices; fewer than these are learned by heart. */
export const WANTED_SPEAKERS = 10;
/** Recordings of one text. */
export const WANTED_PER_CLASS = 20;
const MAX_IMBALANCE = 5;
const WANTED_OCCURRENCES = 20;
const LONG_SECONDS = 30;
/** Names that a sentence lists. */
const NAMED = 10;

/** Everything that applies, the gravest first. */
export function adviceFor(rows: readonly CheckedRow[], told: Omit<CheckReport, 'advice'>): Advice[] {
  if (rows.length === 0) return [];
  return [
    ...partAdvice(rows),
    ...speakerAdvice(rows),
    ...classAdvice(told.classes),
    ...symbolAdvice(rows, told.symbols),
    ...soundAdvice(rows, told.secondsPerSymbol),
  ];
}

function partAdvice(rows: readonly CheckedRow[]): Advice[] {
  const advice: Advice[] = [];
  const partsOf = new Map<string, Set<string>>();
  for (const { speaker, part } of rows) {
    if (speaker !== null && part !== null) partsOf.set(speaker, (partsOf.get(speaker) ?? new Set()).add(part));
  }
  const torn = [...partsOf].filter(([, parts]) => parts.size > 1).map(([speaker]) => speaker);
  if (torn.length > 0) advice.push({ code: 'speaker-in-parts', params: { speakers: named(torn) } });
  const isParted = rows.some(({ part }) => part !== null);
  if (isParted && !rows.some(({ part }) => part === 'validation')) advice.push({ code: 'no-validation', params: {} });
  return advice;
}

function speakerAdvice(rows: readonly CheckedRow[]): Advice[] {
  const speakers = new Set(rows.flatMap(({ speaker }) => speaker ?? [])).size;
  if (speakers === 0) return [{ code: 'no-speakers', params: {} }];
  if (speakers >= WANTED_SPEAKERS) return [];
  return [{ code: 'few-speakers', params: { speakers, wanted: WANTED_SPEAKERS } }];
}

function classAdvice({ by, list }: CheckReport['classes']): Advice[] {
  const [most, least] = [list[0], list.at(-1)];
  if (by === 'word' || most === undefined || least === undefined) return [];
  const advice: Advice[] = [];
  const few = list.filter(({ recordings }) => recordings < WANTED_PER_CLASS);
  if (few.length > 0) {
    const params = { text: least.text, recordings: least.recordings, wanted: WANTED_PER_CLASS, number: few.length };
    advice.push({ code: 'few-per-class', params });
  }
  if (most.recordings > MAX_IMBALANCE * least.recordings) {
    const [mostRecordings, leastRecordings] = [most.recordings, least.recordings];
    advice.push({
      code: 'unbalanced',
      params: { most: most.text, mostRecordings, least: least.text, leastRecordings },
    });
  }
  return advice;
}

function symbolAdvice(rows: readonly CheckedRow[], symbols: CheckReport['symbols']): Advice[] {
  const advice: Advice[] = [];
  const rare = symbols.filter(({ count }) => count < WANTED_OCCURRENCES).map(({ symbol }) => symbol);
  if (rare.length > 0) {
    advice.push({ code: 'rare-symbols', params: { wanted: WANTED_OCCURRENCES, symbols: named(rare) } });
  }
  const learned = new Set(rows.flatMap(({ part, symbols: own }) => ((part ?? 'train') === 'train' ? own : [])));
  const unlearned = symbols.map(({ symbol }) => symbol).filter((symbol) => !learned.has(symbol));
  if (unlearned.length > 0) advice.push({ code: 'unlearned-symbols', params: { symbols: named(unlearned) } });
  return advice;
}

function soundAdvice(rows: readonly CheckedRow[], pace: CheckReport['secondsPerSymbol']): Advice[] {
  const advice: Advice[] = [];
  const silent = rows.filter(({ isSilent }) => isSilent);
  const [first] = silent;
  if (first !== undefined) {
    advice.push({ code: 'silent-recordings', params: { number: silent.length, line: first.line } });
  }
  const long = rows.filter(({ seconds }) => seconds > LONG_SECONDS).length;
  if (long > 0) advice.push({ code: 'long-recordings', params: { seconds: LONG_SECONDS, number: long } });
  if (pace !== null && pace.number > 0) advice.push({ code: 'outliers', params: { number: pace.number } });
  return advice;
}

const named = (names: readonly string[]): string =>
  names
    .slice(0, NAMED)
    .map((name) => (name === ' ' ? '␣' : name))
    .join(' ') + (names.length > NAMED ? ' …' : '');
