import { describe, expect, it } from 'vitest';
import { quietSounds } from '../../../engine/data/quiet';
import { makeRandom } from '../../../engine/runtime/random';

const rms = (pcm: Int16Array): number => Math.sqrt(pcm.reduce((sum, value) => sum + value * value, 0) / pcm.length);

describe('sounds in which nobody speaks', () => {
  const sounds = quietSounds(80, makeRandom(7));

  it('are as many as asked for, from 0.4 to 3.5 seconds long', () => {
    expect(sounds).toHaveLength(80);
    for (const { length } of sounds) {
      expect(length).toBeGreaterThanOrEqual(6400);
      expect(length).toBeLessThanOrEqual(56_000);
    }
  });

  it('hold digital silence among others', () => {
    const silent = sounds.filter((sound) => sound.every((sample) => sample === 0));
    expect(silent.length).toBeGreaterThan(0);
    expect(silent.length).toBeLessThan(40);
  });

  it('hold beeps among others: sound, silence, and sound again', () => {
    const isBeeping = (sound: Int16Array): boolean =>
      /[^0]0{900,}[^0]/.test(sound.map((sample) => Number(sample !== 0)).join(''));
    const beeping = sounds.filter(isBeeping);
    expect(beeping.length).toBeGreaterThan(0);
    expect(beeping.length).toBeLessThan(40);
  });

  it('are nowhere louder than 25 dB below full scale on average', () => {
    for (const sound of sounds) expect(rms(sound)).toBeLessThanOrEqual(32_768 * 10 ** (-25 / 20) + 1);
  });

  it('come the same from the same seed', () => {
    expect(quietSounds(5, makeRandom(7))).toEqual(sounds.slice(0, 5));
  });
});
