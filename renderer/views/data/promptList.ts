// Which prompts there are, what became of each, and where the person is: kept, so that a closed window costs nothing.
import { z } from 'zod';
import '../../../app/contract/schema';
import { MAX_PROMPTS } from './prompts';

const KEY = 'unroll.prompts';
const stateSchema = z.enum(['open', 'kept', 'skipped']);
const listSchema = z.object({
  version: z.literal(1),
  setId: z.string(),
  speaker: z.string(),
  items: z.array(z.object({ prompt: z.string(), state: stateSchema })).max(MAX_PROMPTS),
  at: z.number().int().nonnegative(),
});
export type PromptState = z.infer<typeof stateSchema>;
export type PromptList = Omit<z.infer<typeof listSchema>, 'version'>;

export function readPromptList(storage: Storage): PromptList | null {
  try {
    const parsed = listSchema.safeParse(JSON.parse(storage.getItem(KEY) ?? 'null'));
    return parsed.success && parsed.data.at <= parsed.data.items.length ? parsed.data : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
export function writePromptList(storage: Storage, list: PromptList | null): void {
  if (list === null) storage.removeItem(KEY);
  else storage.setItem(KEY, JSON.stringify({ version: 1, ...list }));
}

/** The list after the prompt where it stands was kept or skipped. */
export function withPromptDone(list: PromptList, state: 'kept' | 'skipped'): PromptList {
  const items = list.items.map((item, index) => (index === list.at ? { ...item, state } : item));
  return { ...list, items, at: nextOpen(items, list.at) };
}

/** Those that were skipped stand open again, in their order. */
export function withSkippedOpen(list: PromptList): PromptList {
  const items = list.items.map((item) => (item.state === 'skipped' ? { ...item, state: 'open' as const } : item));
  return { ...list, items, at: nextOpen(items, -1) };
}

/** The first open prompt after a place; the list's length where there is none. */
function nextOpen(items: PromptList['items'], after: number): number {
  const found = items.findIndex(({ state }, index) => index > after && state === 'open');
  return found < 0 ? items.length : found;
}

export const countOf = (list: PromptList, state: PromptState): number =>
  list.items.filter((item) => item.state === state).length;
