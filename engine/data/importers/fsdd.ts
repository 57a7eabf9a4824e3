// Names that tell all, as the Free Spoken Digit Dataset has them: 7_jackson_32.wav is the word, the speaker and a number
// (github.com/Jakobovski/free-spoken-digit-dataset). The word is taken as it stands: a digit stays a digit, which a
// configuration's `aliases` can spell out.
import { candidate, leftOut, type Detection, type Entry, type Importer } from './importer';
import { stemOf, type Source } from './source';

const NAME = /^([\p{L}\p{M}\p{N}]+)_([^_]+)_\d+$/u;

/** Names of Speech Commands have the same form, with a fixed word in the middle. */
function partsOf(sound: string): { word: string; speaker: string } | null {
  const [, word, speaker] = NAME.exec(stemOf(sound)) ?? [];
  return word === undefined || speaker === undefined || speaker === 'nohash' ? null : { word, speaker };
}

function detect(source: Source): Promise<Detection | null> {
  const sounds = source.audioFiles;
  const [first] = sounds;
  const isAll = first !== undefined && sounds.every((sound) => partsOf(sound) !== null);
  return Promise.resolve(isAll ? { certainty: 'certain', file: first } : null);
}

async function* read(source: Source): AsyncGenerator<Entry> {
  for (const sound of source.audioFiles) {
    const path = source.absolute(sound);
    const parts = partsOf(sound);
    const place = { file: path, line: null };
    if (parts === null) yield leftOut('no-transcript', place);
    else yield candidate({ path, transcript: parts.word, speaker: parts.speaker, place });
  }
}

export const fsddImporter: Importer = { format: 'fsdd', detect, read };
