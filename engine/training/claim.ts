// Whether a training from scratch reaches the error that a model's card claims, and how soon.
import type { ModelCard } from '../../app/contract/model';
import { percent } from '../commands/output';

/** What such a training may take. */
const MOST_MINUTES = 10;

/**
 * How a card names the recordings of a speaker who was left out of training.
 * @param speaker as a list names somebody, perhaps with the corpus: "fsdd:theo"
 */
export function leftOutSet(speaker: string): ModelCard['errors'][number]['set'] {
  const name = speaker.replace(/^\w+:/, '');
  return { en: `digits, training without ${name}`, zh: `数字，训练时不含 ${name}` };
}

/** @returns the error that a card claims for a speaker left out, in [0, 1]; null: none */
export function claimedError({ errors }: Pick<ModelCard, 'errors'>, speaker: string): number | null {
  const name = leftOutSet(speaker).en;
  return errors.find(({ set: { en } }) => en === name || en.startsWith(`${name} (`))?.value ?? null;
}

export interface ScratchTraining {
  readonly speaker: string;
  /** Word error rate on the speaker's recordings. */
  readonly wer: number;
  /** 95 % interval of it; null: not known. */
  readonly interval: readonly [number, number] | null;
  readonly utterances: number;
  /** From the first recording that is read to the finished model. */
  readonly minutes: number;
}

/**
 * Reached where no more is wrong than the card claims, or the claim lies within the interval: another number of threads learns
 * other weights.
 */
export function judged(
  { speaker, wer, interval, utterances, minutes }: ScratchTraining,
  claimed: number,
): { readonly isReached: boolean; readonly text: string } {
  const isAsGood = wer <= claimed || (interval !== null && claimed >= interval[0]);
  const isInTime = minutes <= MOST_MINUTES;
  const range = interval === null ? '' : ` (95 % interval ${percent(interval[0])} to ${percent(interval[1])})`;
  return {
    isReached: isAsGood && isInTime,
    text: [
      `without ${speaker}: ${percent(wer)} of the digits wrong${range}, ${utterances} clips; the card claims ${percent(claimed)}: ${isAsGood ? 'reached' : 'missed'}`,
      `learned in ${minutes.toFixed(1)} minutes, ${MOST_MINUTES} at the most: ${isInTime ? 'met' : 'missed'}`,
    ].join('\n'),
  };
}
