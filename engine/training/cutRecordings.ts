// Recordings cut into words by a recogniser that is told what is said in them (forced alignment).
//
// Whether it would read a piece again by itself is not asked: a model that was trained on sentences and on single digits reads single
// letters as the digits that sound like them, which is what training with the pieces is to end.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { RECORDING_SAMPLE_RATE_HZ } from '../../app/contract/messages';
import { blankClass, stepMsOf, type RecogniserManifest } from '../../app/contract/model';
import { writeWav } from '../../app/audio/wav';
import { readSound } from '../commands/readSound';
import { alignLabels } from '../ctc/alignment';
import { requiredFrames } from '../ctc/loss';
import { manifestText, type ManifestRow, type StoredRow } from '../data/manifest';
import { wordPieces, type PlacedWord } from '../data/wordPieces';
import { writeFileAtomic } from '../library/atomicFile';
import { logitsOf, soundOf } from '../listen/hearing';
import type { OpenModel } from '../listen/openModel';
import { spellingOf, writesWholeWords } from '../text/spelling';

export const PIECES_FILE = 'manifest.tsv';

/** Mean posterior of a word's symbols where they are aligned. */
const MIN_CONFIDENCE = 0.4;

/** What pieces of a corpus are called. */
export const piecesCorpus = (corpus: string | null): string => (corpus === null ? 'pieces' : `${corpus}-pieces`);

export interface CutReport {
  readonly recordings: number;
  /** Recordings that have a word that the model cannot write, or nothing said at all. */
  readonly passedOver: number;
  readonly pieces: number;
  /** Pieces with a word that the model hardly heard where it should be: cut in the wrong place, or said otherwise than written. */
  readonly unsure: number;
}

export interface CutOptions {
  readonly out: string;
  /** The corpus that the pieces are said to be of. */
  readonly corpus: string;
  readonly onProgress?: (done: number, of: number) => void;
}

/**
 * Cuts every recording and writes the pieces with their list into a folder; the list comes last, so where there is one
 * nothing is missing.
 * @throws UnrollError audio.unreadable and the like
 */
export async function cutRecordings(
  model: OpenModel,
  rows: readonly ManifestRow[],
  { out, corpus, onProgress }: CutOptions,
): Promise<CutReport> {
  await fs.mkdir(join(out, 'clips'), { recursive: true });
  const stored: StoredRow[] = [];
  let [passedOver, unsure] = [0, 0];
  for (const [index, row] of rows.entries()) {
    const pcm = await readSound(row.path);
    const words = await placedWords(model, pcm, row.transcript);
    if (words === null) passedOver += 1;
    for (const [number, piece] of (words === null ? [] : wordPieces(pcm, words)).entries()) {
      if (piece.words.some(({ confidence }) => confidence < MIN_CONFIDENCE)) {
        unsure += 1;
        continue;
      }
      const path = `clips/${index}-${number}.wav`;
      await fs.writeFile(join(out, path), writeWav(pcm.slice(piece.start, piece.end), RECORDING_SAMPLE_RATE_HZ));
      const transcript = piece.words.map(({ text }) => text).join(' ');
      stored.push({ path, transcript, speaker: row.speaker, corpus, part: 'train' });
    }
    onProgress?.(index + 1, rows.length);
  }
  await writeFileAtomic(join(out, PIECES_FILE), manifestText(stored));
  return { recordings: rows.length, passedOver, pieces: stored.length, unsure };
}

interface HeardWord extends PlacedWord {
  readonly confidence: number;
}

/** Where each word of a transcript is heard; null where the model cannot write it, or it has none. */
async function placedWords(model: OpenModel, pcm: Int16Array, transcript: string): Promise<HeardWord[] | null> {
  const words = transcript.split(/\s+/u).filter((word) => word !== '');
  const spelled = words.map((word) => labelsOf(word, model.manifest));
  const { alphabet, network } = model.manifest;
  const separator = alphabet.wordSeparator === null ? [] : [alphabet.symbols.indexOf(alphabet.wordSeparator)];
  const labels = spelled.flatMap((word, index) => (index === 0 ? word : [...separator, ...word]));
  if (labels.length === 0 || labels.includes(-1)) return null;
  const { classes } = network.head;
  const logits = await logitsOf(model, soundOf(pcm));
  const n = logits.length / classes;
  if (requiredFrames(labels) > n) return null;
  const places = alignLabels(logits, n, classes, labels, blankClass(alphabet));
  const stepMs = stepMsOf(model.manifest);
  let at = 0;
  return words.map((text, index) => {
    const symbols = places.slice(at, at + spelled[index]!.length);
    at += symbols.length + separator.length;
    const confidence = symbols.reduce((sum, symbol) => sum + symbol.confidence, 0) / symbols.length;
    return { text, startMs: symbols[0]!.startFrame * stepMs, endMs: symbols.at(-1)!.endFrame * stepMs, confidence };
  });
}

/** Classes of a word's symbols, −1 where the alphabet has none. */
function labelsOf(word: string, { alphabet, card }: RecogniserManifest): number[] {
  const symbols = writesWholeWords(alphabet, card.words) ? [word] : spellingOf(word, alphabet);
  return symbols.map((symbol) => alphabet.symbols.indexOf(symbol));
}
