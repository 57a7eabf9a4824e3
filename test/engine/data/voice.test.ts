import { describe, expect, it } from 'vitest';
import { findVoice } from '../../../engine/data/voice';
import { makeRandom } from '../../../engine/runtime/random';

const RATE_HZ = 16_000;

/** Room noise with a tone of this amplitude from `from` to `to` seconds. */
function sound(seconds: number, tones: readonly { from: number; to: number; amplitude: number }[], room = 20) {
  const random = makeRandom(1);
  return Int16Array.from({ length: Math.round(seconds * RATE_HZ) }, (_, n) => {
    const t = n / RATE_HZ;
    const tone = tones.find(({ from, to }) => t >= from && t < to);
    return room * (2 * random() - 1) + (tone?.amplitude ?? 0) * Math.sin(2 * Math.PI * 300 * t);
  });
}
const secondsOf = ({ from, to }: { from: number; to: number }): number[] => [from / RATE_HZ, to / RATE_HZ];

describe('the voice in a recording', () => {
  it('is found with a margin before and after it', () => {
    const [from, to] = secondsOf(findVoice(sound(3, [{ from: 1, to: 1.8, amplitude: 6000 }]))!);
    expect(from).toBeGreaterThan(1 - 0.15 - 0.03);
    expect(from).toBeLessThanOrEqual(1 - 0.13);
    expect(to).toBeGreaterThanOrEqual(1.8 + 0.18);
    expect(to).toBeLessThan(1.8 + 0.2 + 0.03);
  });

  it('reaches over its pauses', () => {
    const tones = [
      { from: 1, to: 1.3, amplitude: 6000 },
      { from: 2, to: 2.4, amplitude: 5000 },
    ];
    const [from, to] = secondsOf(findVoice(sound(4, tones))!);
    expect(from).toBeLessThan(0.9);
    expect(to).toBeGreaterThan(2.5);
  });

  it('is no click', () => {
    const tones = [
      { from: 0.2, to: 0.21, amplitude: 20_000 },
      { from: 1, to: 1.5, amplitude: 6000 },
    ];
    expect(secondsOf(findVoice(sound(3, tones))!)[0]).toBeGreaterThan(0.8);
  });

  it('is told over the room', () => {
    // A sine of 6000 has the power 6000² / 2, uniform noise of ±20 has 20² / 3.
    const expected = 10 * Math.log10(6000 ** 2 / 2 / (20 ** 2 / 3));
    const { signalToNoiseDb } = findVoice(sound(3, [{ from: 1, to: 2, amplitude: 6000 }]))!;
    expect(Math.abs(signalToNoiseDb! - expected)).toBeLessThan(1);
  });

  it('is nowhere in a quiet room and in digital silence', () => {
    expect(findVoice(sound(2, []))).toBeNull();
    expect(findVoice(new Int16Array(RATE_HZ))).toBeNull();
    expect(findVoice(new Int16Array(0))).toBeNull();
  });

  it('is all of a sound without a pause, and then no room can be told', () => {
    expect(findVoice(sound(1, [{ from: 0, to: 1, amplitude: 6000 }]))).toEqual({
      from: 0,
      to: RATE_HZ,
      signalToNoiseDb: null,
    });
  });

  it('over digital silence has no ratio', () => {
    const voice = findVoice(sound(3, [{ from: 1, to: 2, amplitude: 6000 }], 0));
    expect(voice?.signalToNoiseDb).toBeNull();
    expect(voice?.from).toBeGreaterThan(0);
  });
});
