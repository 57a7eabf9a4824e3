// Mozilla DeepSpeech's CSV: `wav_filename,wav_filesize,transcript`, files absolute or relative to the CSV
// (deepspeech.readthedocs.io, "Training your own model", section "Common Voice training data").
import { candidate, leftOut, type Detection, type Entry, type Importer } from './importer';
import { listsNaming, readTable } from './lists';
import type { Source } from './source';

const COLUMNS = ['wav_filename', 'transcript'];

async function detect(source: Source): Promise<Detection | null> {
  const [list] = await listsNaming(source, COLUMNS);
  return list ? { certainty: 'certain', file: list.file } : null;
}

async function* read(source: Source): AsyncGenerator<Entry> {
  for (const list of await listsNaming(source, COLUMNS)) {
    const { rows, value } = await readTable(source, list);
    for (const row of rows) {
      const place = { file: source.absolute(list.file), line: row.line };
      const file = value(row, 'wav_filename');
      const transcript = value(row, 'transcript');
      if (!file || transcript === null)
        yield leftOut('bad-line', place, { form: 'wav_filename,wav_filesize,transcript' });
      else yield candidate({ path: source.absolute(file), transcript, place });
    }
  }
}

export const deepspeechImporter: Importer = { format: 'deepspeech', detect, read };
