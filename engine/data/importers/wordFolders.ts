// One folder for each word, as Speech Commands has them: yes/0a7c2a8d_nohash_0.wav, where the speaker's name stands before
// "_nohash_" (Warden 2018, section 5.6). A folder whose name begins with an underscore holds noise.
import { basename } from 'node:path';
import { candidate, leftOut, type Detection, type Entry, type Importer } from './importer';
import { stemOf, type Source } from './source';

const SPEAKER = /^(.+)_nohash_\d+$/;

function detect(source: Source): Promise<Detection | null> {
  const sounds = source.audioFiles;
  const words = new Set(sounds.map(wordOf));
  const [first] = sounds;
  if (first === undefined || words.has(null) || words.size < 2) return Promise.resolve(null);
  const named = sounds.find((sound) => SPEAKER.test(stemOf(sound)));
  return Promise.resolve({ certainty: named === undefined ? 'likely' : 'certain', file: named ?? first });
}

/** The folder directly under the source; null where the sound lies elsewhere. */
function wordOf(sound: string): string | null {
  const [word, name, deeper] = sound.split('/');
  return name === undefined || deeper !== undefined ? null : (word ?? null);
}

async function* read(source: Source): AsyncGenerator<Entry> {
  for (const sound of source.audioFiles) {
    const path = source.absolute(sound);
    const place = { file: path, line: null };
    const word = wordOf(sound);
    if (word === null) yield leftOut('no-transcript', place);
    else if (word.startsWith('_')) yield leftOut('not-speech', place);
    else
      yield candidate({ path, transcript: word, speaker: SPEAKER.exec(stemOf(basename(sound)))?.[1] ?? null, place });
  }
}

export const wordFoldersImporter: Importer = { format: 'word-folders', detect, read };
