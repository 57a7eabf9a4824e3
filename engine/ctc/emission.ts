// What a CTC decoder gives: the symbols it heard and the frames that carried them.

/** One symbol of the best alignment. */
export interface Emission {
  readonly classIndex: number;
  readonly startFrame: number;
  /** Exclusive. */
  readonly endFrame: number;
  /** Mean posterior of the class over its frames: a score, not a chance of being right. */
  readonly confidence: number;
}
