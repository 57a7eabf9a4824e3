// The flat start of hidden Markov models (Young et al., "The HTK Book", 8.3): before anything is known of where symbols lie, they
// lie evenly over the speech.
//
// CTC alone begins by writing nothing but blanks, and a small network may stay there for thousands of steps.

/** Of the way from the quietest to the loudest frame: what lies above is speech. */
const SPEECH_LEVEL = 0.25;

/** From the first to past the last frame that is clearly louder than the quietest one; loudness is the first of `coefficients`. */
export function speechFrames(frames: Float32Array, coefficients: number): { start: number; end: number } {
  const count = frames.length / coefficients;
  const loudness = Float32Array.from({ length: count }, (_, t) => frames[t * coefficients] as number);
  const quietest = Math.min(...loudness);
  const level = quietest + SPEECH_LEVEL * (Math.max(...loudness) - quietest);
  const start = loudness.findIndex((value) => value >= level);
  const end = loudness.findLastIndex((value) => value >= level) + 1;
  return { start: Math.max(0, start), end };
}

/**
 * One class for each of `count` frames: the labels evenly over the speech, the blank around it.
 * @param labels classes of the clip's symbols, in their order; none: all frames are blank
 */
export function spreadLabels(
  labels: Int32Array,
  count: number,
  { start, end }: { readonly start: number; readonly end: number },
  blank: number,
): Int32Array {
  const classes = new Int32Array(count).fill(blank);
  if (labels.length === 0) return classes;
  for (let t = start; t < end; t++) {
    classes[t] = labels[Math.floor(((t - start) * labels.length) / (end - start))] as number;
  }
  return classes;
}
