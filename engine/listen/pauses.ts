// Where a long recording is cut, so that each part can be heard whole: at the pauses between utterances, by loudness alone.
// Where the cuts lie depends on the frames, not on how they came.

export interface PauseRules {
  /** Quiet after speech for so long ends a part. */
  readonly pauseFrames: number;
  /** Of that quiet, what stays with the speech before it. */
  readonly keptFrames: number;
  /** No part is longer: what has no pause is cut where it is quietest. */
  readonly mostFrames: number;
  /** Parts are whole steps of so many frames. */
  readonly framesPerStep: number;
}

/** Below so much (11 dB) between the loudest and the quietest frame nothing is known to be speech. */
const LEAST_RANGE_NATS = 2.5;
/** What lies further below the loudest frame is no measure of the room: digital silence has no bottom. */
const MOST_RANGE_NATS = 9;
/** Of the way down from the loudest to the quietest frame: what lies below is quiet. */
const QUIET_LEVEL = 0.65;

export class Pauses {
  readonly #rules: PauseRules;
  /** Of the part that has not ended, in nats. */
  #loudness: number[] = [];
  #loudest = -Infinity;
  #quietest = Infinity;
  /** Frames up to the end of the last speech; 0: none yet. */
  #spokenTo = 0;

  constructor(rules: PauseRules) {
    this.#rules = rules;
  }

  /**
   * One frame more.
   * @returns frames of the part that ends now, its first ones; what is left begins the next. Null: none ends.
   */
  push(loudnessNats: number): number | null {
    this.#add(loudnessNats);
    const { pauseFrames, keptFrames, mostFrames } = this.#rules;
    const frames = this.#loudness.length;
    if (this.#spokenTo > 0 && frames - this.#spokenTo >= pauseFrames) return this.#cut(this.#spokenTo + keptFrames);
    return frames < mostFrames ? null : this.#cut(this.#quietPlace());
  }

  #add(loudnessNats: number): void {
    this.#loudness.push(loudnessNats);
    this.#loudest = Math.max(this.#loudest, loudnessNats);
    this.#quietest = Math.min(this.#quietest, loudnessNats);
    const range = Math.min(this.#loudest - this.#quietest, MOST_RANGE_NATS);
    const isSpeech = range >= LEAST_RANGE_NATS && loudnessNats > this.#loudest - QUIET_LEVEL * range;
    if (isSpeech) this.#spokenTo = this.#loudness.length;
  }

  #cut(place: number): number {
    const { framesPerStep } = this.#rules;
    const frames = Math.max(1, Math.floor(place / framesPerStep)) * framesPerStep;
    const rest = this.#loudness.slice(frames);
    this.#loudness = [];
    [this.#loudest, this.#quietest, this.#spokenTo] = [-Infinity, Infinity, 0];
    for (const value of rest) this.#add(value);
    return frames;
  }

  /** The middle of the quietest tenth of a second in the second half. */
  #quietPlace(): number {
    const width = Math.max(1, Math.floor(this.#rules.keptFrames / 4));
    const first = Math.floor(this.#loudness.length / 2);
    let [place, least] = [this.#loudness.length, Infinity];
    for (let start = first; start + width <= this.#loudness.length; start++) {
      const sum = this.#loudness.slice(start, start + width).reduce((total, value) => total + value, 0);
      if (sum < least) [place, least] = [start + Math.ceil(width / 2), sum];
    }
    return place;
  }
}
