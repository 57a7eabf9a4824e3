// Sounds in which nobody speaks: what a microphone hears most of the time, and what a recogniser should write nothing for.
import { toInt16 } from '../../app/audio/samples';
import { RECORDING_SAMPLE_RATE_HZ } from '../../app/contract/messages';
import { unreachable } from '../../app/errors';
import { amplitudeOf, between, colouredNoise, meanPower, noiseDrawn, scale } from './augment';

type Random = () => number;

const LENGTH_MS = [400, 3500] as const;
/** Root mean square, relative to full scale. */
const LEVEL_DB = [-85, -25] as const;
const TONE_HZ = [80, 3800] as const;
const HUM_HZ = [50, 60] as const;
const HUM_HARMONICS = 6;

const BEEP_MS = [60, 500] as const;

type Kind = 'nothing' | 'noise' | 'tone' | 'beeps' | 'hum';
/** As often as they are named here. */
const KINDS: readonly Kind[] = ['nothing', 'noise', 'noise', 'noise', 'noise', 'noise', 'tone', 'hum', 'beeps'];

/** `count` sounds at 16 kHz: digital silence, noise, tones, steady or beeping, the hum of the mains. The same random numbers give the same. */
export const quietSounds = (count: number, random: Random): Int16Array[] =>
  Array.from({ length: count }, () => {
    const kind = KINDS[Math.floor(random() * KINDS.length)] as Kind;
    const samples = soundOf(kind, Math.round((between(LENGTH_MS, random) * RECORDING_SAMPLE_RATE_HZ) / 1000), random);
    const level = Math.sqrt(meanPower(samples));
    return toInt16(level === 0 ? samples : scale(samples, amplitudeOf(between(LEVEL_DB, random)) / level));
  });

function soundOf(kind: Kind, length: number, random: Random): Float32Array {
  switch (kind) {
    case 'nothing':
      return new Float32Array(length);
    case 'noise':
      return colouredNoise(length, noiseDrawn(random), random);
    case 'tone':
      return tones([toneHz(random)], length);
    case 'beeps': {
      const [on, off] = [between(BEEP_MS, random), between(BEEP_MS, random)];
      return tones([toneHz(random)], length).map((sample, n) =>
        ((n / RECORDING_SAMPLE_RATE_HZ) * 1000) % (on + off) < on ? sample : 0,
      );
    }
    case 'hum': {
      const base = HUM_HZ[random() < 0.5 ? 0 : 1];
      return tones(
        Array.from({ length: HUM_HARMONICS }, (_, n) => base * (n + 1)),
        length,
      );
    }
    default:
      return unreachable(kind);
  }
}

/** High and low alike, as the ear has it. */
const toneHz = (random: Random): number => TONE_HZ[0] * (TONE_HZ[1] / TONE_HZ[0]) ** random();

/** Sines of these frequencies, each weaker by its number. */
const tones = (frequencies: readonly number[], length: number): Float32Array =>
  Float32Array.from({ length }, (_, n) =>
    frequencies.reduce(
      (sum, hz, index) => sum + Math.sin((2 * Math.PI * hz * n) / RECORDING_SAMPLE_RATE_HZ) / (index + 1),
      0,
    ),
  );
