// Spoken sound for the benchmarks, made from the recordings of the tests.
import { promises as fs } from 'node:fs';
import { resolve } from 'node:path';
import { RECORDING_SAMPLE_RATE_HZ } from '../../app/contract/messages';
import { decodeAudio } from '../../engine/data/audioFile';
import { readManifest } from '../../engine/data/manifest';
import { makeRandom } from '../../engine/runtime/random';

const MANIFEST = resolve(__dirname, '../../test/fixtures/audio/manifest.tsv');
const DIGITS = 'asterisk_digits_';
const SAMPLES_PER_MS = RECORDING_SAMPLE_RATE_HZ / 1000;
/** Highest value of the noise between words: a quiet room. */
const NOISE_PEAK = 16;
const BLOCK_SAMPLES = 10 * SAMPLES_PER_MS;
/** A block this far below the word's loudest one is no part of the word. */
const SILENCE_DB = -35;

export interface SpokenWord {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}
export interface SpokenWords {
  /** 16 kHz mono */
  readonly pcm: Int16Array;
  readonly words: readonly SpokenWord[];
}

/** All recordings, one after another, again and again. @returns 16 kHz mono */
export async function minutesOfSpeech(minutes: number): Promise<Int16Array> {
  const rows = await readManifest(MANIFEST);
  const clips = await Promise.all(rows.map(({ path }) => clip(path)));
  const samples = Math.round(minutes * 60 * RECORDING_SAMPLE_RATE_HZ);
  const pcm = new Int16Array(samples);
  for (let at = 0, index = 0; at < samples; index++) {
    const next = clips[index % clips.length] ?? new Int16Array(0);
    pcm.set(next.subarray(0, samples - at), at);
    at += next.length;
  }
  return pcm;
}

/** Single digits with pauses of 600 to 1000 ms, so that words end at every place within a chunk. */
export async function spokenDigits(rounds: number): Promise<SpokenWords> {
  const rows = (await readManifest(MANIFEST)).filter(({ path }) => path.includes(DIGITS));
  const clips = await Promise.all(
    rows.map(async ({ path, transcript }) => ({ text: transcript, pcm: await clip(path) })),
  );
  const random = makeRandom(1);
  const quiet = (ms: number): Int16Array =>
    Int16Array.from({ length: Math.round(ms * SAMPLES_PER_MS) }, () => Math.round((2 * random() - 1) * NOISE_PEAK));
  const parts: Int16Array[] = [];
  const words: SpokenWord[] = [];
  let length = 0;
  const add = (pcm: Int16Array): void => {
    parts.push(pcm);
    length += pcm.length;
  };
  for (let round = 0; round < rounds; round++) {
    for (const { text, pcm } of clips) {
      add(quiet(600 + 400 * random()));
      const { first, end } = wordIn(pcm);
      words.push({ text, startMs: (length + first) / SAMPLES_PER_MS, endMs: (length + end) / SAMPLES_PER_MS });
      add(pcm);
    }
  }
  add(quiet(1000));
  return { pcm: joined(parts, length), words };
}

const clip = async (path: string): Promise<Int16Array> => decodeAudio(await fs.readFile(path), path);

/** Samples from the first to the last block that is not silent beside the loudest. */
function wordIn(pcm: Int16Array): { first: number; end: number } {
  const powers: number[] = [];
  for (let start = 0; start < pcm.length; start += BLOCK_SAMPLES) {
    powers.push(pcm.subarray(start, start + BLOCK_SAMPLES).reduce((sum, sample) => sum + sample * sample, 0));
  }
  const threshold = Math.max(...powers) * 10 ** (SILENCE_DB / 10);
  const isLoud = (power: number): boolean => power > threshold;
  return {
    first: powers.findIndex(isLoud) * BLOCK_SAMPLES,
    end: Math.min(pcm.length, (powers.findLastIndex(isLoud) + 1) * BLOCK_SAMPLES),
  };
}

function joined(parts: readonly Int16Array[], length: number): Int16Array {
  const whole = new Int16Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
