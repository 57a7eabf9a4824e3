// Every format that a transcript can be written in and read from.
import { z } from 'zod';
import { UnrollError } from '../errors';
import { CTM } from './ctm';
import type { TranscriptDocument } from './document';
import type { TranscriptFormat } from './format';
import { JSON_FORMAT } from './json';
import { SRT, VTT } from './subtitles';
import { AUDACITY, CSV, plainLines, TSV, TXT } from './tables';
import { TEXT_GRID } from './textGrid';

export const formatNameSchema = z.enum(['txt', 'srt', 'vtt', 'json', 'tsv', 'csv', 'audacity', 'textgrid', 'ctm']);
export type FormatName = z.infer<typeof formatNameSchema>;

export const FORMATS: Readonly<Record<FormatName, TranscriptFormat>> = {
  txt: TXT,
  srt: SRT,
  vtt: VTT,
  json: JSON_FORMAT,
  tsv: TSV,
  csv: CSV,
  audacity: AUDACITY,
  textgrid: TEXT_GRID,
  ctm: CTM,
};

/** @param hasTimes only plain text can do without */
export function writeTranscript(document: TranscriptDocument, name: FormatName, hasTimes = true): string {
  return name === 'txt' && !hasTimes ? plainLines(document.segments) : FORMATS[name].write(document);
}

/** The format that a file's name speaks of; null where it speaks of none. */
export function formatOfName(file: string): FormatName | null {
  const lower = file.toLowerCase();
  const named = formatNameSchema.options
    .filter((name) => lower.endsWith(`.${FORMATS[name].extension.toLowerCase()}`))
    .sort((a, b) => FORMATS[b].extension.length - FORMATS[a].extension.length);
  return named[0] ?? null;
}

/**
 * A transcript of another tool. Labels of Audacity go by .txt as plain text does: what is inside tells them apart.
 * @throws UnrollError transcript.noFormat, transcript.unreadable
 */
export function readTranscript(text: string, file: string): TranscriptDocument {
  const name = formatOfName(file);
  if (name === null) throw new UnrollError('transcript.noFormat', { file });
  const isLabels = name === 'txt' && /^\d+(\.\d+)?\t/.test(text);
  return FORMATS[isLabels ? 'audacity' : name].read(text, file);
}
