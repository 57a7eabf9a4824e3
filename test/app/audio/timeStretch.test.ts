import { expect, it } from 'vitest';
import { timeStretched } from '../../../app/audio/timeStretch';

const RATE = 16_000;
const tone = (hertz: number, seconds: number): Float32Array =>
  Float32Array.from({ length: RATE * seconds }, (_, n) => 0.5 * Math.sin((2 * Math.PI * hertz * n) / RATE));
/** From the upward crossings of zero. */
function pitchOf(pcm: Float32Array): number {
  let crossings = 0;
  for (let index = 1; index < pcm.length; index++) if ((pcm[index - 1] ?? 0) < 0 && (pcm[index] ?? 0) >= 0) crossings++;
  return (crossings * RATE) / pcm.length;
}

it.each([0.5, 0.75, 1.5, 2])(
  'sound at %f of its speed is as long as that makes it, as high and as loud as before',
  (speed) => {
    const stretched = timeStretched(tone(220, 1), speed);
    expect(stretched.length).toBeCloseTo(RATE / speed, -1);
    expect(Math.abs(pitchOf(stretched) - 220)).toBeLessThan(4);
    const middle = stretched.subarray(2_000, stretched.length - 2_000);
    const power = Math.sqrt(middle.reduce((sum, value) => sum + value * value, 0) / middle.length);
    expect(power).toBeGreaterThan(0.32);
    expect(power).toBeLessThan(0.38);
  },
);

it('sound at its own speed is left as it is, and a piece too short to be fitted too', () => {
  const pcm = tone(220, 0.1);
  expect(timeStretched(pcm, 1)).toBe(pcm);
  expect(timeStretched(pcm.subarray(0, 100), 2)).toHaveLength(100);
});
