// LJ Speech: metadata.csv with lines "id|text as written|text as spoken", without quoting or header, and wavs/id.wav
// (keithito.com/LJ-Speech-Dataset). The text as spoken is taken where there is one. One person reads it all, whom no file names.
import { readListText } from '../manifest';
import { BARS, rowsOf } from './delimited';
import { candidate, leftOut, type Detection, type Entry, type Importer } from './importer';
import type { Source } from './source';

const LIST = 'metadata.csv';

async function detect(source: Source): Promise<Detection | null> {
  if (!source.has(LIST)) return null;
  return (await source.firstLine(LIST)).includes('|') ? { certainty: 'certain', file: LIST } : null;
}

async function* read(source: Source): AsyncGenerator<Entry> {
  for (const { fields, line } of rowsOf(await readListText(source.absolute(LIST)), BARS)) {
    const place = { file: source.absolute(LIST), line };
    const [id, written, spoken] = fields.map((field) => field.trim());
    if (!id || written === undefined) yield leftOut('bad-line', place, { form: 'id|text|text' });
    else yield candidate({ path: source.absolute(`wavs/${id}.wav`), transcript: spoken || written, place });
  }
}

export const ljspeechImporter: Importer = { format: 'ljspeech', detect, read };
