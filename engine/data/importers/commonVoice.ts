// Common Voice: lists in TSV with `client_id`, `path` and `sentence`, and the sound in `clips/`
// (github.com/common-voice/cv-dataset, "TSV files").
import { candidate, leftOut, type Detection, type Entry, type Importer } from './importer';
import { listsNaming, readTable, type List } from './lists';
import type { Source } from './source';

const COLUMNS = ['client_id', 'path', 'sentence'];
const CLIPS = 'clips';
/** All that people confirmed; the lists for training and test are parts of it. */
const VALIDATED = 'validated.tsv';
const PARTS = ['train.tsv', 'dev.tsv', 'test.tsv'];

async function detect(source: Source): Promise<Detection | null> {
  const [list] = await chosenLists(source);
  return list ? { certainty: 'certain', file: list.file } : null;
}

/** What was not confirmed, or was confirmed to be wrong, is only taken where its list is named itself. */
async function chosenLists(source: Source): Promise<List[]> {
  const lists = await listsNaming(source, COLUMNS);
  if (source.isList) return lists;
  const validated = lists.filter(({ file }) => file === VALIDATED);
  if (validated.length > 0) return validated;
  const parts = lists.filter(({ file }) => PARTS.includes(file));
  return parts.length > 0 ? parts : lists;
}

async function* read(source: Source): AsyncGenerator<Entry> {
  for (const list of await chosenLists(source)) {
    const { rows, value } = await readTable(source, list);
    for (const row of rows) {
      const place = { file: source.absolute(list.file), line: row.line };
      const file = value(row, 'path');
      const transcript = value(row, 'sentence');
      if (!file || transcript === null) yield leftOut('bad-line', place, { form: 'client_id<TAB>path<TAB>sentence' });
      else {
        const path = source.absolute(`${CLIPS}/${file}`);
        yield candidate({ path, transcript, speaker: value(row, 'client_id') || null, place });
      }
    }
  }
}

export const commonVoiceImporter: Importer = { format: 'common-voice', detect, read };
