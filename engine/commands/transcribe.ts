// unroll transcribe FILE…
import { basename } from 'node:path';
import type { ErrorMessage } from '../../app/contract/errorMessage';
import { RECORDING_SAMPLE_RATE_HZ } from '../../app/contract/messages';
import { isSure, transcriptText, type Utterance } from '../../app/contract/recognition';
import { UnrollError } from '../../app/errors';
import { withFigures } from '../../app/figures';
import { segmentsOf, type TranscriptDocument } from '../../app/transcripts/document';
import { writeTranscript, type FormatName } from '../../app/transcripts/formats';
import { readOwnLanguage } from '../language/ownLanguage';
import type { Decoder } from '../ctc/transcribe';
import { soundOf, transcribe } from '../listen/hearing';
import { OpenModel } from '../listen/openModel';
import { chooseBackend } from './backend';
import { asksForBeam, decoderOf, type DecodingOptions } from './decoding';
import { transcribeLive } from './live';
import { chosenFolder, readChosenRecogniser, type ModelOptions } from './model';
import { answer, answerJson, clearBar, drawBar, EXIT, reportError, say } from './output';
import { readSound } from './readSound';

export interface TranscribeOptions extends ModelOptions, Partial<DecodingOptions> {
  readonly figures?: boolean;
  readonly format: 'text' | FormatName;
  readonly json?: boolean;
  readonly stream?: boolean;
}

interface FileTranscript {
  readonly file: string;
  readonly text: string;
  readonly durationMs: number;
  /** Time for decoding the file, features, network and text, over the sound's own. */
  readonly realTimeFactor: number;
  readonly modelId: string;
  readonly utterances: readonly Utterance[];
}
type Outcome = FileTranscript | { readonly file: string; readonly error: ErrorMessage };

/** @returns the exit code: 1 where a file could not be transcribed; the others are all the same. */
export async function transcribeCommand(files: readonly string[], options: TranscribeOptions): Promise<number> {
  const chosen = await readChosenRecogniser(options.model, options.stream ? 'live' : 'default');
  const dir = await chosenFolder(options.model, options.stream ? 'live' : 'default');
  const named = options.decoder ?? (asksForBeam(options) ? 'beam' : null);
  const asked = named === null ? null : await decoderOf(chosen.manifest, { ...options, decoder: named });
  const words = asked === null ? await readOwnLanguage(dir) : null;
  const model = new OpenModel(chosen, await chooseBackend(options.backend), undefined, words);
  const decoder = asked ?? model.decoderFor();
  await model.warmUp();
  const isJson = options.format === 'json' || options.json === true;
  const outcomes: Outcome[] = [];
  for (const file of files) {
    try {
      const transcript = await transcribeFile(model, file, options, decoder);
      outcomes.push(transcript);
      sayWhatIsOutside(transcript);
      if (isJson) continue;
      if (options.format === 'text') answer(lineOf(transcript, files.length > 1));
      else process.stdout.write(writeTranscript(documentOf(transcript), options.format));
    } catch (error) {
      if (!(error instanceof UnrollError)) throw error;
      reportError(error);
      outcomes.push({ file, error: error.toMessage() });
    }
  }
  if (isJson) answerOutcomes(outcomes);
  await model.dispose();
  return outcomes.some((outcome) => 'error' in outcome) ? EXIT.badInput : EXIT.ok;
}

async function transcribeFile(
  model: OpenModel,
  file: string,
  options: TranscribeOptions,
  decoder: Decoder,
): Promise<FileTranscript> {
  const startedAt = performance.now();
  const pcm = await readSound(file);
  const durationMs = (pcm.length * 1000) / RECORDING_SAMPLE_RATE_HZ;
  let utterances: Utterance[];
  if (options.stream) utterances = await transcribeLive(model, pcm, { decoder });
  else {
    const onProgress = (fraction: number): void => drawBar(fraction, file);
    utterances = await transcribe(model, soundOf(pcm), { decoder, onProgress });
    clearBar();
  }
  return {
    file,
    text: textOf(utterances, options),
    durationMs,
    realTimeFactor: (performance.now() - startedAt) / durationMs,
    modelId: model.manifest.id,
    utterances,
  };
}

function textOf(utterances: readonly Utterance[], { figures }: TranscribeOptions): string {
  const text = transcriptText(utterances);
  if (!figures) return text;
  return text
    .split('\n')
    .map((line) => withFigures(line.split(' ')).join(' '))
    .join('\n');
}

const documentOf = ({ file, durationMs, utterances }: FileTranscript): TranscriptDocument => ({
  title: basename(file),
  durationMs,
  segments: segmentsOf(utterances),
});

const lineOf = ({ file, text }: FileTranscript, isNamed: boolean): string =>
  `${isNamed ? `${file}: ` : ''}${text.replaceAll('\n', ' ')}`;

/** The text leaves out what the model has no word for: that something was said there must still be known. */
function sayWhatIsOutside({ file, utterances }: FileTranscript): void {
  const outside = utterances.flatMap(({ words }) => words).filter((word) => !isSure(word));
  const [first] = outside;
  if (first === undefined) return;
  const rest = outside.length > 1 ? ` and ${outside.length - 1} more` : '';
  say(
    `${file}: speech outside the model's words at ${(first.startMs / 1000).toFixed(1)} s${rest} is left out of the text.`,
  );
}

/** One file: its transcript. Several: an object with all of them, in the order given. */
function answerOutcomes(outcomes: readonly Outcome[]): void {
  const [only] = outcomes;
  answerJson(outcomes.length === 1 ? only : { files: outcomes });
}
