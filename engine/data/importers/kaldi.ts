// A Kaldi data directory: wav.scp "recording file", text "utterance words", perhaps utt2spk "utterance speaker" and segments
// "utterance recording start end" in seconds, an end of −1 meaning the recording's own (kaldi-asr.org/doc/data_prep.html).
// Without segments every recording is one utterance. An extended file name that ends in "|" is a command: it is never run.
import { readListText } from '../manifest';
import { candidate, leftOut, type Detection, type Entry, type Importer, type Segment } from './importer';
import { keyedLines, type KeyedLine } from './keyedLines';
import type { Source } from './source';

const SOUNDS = 'wav.scp';
const TEXTS = 'text';
const SPEAKERS = 'utt2spk';
const SEGMENTS = 'segments';

function detect(source: Source): Promise<Detection | null> {
  const isThere = !source.isList && source.has(SOUNDS) && source.has(TEXTS);
  return Promise.resolve(isThere ? { certainty: 'certain', file: SOUNDS } : null);
}

async function* read(source: Source): AsyncGenerator<Entry> {
  const sounds = await byKey(source, SOUNDS);
  const speakers = await byKey(source, SPEAKERS);
  const segments = source.has(SEGMENTS) ? await byKey(source, SEGMENTS) : null;
  const spoken = new Set<string>();
  for (const text of (await byKey(source, TEXTS)).values()) {
    const place = { file: source.absolute(TEXTS), line: text.line };
    const cut = segments === null ? { recording: text.key, segment: null } : segmentOf(segments.get(text.key));
    if (cut === 'none') yield leftOut('unknown-recording', place, { recording: text.key });
    else if (cut === 'bad') {
      const line = segments?.get(text.key)?.line ?? null;
      yield leftOut('bad-line', { file: source.absolute(SEGMENTS), line }, { form: 'utterance recording start end' });
    } else {
      spoken.add(cut.recording);
      const sound = sounds.get(cut.recording);
      if (sound === undefined || sound.rest === '')
        yield leftOut('unknown-recording', place, { recording: cut.recording });
      else if (isCommand(sound.rest)) {
        const at = { file: source.absolute(SOUNDS), line: sound.line };
        yield leftOut('piped-command', at, { recording: cut.recording });
      } else {
        const speaker = speakers.get(text.key)?.rest || null;
        yield candidate({
          path: source.absolute(sound.rest),
          transcript: text.rest,
          speaker,
          segment: cut.segment,
          place,
        });
      }
    }
  }
  for (const { key, line } of sounds.values()) {
    if (!spoken.has(key)) yield leftOut('no-transcript', { file: source.absolute(SOUNDS), line });
  }
}

const isCommand = (file: string): boolean => file.endsWith('|') || file.startsWith('|');

type Cut = { readonly recording: string; readonly segment: Segment | null };

function segmentOf(line: KeyedLine | undefined): Cut | 'none' | 'bad' {
  if (line === undefined) return 'none';
  const [recording, start, end] = line.rest.split(/\s+/u);
  const startSeconds = Number(start);
  const endSeconds = Number(end) === -1 ? null : Number(end);
  const isGood =
    recording !== undefined &&
    startSeconds >= 0 &&
    (endSeconds === null || endSeconds > startSeconds) &&
    end !== undefined;
  return isGood && Number.isFinite(startSeconds) && Number.isFinite(endSeconds ?? 0)
    ? { recording, segment: { startSeconds, endSeconds } }
    : 'bad';
}

/** Empty where the file is not there. Of a key that comes twice the first line counts. */
async function byKey(source: Source, file: string): Promise<ReadonlyMap<string, KeyedLine>> {
  const lines = new Map<string, KeyedLine>();
  if (!source.has(file)) return lines;
  for (const line of keyedLines(await readListText(source.absolute(file)))) {
    if (!lines.has(line.key)) lines.set(line.key, line);
  }
  return lines;
}

export const kaldiImporter: Importer = { format: 'kaldi', detect, read };
