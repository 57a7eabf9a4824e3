// How much a model of labels gets right on given texts or recordings.
import { RECORDING_SAMPLE_RATE_HZ } from '../../app/contract/messages';
import type { Rung } from '../../app/contract/rung';
import { UnrollError } from '../../app/errors';
import type { ManifestRow } from '../data/manifest';
import type { TextRow } from '../data/textTable';
import { scoresByLabel, sequenceAccuracy, stepAccuracy, type LabelPair, type LabelScore } from '../metrics/labelScores';
import { slotScores, type SlotScores } from '../metrics/slots';
import type { SoundLabeller, TextLabeller } from '../library/modelFiles';
import { isTagger, OpenSoundLabeller, OpenTextLabeller, type LabelAnswer } from './openLabeller';
import { labelledText } from './textLabels';

export interface LabelEvaluation {
  /** Share of the texts or recordings of which every label is right. */
  readonly accuracy: number;
  readonly sequences: number;
  /** Of tags alone: share of the tokens whose tag is right, and whole slots as CoNLL counts them. */
  readonly tags: (SlotScores & { readonly tokenAccuracy: number; readonly tokens: number }) | null;
  readonly labels: readonly LabelScore[];
  /** Of sound alone: time for reading, features and network over the recordings' own time. */
  readonly realTimeFactor: number | null;
}

/** Texts that are answered at once. */
const CHUNK = 512;

/** Hears of every label that is known, and of what was answered in its place. */
type OnLabel = (reference: string, answer: LabelAnswer) => void;

/** @throws UnrollError manifest.invalid naming a row that is not labelled as the model labels */
export async function evaluateOnTexts(
  model: TextLabeller,
  rows: readonly TextRow[],
  rung: Rung,
  { onDone, onLabel }: { readonly onDone?: (done: number, of: number) => void; readonly onLabel?: OnLabel } = {},
): Promise<LabelEvaluation> {
  const isTags = isTagger(model.manifest);
  const labeller = await OpenTextLabeller.open(model, rung);
  try {
    const texts = rows.map((row) => labelledText(row, isTags ? 'tags' : 'label', (text) => labeller.tokens(text)));
    const pairs: LabelPair[] = [];
    for (let start = 0; start < texts.length; start += CHUNK) {
      const part = texts.slice(start, start + CHUNK);
      const answers = await labeller.label(part.map(({ row }) => row.text));
      part.forEach(({ labels }, at) => {
        pairs.push({ reference: labels, hypothesis: answers[at]!.map(({ label }) => label) });
        labels.forEach((label, step) => onLabel?.(label, answers[at]![step]!));
      });
      onDone?.(pairs.length, texts.length);
    }
    return { ...scoresOf(pairs, isTags), realTimeFactor: null };
  } finally {
    labeller.dispose();
  }
}

export interface EvaluateSoundsHooks {
  readonly readSound: (path: string) => Promise<Int16Array>;
  readonly onDone?: (done: number, of: number) => void;
  readonly onLabel?: OnLabel;
  /** Hears of a recording that cannot be read, which is left out then. */
  readonly onLeftOut: (row: ManifestRow, error: UnrollError) => void;
}

/**
 * Labels every row's recording, and compares with its transcript.
 * @throws UnrollError dataset.unreadable where no recording is left
 */
export async function evaluateOnSounds(
  model: SoundLabeller,
  rows: readonly ManifestRow[],
  rung: Rung,
  { readSound, onDone, onLabel, onLeftOut }: EvaluateSoundsHooks,
): Promise<LabelEvaluation> {
  const labeller = await OpenSoundLabeller.open(model, rung);
  try {
    const pairs: LabelPair[] = [];
    let soundMs = 0;
    const startedAt = performance.now();
    for (const row of rows) {
      let pcm: Int16Array;
      try {
        pcm = await readSound(row.path);
      } catch (error) {
        if (!(error instanceof UnrollError)) throw error;
        onLeftOut(row, error);
        continue;
      }
      soundMs += (pcm.length * 1000) / RECORDING_SAMPLE_RATE_HZ;
      const answers = await labeller.label(pcm);
      pairs.push({ reference: [row.transcript], hypothesis: answers.map(({ label }) => label) });
      onLabel?.(row.transcript, answers[0]!);
      onDone?.(pairs.length, rows.length);
    }
    if (pairs.length === 0) throw new UnrollError('dataset.unreadable');
    const realTimeFactor = (performance.now() - startedAt) / Math.max(1, soundMs);
    return { ...scoresOf(pairs, false), realTimeFactor };
  } finally {
    labeller.dispose();
  }
}

function scoresOf(pairs: readonly LabelPair[], isTags: boolean): Omit<LabelEvaluation, 'realTimeFactor'> {
  const tokens = pairs.reduce((sum, { reference }) => sum + reference.length, 0);
  return {
    accuracy: sequenceAccuracy(pairs),
    sequences: pairs.length,
    tags: isTags ? { tokenAccuracy: stepAccuracy(pairs), tokens, ...slotScores(pairs) } : null,
    labels: scoresByLabel(pairs),
  };
}
