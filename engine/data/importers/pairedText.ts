// Sound beside texts of the same name: take-1.wav and take-1.txt, in any folders. Who speaks is not known.
import { UnrollError } from '../../../app/errors';
import { readListText } from '../manifest';
import { candidate, leftOut, type Detection, type Entry, type Importer } from './importer';
import { withoutEnding, type Source } from './source';

const textOf = (sound: string): string => `${withoutEnding(sound)}.txt`;

function detect(source: Source): Promise<Detection | null> {
  const sounds = source.audioFiles;
  const paired = sounds.filter((sound) => source.has(textOf(sound)));
  const [first] = paired;
  if (first === undefined) return Promise.resolve(null);
  return Promise.resolve({ certainty: 2 * paired.length >= sounds.length ? 'certain' : 'likely', file: textOf(first) });
}

async function* read(source: Source): AsyncGenerator<Entry> {
  for (const sound of source.audioFiles) {
    const path = source.absolute(sound);
    if (!source.has(textOf(sound))) yield leftOut('no-transcript', { file: path, line: null });
    else yield await pair(path, source.absolute(textOf(sound)));
  }
}

/** One bad text among many spoils none of the others. */
async function pair(path: string, text: string): Promise<Entry> {
  try {
    const transcript = (await readListText(text)).replace(/^\uFEFF/, '');
    return candidate({ path, transcript, place: { file: text, line: null } });
  } catch (error) {
    if (!(error instanceof UnrollError)) throw error;
    return leftOut('unreadable-transcript', { file: text, line: null }, { ...error.params, error: error.code });
  }
}

export const pairedTextImporter: Importer = { format: 'paired-text', detect, read };
