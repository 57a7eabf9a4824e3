// unroll export FILE… --format NAME: transcripts of recordings, and of other tools, in another format
import { promises as fs } from 'node:fs';
import { basename, join, parse } from 'node:path';
import { UnrollError } from '../../app/errors';
import { segmentsOf, type TranscriptDocument } from '../../app/transcripts/document';
import { FORMATS, readTranscript, writeTranscript, type FormatName } from '../../app/transcripts/formats';
import { MANIFEST_FILE, readRecordingManifest } from '../library/recordingFiles';
import { EXIT, reportError, say } from './output';

export interface ExportOptions {
  readonly format: FormatName;
  readonly out?: string;
  /** False: plain text without times. */
  readonly times: boolean;
}

/** @returns the exit code: 1 where one could not be read; the others are all the same. */
export async function exportCommand(sources: readonly string[], options: ExportOptions): Promise<number> {
  if (sources.length > 1 && options.out === undefined)
    throw new UnrollError('usage', { reason: 'reason.usage.exportOut' });
  let code: number = EXIT.ok;
  for (const source of sources) {
    try {
      const { name, document } = await documentOf(source);
      const text = writeTranscript(document, options.format, options.times);
      if (options.out === undefined) process.stdout.write(text);
      else await writeBeside(options.out, `${name}.${FORMATS[options.format].extension}`, text);
    } catch (error) {
      if (!(error instanceof UnrollError)) throw error;
      code = reportError(error);
    }
  }
  return code;
}

interface Named {
  /** Of the file to be written, without its ending. */
  readonly name: string;
  readonly document: TranscriptDocument;
}

/** A recording's folder as its newest transcript, with the edits; a file as its name says. */
async function documentOf(source: string): Promise<Named> {
  const isFolder = (await fs.stat(source)).isDirectory();
  if (!isFolder) {
    const file = basename(source);
    return { name: parse(file).name, document: readTranscript(await fs.readFile(source, 'utf8'), file) };
  }
  if (!(await fs.readdir(source)).includes(MANIFEST_FILE))
    throw new UnrollError('recording.missing', { recording: basename(source) });
  const { id, title, durationMs, transcripts } = await readRecordingManifest(source);
  const segments = segmentsOf(transcripts[transcripts.length - 1]?.utterances ?? []);
  return { name: id, document: { title, durationMs, segments } };
}

async function writeBeside(folder: string, name: string, text: string): Promise<void> {
  await fs.mkdir(folder, { recursive: true });
  await fs.writeFile(join(folder, name), text);
  say(join(folder, name));
}
