// How much a recogniser gets right on given recordings: the numbers that `evaluate`, recipes and model cards print.
import { RECORDING_SAMPLE_RATE_HZ } from '../../app/contract/messages';
import { transcriptText, type Utterance } from '../../app/contract/recognition';
import type { Rung } from '../../app/contract/rung';
import { UnrollError } from '../../app/errors';
import { readSound } from '../commands/readSound';
import { utterancesFromLogits, type Decoder } from '../ctc/transcribe';
import type { ManifestRow } from '../data/manifest';
import type { Recogniser } from '../library/modelFiles';
import { logitsOf, soundOf, transcribe } from '../listen/hearing';
import { OpenModel } from '../listen/openModel';
import { errorIntervals, errorRates, type TextPair } from '../metrics/errorRates';

export interface Evaluation {
  /** Corpus-level word error rate. */
  readonly wer: number;
  /** Corpus-level character error rate. */
  readonly cer: number;
  /** 95 % intervals of both rates over the utterances; null where there are none. */
  readonly intervals: ReturnType<typeof errorIntervals>;
  /** Share of the utterances whose words are all right. */
  readonly sentencesExact: number;
  /** Time for reading, features, network and text over the recordings' own time. */
  readonly realTimeFactor: number;
  readonly utterances: number;
}
export interface HearRowsOptions {
  readonly decoder: Decoder;
  /** Aborted: ends at the next piece with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly onUtterance?: (done: number, of: number, pair: TextPair) => void;
  /** Is given all that the network said of a recording, whose memory grows with its length then. */
  readonly onHeard?: (heard: HeardRow) => void;
  /** Hears of a recording that cannot be read, which is left out then. Without it such a recording ends the evaluation. */
  readonly onLeftOut?: (row: EvaluatedRow, error: UnrollError) => void;
}
export interface HeardRow {
  readonly said: string;
  readonly utterances: readonly Utterance[];
  /** [T, C] before softmax */
  readonly logits: Float32Array;
  readonly durationMs: number;
}
export interface EvaluateOptions extends HearRowsOptions {
  readonly rung: Rung;
}
export type EvaluatedRow = Pick<ManifestRow, 'path' | 'transcript'>;

/**
 * Transcribes every row as a file is transcribed, and compares.
 * @throws UnrollError audio.unreadable and the like where nobody hears of it by `onLeftOut`; dataset.unreadable where no
 * recording is left
 */
export async function evaluateModel(
  model: Recogniser,
  rows: readonly EvaluatedRow[],
  { rung, ...options }: EvaluateOptions,
): Promise<Evaluation> {
  const open = new OpenModel(model, rung);
  try {
    return await evaluateOpen(open, rows, options);
  } finally {
    await open.dispose();
  }
}

/** The same by a model that is open, and stays so. @throws UnrollError as evaluateModel; the signal's reason */
export async function evaluateOpen(
  model: OpenModel,
  rows: readonly EvaluatedRow[],
  { onUtterance, onLeftOut, ...options }: HearRowsOptions,
): Promise<Evaluation> {
  await model.warmUp();
  const pairs: TextPair[] = [];
  let soundMs = 0;
  const startedAt = performance.now();
  for (const row of rows) {
    options.signal?.throwIfAborted();
    const pcm = await readUnlessLeftOut(row, onLeftOut);
    if (pcm === null) continue;
    soundMs += msOf(pcm);
    const hypothesis = transcriptText(await hear(model, row, pcm, options));
    const pair = { reference: row.transcript, hypothesis };
    pairs.push(pair);
    onUtterance?.(pairs.length, rows.length, pair);
  }
  if (pairs.length === 0 && rows.length > 0) throw new UnrollError('dataset.unreadable');
  const realTimeFactor = (performance.now() - startedAt) / Math.max(1, soundMs);
  const { wer, cer, sentencesExact, utterances } = errorRates(pairs);
  return { wer, cer, intervals: errorIntervals(pairs), sentencesExact, realTimeFactor, utterances };
}

const msOf = (pcm: Int16Array): number => (pcm.length * 1000) / RECORDING_SAMPLE_RATE_HZ;

async function hear(
  model: OpenModel,
  { transcript: said }: EvaluatedRow,
  pcm: Int16Array,
  { decoder, signal, onHeard }: Pick<HearRowsOptions, 'decoder' | 'signal' | 'onHeard'>,
): Promise<readonly Utterance[]> {
  const hearing = signal === undefined ? {} : { signal };
  if (onHeard === undefined) return transcribe(model, soundOf(pcm), { decoder, ...hearing });
  const logits = await logitsOf(model, soundOf(pcm), hearing);
  const { manifest } = model;
  const utterances = utterancesFromLogits(logits, logits.length / manifest.network.head.classes, manifest, decoder);
  onHeard({ said, utterances, logits, durationMs: msOf(pcm) });
  return utterances;
}

/** The recording's sound, or null where it cannot be read and somebody was told. */
async function readUnlessLeftOut(
  row: EvaluatedRow,
  onLeftOut: HearRowsOptions['onLeftOut'],
): Promise<Int16Array | null> {
  try {
    return await readSound(row.path);
  } catch (error) {
    if (!(error instanceof UnrollError) || onLeftOut === undefined) throw error;
    onLeftOut(row, error);
    return null;
  }
}
