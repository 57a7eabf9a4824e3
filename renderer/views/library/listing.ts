// What the list of recordings shows: the lines of a list with its days' headings, and the line of a recording that says most.
import type { LibraryPage } from '../../../app/contract/library';
import type { RecordingSummary } from '../../../app/contract/recording';
import { titleOf } from '../../ui/recordingTitle';

/** One line of the list: the heading of a day, or the recording of this place in what was found. */
export type ListLine =
  { readonly kind: 'day'; readonly day: string } | { readonly kind: 'recording'; readonly index: number };

/** The days' headings among the recordings; without days, the recordings alone. */
export function linesOf({ days, total }: Pick<LibraryPage, 'days' | 'total'>): readonly ListLine[] {
  const lines: ListLine[] = [];
  let index = 0;
  for (const { day, count } of days) {
    lines.push({ kind: 'day', day });
    for (let left = count; left > 0; left--) lines.push({ kind: 'recording', index: index++ });
  }
  while (index < total) lines.push({ kind: 'recording', index: index++ });
  return lines;
}

const SHOWN_CHARACTERS = 120;

/** The text around the first hit where the title has none; null where the title says it all. */
export function excerpt(recording: RecordingSummary, query: string): string | null {
  const text = recording.text.replace(/\n/g, ' ');
  if (text === '' || text === titleOf(recording)) return null;
  // It is called by the beginning of its text.
  if (recording.title === '' && query.trim() === '') return null;
  const first =
    query.trim() === '' ? undefined : text.toLowerCase().indexOf(query.trim().toLowerCase().split(/\s+/)[0] ?? '');
  const start = first === undefined || first < 24 ? 0 : text.lastIndexOf(' ', first - 16) + 1;
  return (start > 0 ? '…' : '') + text.slice(start, start + SHOWN_CHARACTERS);
}
