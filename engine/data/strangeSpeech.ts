// Speech that nobody knows, made of speech that somebody does: for a network to learn what it does not know.

/** The second half of one clip and then the first half of another, [n, K] each: the other way round it might be a word. */
export function crossed(one: Float32Array, other: Float32Array, coefficients: number): Float32Array {
  const half = (frames: Float32Array): number => Math.floor(frames.length / coefficients / 2) * coefficients;
  const [end, beginning] = [one.subarray(half(one)), other.subarray(0, half(other))];
  const frames = new Float32Array(end.length + beginning.length);
  frames.set(end);
  frames.set(beginning, end.length);
  return frames;
}

/** A clip from its last frame to its first, [n, K]. */
export function turnedRound(frames: Float32Array, coefficients: number): Float32Array {
  const result = new Float32Array(frames.length);
  for (let from = 0; from < frames.length; from += coefficients)
    result.set(frames.subarray(from, from + coefficients), frames.length - from - coefficients);
  return result;
}
