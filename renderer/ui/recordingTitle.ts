// What a recording is called where the person has not named it: by what was said, and where nothing was, by when.
import type { RecordingSummary } from '../../app/contract/recording';
import { dateAndTime } from '../i18n/format';

const SHOWN_CHARACTERS = 60;

export function titleOf({ title, text, createdAt }: Pick<RecordingSummary, 'title' | 'text' | 'createdAt'>): string {
  if (title !== '') return title;
  const [line = ''] = text.split('\n');
  return line === '' ? dateAndTime(createdAt) : shortened(line);
}

/** Cut between two words, where there are any. */
function shortened(line: string): string {
  if (line.length <= SHOWN_CHARACTERS) return line;
  const cut = line.lastIndexOf(' ', SHOWN_CHARACTERS);
  return `${line.slice(0, cut > 0 ? cut : SHOWN_CHARACTERS)}…`;
}
