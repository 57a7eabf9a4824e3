// What kinds of marks and labels are called in the present language.
import { t } from '../../i18n/messages.svelte';

/** Those of the models that come with Unroll; any other stands as its data has it. */
const KNOWN = ['action', 'letters', 'number', 'date', 'from', 'to', 'phrase', 'positive', 'negative'] as const;
type Known = (typeof KNOWN)[number];
const isKnown = (name: string): name is Known => (KNOWN as readonly string[]).includes(name);

/** "object_name", "timeRange" → object name, time range */
export function meaningName(name: string): string {
  if (isKnown(name)) return t(`texts.kind.${name}`);
  return name
    .replace(/_/g, ' ')
    .replace(/([a-z])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`);
}
