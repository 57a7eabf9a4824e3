// The product's own lists: `path`, `transcript` and perhaps `speaker` and `corpus`, parted by tabs (see engine/data/manifest.ts)
// or as CSV. Paths are relative to the list.
import { rowsOf, TSV, type Table } from './delimited';
import { candidate, leftOut, type Detection, type Entry, type Importer } from './importer';
import { listsNaming, readTable } from './lists';
import { readListText } from '../manifest';
import { isAudioName, type Source } from './source';

const COLUMNS = ['path', 'transcript'];
const WITHOUT_HEADER = ['path', 'transcript', 'speaker', 'corpus'];

async function detect(source: Source): Promise<Detection | null> {
  const [list] = await listsNaming(source, COLUMNS);
  if (list) return { certainty: 'certain', file: list.file };
  const [file] = source.files;
  if (!source.isList || file === undefined) return null;
  const [path, transcript] = (await source.firstLine(file)).split('\t');
  return transcript !== undefined && isAudioName(path ?? '') ? { certainty: 'likely', file } : null;
}

async function* read(source: Source): AsyncGenerator<Entry> {
  const lists = await listsNaming(source, COLUMNS);
  for (const list of lists) yield* entriesOf(source, list.file, await readTable(source, list));
  const [file] = source.files;
  if (lists.length > 0 || !source.isList || file === undefined) return;
  const rows = rowsOf(await readListText(source.absolute(file)), TSV);
  yield* entriesOf(source, file, {
    columns: WITHOUT_HEADER,
    rows,
    value: (row, column) => row.fields[WITHOUT_HEADER.indexOf(column)]?.trim() ?? null,
  });
}

function* entriesOf(source: Source, file: string, { rows, value }: Table): Generator<Entry> {
  for (const row of rows) {
    const place = { file: source.absolute(file), line: row.line };
    const path = value(row, 'path');
    const transcript = value(row, 'transcript');
    if (!path || transcript === null) yield leftOut('bad-line', place, { form: 'path<TAB>transcript' });
    else {
      const speaker = value(row, 'speaker') || null;
      yield candidate({
        path: source.absolute(path),
        transcript,
        speaker,
        corpus: value(row, 'corpus') || null,
        place,
      });
    }
  }
}

export const manifestImporter: Importer = { format: 'manifest', detect, read };
