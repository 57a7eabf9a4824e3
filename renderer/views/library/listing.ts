// What the list of recordings shows: those that match, by day, each with the line that says most.
import type { RecordingSummary } from '../../../app/contract/recording';
import { findWords } from '../../shell/search';
import { titleOf } from '../../ui/recordingTitle';

export type DayGroup = { readonly day: string; readonly recordings: readonly RecordingSummary[] };

/** Recordings whose title or text holds every word of the query. */
export function matching(recordings: readonly RecordingSummary[], query: string): readonly RecordingSummary[] {
  if (query.trim() === '') return recordings;
  return recordings.filter((each) => findWords(`${titleOf(each)}\n${each.text}`, query) !== null);
}

/** Neighbours of the same day together, in the order given; `dayOf` names an instant's day. */
export function byDay(
  recordings: readonly RecordingSummary[],
  dayOf: (instant: string) => string,
): readonly DayGroup[] {
  const groups: { day: string; recordings: RecordingSummary[] }[] = [];
  for (const recording of recordings) {
    const day = dayOf(recording.createdAt);
    const last = groups[groups.length - 1];
    if (last?.day === day) last.recordings.push(recording);
    else groups.push({ day, recordings: [recording] });
  }
  return groups;
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
