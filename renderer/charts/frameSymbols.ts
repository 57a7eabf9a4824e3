// What the network saw, frame by frame: its most probable class and that class's probability.
import type { FrameSymbols } from '../../app/contract/recognition';

/** Neighbouring frames of one class that is not the blank. */
export interface SymbolRun {
  readonly classIndex: number;
  readonly firstFrame: number;
  readonly endFrame: number;
  /** Frame of the highest probability, and that probability. */
  readonly peakFrame: number;
  readonly peak: number;
}

export class FrameSymbolTrack {
  #classes = new Int16Array(1_000);
  #probabilities = new Float32Array(1_000);
  #length = 0;

  /** Frames known so far. */
  get length(): number {
    return this.#length;
  }

  /** Frames that are already there are written over: a restarted engine says them again. */
  put({ firstFrame, classes, probabilities }: FrameSymbols): void {
    const end = firstFrame + classes.length;
    this.#reserve(end);
    this.#classes.set(classes, firstFrame);
    this.#probabilities.set(probabilities, firstFrame);
    this.#length = Math.max(this.#length, end);
  }

  clear(): void {
    this.#length = 0;
  }

  classAt(frame: number): number {
    return this.#classes[frame] ?? -1;
  }
  probabilityAt(frame: number): number {
    return this.#probabilities[frame] ?? 0;
  }

  /** Runs that touch frames [from, to), oldest first. */
  runs(from: number, to: number, blankClass: number): SymbolRun[] {
    const runs: SymbolRun[] = [];
    let frame = Math.max(0, from);
    while (frame > 0 && this.classAt(frame) !== blankClass && this.classAt(frame - 1) === this.classAt(frame)) frame--;
    const end = Math.min(this.#length, to);
    while (frame < end) {
      const run = this.#runAt(frame);
      if (run.classIndex !== blankClass) runs.push(run);
      frame = run.endFrame;
    }
    return runs;
  }

  #runAt(firstFrame: number): SymbolRun {
    const classIndex = this.classAt(firstFrame);
    let peakFrame = firstFrame;
    let endFrame = firstFrame + 1;
    while (endFrame < this.#length && this.classAt(endFrame) === classIndex) {
      if (this.probabilityAt(endFrame) > this.probabilityAt(peakFrame)) peakFrame = endFrame;
      endFrame += 1;
    }
    return { classIndex, firstFrame, endFrame, peakFrame, peak: this.probabilityAt(peakFrame) };
  }

  #reserve(frames: number): void {
    if (frames <= this.#classes.length) return;
    const capacity = Math.max(frames, 2 * this.#classes.length);
    const classes = new Int16Array(capacity);
    const probabilities = new Float32Array(capacity);
    classes.set(this.#classes);
    probabilities.set(this.#probabilities);
    this.#classes = classes;
    this.#probabilities = probabilities;
  }
}
