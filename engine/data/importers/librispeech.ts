// LibriSpeech: speaker/chapter/speaker-chapter-utterance.flac, and in each chapter speaker-chapter.trans.txt with a line
// "speaker-chapter-utterance TEXT" for each (openslr.org/12, README; Panayotov et al. 2015).
import { readListText } from '../manifest';
import { candidate, leftOut, type Detection, type Entry, type Importer } from './importer';
import { soundsByStem } from './sounds';
import type { Source } from './source';
import { keyedLines } from './keyedLines';

const isTranscript = (file: string): boolean => file.endsWith('.trans.txt');

function detect(source: Source): Promise<Detection | null> {
  const file = source.files.find(isTranscript);
  return Promise.resolve(file === undefined ? null : { certainty: 'certain', file });
}

async function* read(source: Source): AsyncGenerator<Entry> {
  const sounds = soundsByStem(source);
  const named = new Set<string>();
  for (const list of source.files.filter(isTranscript)) {
    const folder = list.includes('/') ? list.slice(0, list.lastIndexOf('/') + 1) : '';
    for (const { key, rest, line } of keyedLines(await readListText(source.absolute(list)))) {
      const place = { file: source.absolute(list), line };
      const stem = `${folder}${key}`;
      const sound = sounds.get(stem) ?? `${stem}.flac`;
      named.add(sound);
      const speaker = /^([^-]+)-/.exec(key)?.[1] ?? null;
      yield candidate({ path: source.absolute(sound), transcript: rest, speaker, place });
    }
  }
  for (const file of source.audioFiles) {
    if (!named.has(file)) yield leftOut('no-transcript', { file: source.absolute(file), line: null });
  }
}

export const librispeechImporter: Importer = { format: 'librispeech', detect, read };
