// A part of a recording heard again: what was said around it is not heard, so that another model reads it afresh.
import type { Endpoints } from '../../app/contract/decoding';
import { RECORDING_SAMPLE_RATE_HZ } from '../../app/contract/messages';
import type { Utterance } from '../../app/contract/recognition';
import type { Decoder } from '../ctc/transcribe';
import { soundOf, transcribe, type SoundSource } from './hearing';
import type { OpenModel } from './openModel';

const SAMPLES_PER_MS = RECORDING_SAMPLE_RATE_HZ / 1000;
/** Symbols stand inside the sound that carries them: a little on both sides is heard as well. */
const MARGIN_MS = 200;

export interface PartOptions {
  /** Left out: as the model has it. */
  readonly decoder?: Decoder;
  readonly endpoints?: Endpoints | undefined;
  /** Heard on both sides, in milliseconds. */
  readonly margins?: { readonly before: number; readonly after: number };
}

/** @returns lines in the time of the whole recording */
export async function readPart(
  model: OpenModel,
  sound: SoundSource,
  { startMs, endMs }: { readonly startMs: number; readonly endMs: number },
  { decoder, endpoints, margins = { before: MARGIN_MS, after: MARGIN_MS } }: PartOptions = {},
): Promise<Utterance[]> {
  const first = Math.max(0, Math.round((startMs - margins.before) * SAMPLES_PER_MS));
  const last = Math.min(sound.samples, Math.round((endMs + margins.after) * SAMPLES_PER_MS));
  const pcm = await sound.read(first, Math.max(0, last - first));
  const heard = await transcribe(model, soundOf(pcm), { decoder: decoder ?? model.decoderFor(), endpoints });
  return heard.map((utterance) => moved(utterance, first / SAMPLES_PER_MS));
}

const later = <T extends { readonly startMs: number; readonly endMs: number }>(timed: T, byMs: number): T => ({
  ...timed,
  startMs: timed.startMs + byMs,
  endMs: timed.endMs + byMs,
});

const moved = (utterance: Utterance, byMs: number): Utterance => ({
  ...later(utterance, byMs),
  words: utterance.words.map((word) => ({
    ...later(word, byMs),
    characters: word.characters.map((character) => later(character, byMs)),
  })),
});
