// The alternatives of a word in a recording: its sound is heard again, with what lies before it.
import { stepMsOf } from '../../app/contract/model';
import type { Alternative, Utterance } from '../../app/contract/recognition';
import { UnrollError } from '../../app/errors';
import { alternativesIn } from '../ctc/alternatives';
import { MARGIN_FRAMES } from '../ctc/live';
import { logitsOf, type SoundSource } from './hearing';
import type { OpenModel } from './openModel';

/** Sound before a word that a network may still remember, and after it, in milliseconds. */
const BEFORE_MS = 10_000;
const AFTER_MS = 1_500;

/** Where a word stands in a transcript. */
export interface WordPlace {
  readonly utterance: number;
  readonly word: number;
}

/** @throws UnrollError recording.noWord */
export async function alternativesOf(
  model: OpenModel,
  sound: SoundSource,
  utterances: readonly Utterance[],
  place: WordPlace,
): Promise<Alternative[]> {
  const words = utterances.flatMap(({ words }) => words);
  const word = utterances[place.utterance]?.words[place.word];
  if (word === undefined) throw new UnrollError('recording.noWord');
  const { network } = model.manifest;
  const stepMs = stepMsOf(model.manifest);
  const at = words.indexOf(word);
  const frameOf = (ms: number): number => Math.round(ms / stepMs);
  const from = Math.max(frameOf(words[at - 1]?.endMs ?? 0), frameOf(word.startMs) - MARGIN_FRAMES.before);
  const to = Math.min(frameOf(words[at + 1]?.startMs ?? Infinity), frameOf(word.endMs) + MARGIN_FRAMES.after);

  // The part begins on a frame of the whole.
  const firstFrame = Math.max(0, frameOf(word.startMs - BEFORE_MS));
  const samplesPerMs = 16;
  const first = firstFrame * stepMs * samplesPerMs;
  const last = Math.min(sound.samples, Math.round((word.endMs + AFTER_MS) * samplesPerMs));
  const part: SoundSource = {
    samples: Math.max(0, last - first),
    read: (start, count) => sound.read(first + start, Math.min(count, last - first - start)),
  };
  const logits = await logitsOf(model, part);
  const { classes } = network.head;
  return alternativesIn(logits.slice((from - firstFrame) * classes, (to - firstFrame) * classes), model.manifest);
}
