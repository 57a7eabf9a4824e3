import { describe, expect, it } from 'vitest';
import { changePitch } from '../../../engine/data/pitch';

const RATE_HZ = 16_000;
const tone = (hertz: number, length = RATE_HZ): Float32Array =>
  Float32Array.from({ length }, (_, n) => 0.3 * Math.sin((2 * Math.PI * hertz * n) / RATE_HZ));
/** Of zero crossings in the middle of the sound. */
function pitchOf(samples: Float32Array): number {
  const middle = samples.subarray(samples.length / 4, (3 * samples.length) / 4);
  let crossings = 0;
  middle.forEach((value, n) => (crossings += n > 0 && value >= 0 !== (middle[n - 1] as number) >= 0 ? 1 : 0));
  return (crossings * RATE_HZ) / (2 * middle.length);
}
const levelOf = (samples: Float32Array): number =>
  Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length);

describe('another pitch', () => {
  it.each([-4, -1, 1, 4, 12])('of %i semitones keeps the length and moves the tone', (semitones) => {
    const shifted = changePitch(tone(300), semitones);
    expect(shifted).toHaveLength(RATE_HZ);
    const wanted = 300 * 2 ** (semitones / 12);
    expect(Math.abs(pitchOf(shifted) / wanted - 1)).toBeLessThan(0.015);
  });

  it('keeps the level', () => {
    expect(levelOf(changePitch(tone(300), 3)) / levelOf(tone(300))).toBeCloseTo(1, 1);
  });

  it('keeps the pace: what comes first in time stays there', () => {
    const sound = new Float32Array(RATE_HZ);
    sound.set(tone(300, 4000), 8000);
    const shifted = changePitch(sound, 5);
    expect(levelOf(shifted.subarray(0, 7000))).toBeLessThan(0.01);
    expect(levelOf(shifted.subarray(8800, 11_200))).toBeGreaterThan(0.15);
    expect(levelOf(shifted.subarray(13_000))).toBeLessThan(0.01);
  });

  it('of none changes nothing', () => {
    expect(changePitch(tone(300), 0)).toEqual(tone(300));
  });
});
