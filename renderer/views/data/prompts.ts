// Prompts to be spoken: typed, made, or read from a text, each several times and in an order that a seed gives.
import type { Language } from '../../i18n/catalogue';

/** Longest prompt that the engine takes. */
const MAX_PROMPT = 1_000;
export const MAX_PROMPTS = 2_000;

const DIGITS: Readonly<Record<Language, readonly string[]>> = {
  en: ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'],
  zh: ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'],
};
const COMMANDS: Readonly<Record<Language, readonly string[]>> = {
  en: ['yes', 'no', 'go', 'stop', 'left', 'right', 'up', 'down', 'on', 'off'],
  zh: ['是', '否', '开始', '停止', '向左', '向右', '向上', '向下', '打开', '关闭'],
};
const DIGITS_IN_STRING = 4;
const STRINGS = 10;

export type PromptKind = 'digits' | 'digitStrings' | 'commands';

/** Prompts of a kind, one a line. Strings of digits hold every digit equally often. */
export function promptsOf(kind: PromptKind, language: Language, seed: number): readonly string[] {
  switch (kind) {
    case 'digits':
      return DIGITS[language];
    case 'commands':
      return COMMANDS[language];
    case 'digitStrings': {
      const random = randomFrom(seed);
      const columns = Array.from({ length: DIGITS_IN_STRING }, () => shuffled(DIGITS[language], random));
      return Array.from({ length: STRINGS }, (_, row) => columns.map((column) => column[row] ?? '').join(' '));
    }
  }
}

/** One prompt a line; a long text without lines is parted into its sentences. */
export function linesOf(text: string): string[] {
  return text
    .normalize('NFC')
    .split(/\r?\n/)
    .flatMap((line) => (line.length > MAX_PROMPT ? line.split(/(?<=[.!?。！？])\s*/) : [line]))
    .map((line) => line.replace(/\s+/g, ' ').trim())
    .filter((line) => line !== '' && line.length <= MAX_PROMPT);
}

/** Each prompt so many times, round by round; every round in an order of its own where a seed is given. */
export function repeated(prompts: readonly string[], times: number, seed: number | null): string[] {
  const random = randomFrom(seed ?? 0);
  const rounds = Array.from({ length: times }, () => (seed === null ? prompts : shuffled(prompts, random)));
  return rounds.flat().slice(0, MAX_PROMPTS);
}

/** Fisher and Yates. */
function shuffled(items: readonly string[], random: () => number): string[] {
  const all = [...items];
  for (let last = all.length - 1; last > 0; last--) {
    const at = Math.floor(random() * (last + 1));
    [all[last], all[at]] = [all[at] as string, all[last] as string];
  }
  return all;
}

/** Numbers in [0, 1) that the seed decides: a linear congruential generator with the constants of Numerical Recipes. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  // Seeds that are near each other begin alike.
  for (let skipped = 0; skipped < 8; skipped++) next();
  return next;
}
