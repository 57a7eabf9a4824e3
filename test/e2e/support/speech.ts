// Recordings for the microphone, put together from single digits, and how much of them was recognised.
import { readFileSync, writeFileSync } from 'node:fs';
import { edits } from '../../../engine/metrics/levenshtein';
import { fixture } from './environment';

export const DIGIT_WORDS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'] as const;

const RATE_HZ = 8_000;
const BYTES_PER_SAMPLE = 2;
const HEADER_BYTES = 44;
const silence = (ms: number): Buffer => Buffer.alloc(Math.round((ms * RATE_HZ) / 1000) * BYTES_PER_SAMPLE);

export interface Speech {
  readonly file: string;
  readonly words: readonly string[];
  readonly durationMs: number;
}

/** The samples of a fixture: 8 kHz, 16 bits, one channel, nothing behind them. */
function samplesOf(name: string): Buffer {
  const bytes = readFileSync(fixture(`asterisk_${name}.wav`));
  const data = bytes.indexOf('data', 0, 'latin1');
  return bytes.subarray(data + 8, data + 8 + bytes.readUInt32LE(data + 4));
}

function waveFile(samples: Buffer): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(HEADER_BYTES - 8 + samples.length, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(RATE_HZ, 24);
  header.writeUInt32LE(RATE_HZ * BYTES_PER_SAMPLE, 28);
  header.writeUInt16LE(BYTES_PER_SAMPLE, 32);
  header.writeUInt16LE(8 * BYTES_PER_SAMPLE, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(samples.length, 40);
  return Buffer.concat([header, samples]);
}

/** What is said into the microphone: every digit at least once. */
export const SPOKEN_DIGITS: readonly number[] = [3, 1, 4, 1, 5, 9, 2, 6, 8, 7, 0, 3];

/** Writes a recording in which digits, and the letter that there is, are spoken one after another. */
export function speak(
  file: string,
  said: readonly (number | 'b')[],
  { leadMs = 1_000, gapMs = 400, tailMs = 800 } = {},
): Speech {
  const pieces = said.flatMap((one) => [
    samplesOf(typeof one === 'number' ? `digits_${one}` : `letters_${one}`),
    silence(gapMs),
  ]);
  const samples = Buffer.concat([silence(leadMs), ...pieces, silence(tailMs)]);
  writeFileSync(file, waveFile(samples));
  const words = said.map((one) => (typeof one === 'number' ? (DIGIT_WORDS[one] ?? '') : one));
  return { file, words, durationMs: (samples.length / BYTES_PER_SAMPLE / RATE_HZ) * 1000 };
}

export const wordsOf = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

/** 1 less the word error rate. */
export const fractionRight = (spoken: readonly string[], read: readonly string[]): number =>
  1 - edits(spoken, read).distance / spoken.length;
