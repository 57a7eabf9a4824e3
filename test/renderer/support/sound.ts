// Sound for tests: speech-like, loud and quiet, and the same at every run.

/** 16 kHz mono: chirps with pauses, every sample different from its neighbour. */
export function testSound(seconds: number): Int16Array {
  let noise = 1;
  return Int16Array.from({ length: seconds * 16_000 }, (_, n) => {
    noise = (Math.imul(noise, 1_103_515_245) + 12_345) & 0x7fffffff;
    const time = n / 16_000;
    const loudness = Math.sin(Math.PI * 1.7 * time) ** 2;
    const chirp = Math.sin(2 * Math.PI * (200 + 300 * time) * time);
    return Math.round(9_000 * loudness * chirp + (noise % 200) - 100);
  });
}
