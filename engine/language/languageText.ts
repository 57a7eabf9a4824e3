// Texts as a language model reads them: sentences of tokens.
import { UnrollError } from '../../app/errors';
import { parseManifest, readListText } from '../data/manifest';
import { splitWords } from '../metrics/errorRates';
import { graphemesOf } from '../text/graphemes';
import { SPACE_TOKEN } from './ngramModel';
import type { LanguageUnit } from './wordModel';

/** Marks and classes are no words: "<unk>" in a text is nobody's word. */
const isMark = (word: string): boolean => /^<.*>$/u.test(word);

/** A sentence's tokens: its words, or its characters with SPACE_TOKEN between words. */
export function tokensOf(sentence: string, unit: LanguageUnit): string[] {
  const words = splitWords(sentence).filter((word) => !isMark(word));
  if (unit === 'word') return words;
  return words.flatMap((word, index) => [...(index > 0 ? [SPACE_TOKEN] : []), ...graphemesOf(word)]);
}

/**
 * The sentences of a text file, one on each line, or the transcripts of a table of recordings: those of its training part
 * where it names parts.
 * @throws UnrollError file.missing, file.unreadable, file.tooLarge, manifest.invalid
 */
export async function readSentences(file: string): Promise<string[]> {
  const text = (await readListText(file)).replace(/^\uFEFF/, '');
  const lines = text.split(/\r\n|\n|\r/);
  const columns = (lines[0] ?? '').split('\t').map((field) => field.trim().toLowerCase());
  if (columns.includes('path') && columns.includes('transcript')) {
    const rows = parseManifest(text, file);
    const ofTraining = rows.filter(({ part }) => part === 'train');
    return (ofTraining.length > 0 ? ofTraining : rows).map(({ transcript }) => transcript);
  }
  const sentences = lines.filter((line) => line.trim() !== '');
  if (sentences.length === 0)
    throw new UnrollError('manifest.invalid', { file, line: 1, reason: 'reason.text.nothing' });
  return sentences;
}
