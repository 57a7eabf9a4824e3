// The flat start of hidden Markov models (Young et al., "The HTK Book", 8.3): before anything is known of where symbols lie, they
// lie evenly over the speech.
//
// CTC alone begins by writing nothing but blanks, and a small network may stay there for thousands of steps.

/** Of the way from the quietest to the loudest frame: what lies above is speech. */
const SPEECH_LEVEL = 0.25;

/** From the first to past the last of the frames whose loudness is clearly above that of the quietest. */
export function speechFrames(loudness: Float32Array): { start: number; end: number } {
  const quietest = loudness.reduce((least, value) => Math.min(least, value), Infinity);
  const loudest = loudness.reduce((most, value) => Math.max(most, value), -Infinity);
  const level = quietest + SPEECH_LEVEL * (loudest - quietest);
  const isSpeech = (value: number): boolean => value >= level;
  return { start: Math.max(0, loudness.findIndex(isSpeech)), end: loudness.findLastIndex(isSpeech) + 1 };
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
