// Every step of a run in columns that grow: losses, learning rates and gradients of a hundred thousand steps are a few megabytes.
import type { RunSteps } from '../../../app/contract/runs';

const FIRST_CAPACITY = 4_096;

export class StepLog {
  #loss = new Float32Array(FIRST_CAPACITY);
  #learningRate = new Float32Array(FIRST_CAPACITY);
  #gradientNorm = new Float32Array(FIRST_CAPACITY);
  #isSkipped = new Uint8Array(FIRST_CAPACITY);
  /** [steps, parts] */
  #partNorms = new Float32Array(0);
  #parts = 0;
  #length = 0;

  /** Steps known so far, all from 0 on. */
  get length(): number {
    return this.#length;
  }
  /** Nats per utterance, [steps]; NaN where it was not finite. */
  get loss(): Float32Array {
    return this.#loss.subarray(0, this.#length);
  }
  get learningRate(): Float32Array {
    return this.#learningRate.subarray(0, this.#length);
  }
  /** Global norm before clipping, [steps]; NaN where it was not finite. */
  get gradientNorm(): Float32Array {
    return this.#gradientNorm.subarray(0, this.#length);
  }
  /** 1 where a step was left out, [steps]. */
  get isSkipped(): Uint8Array {
    return this.#isSkipped.subarray(0, this.#length);
  }

  /** Norms of the parts' gradients at a step, [parts]; empty where they were not kept. */
  partNormsAt(step: number): Float32Array {
    const end = (step + 1) * this.#parts;
    return end <= this.#partNorms.length ? this.#partNorms.subarray(step * this.#parts, end) : new Float32Array(0);
  }

  /**
   * Takes a stretch of steps. Steps that are already there are written over: a run that goes on from its checkpoint says them
   * again. False where steps before them are missing; then nothing is taken.
   */
  put(steps: RunSteps, parts: number): boolean {
    const { first, loss } = steps;
    if (first > this.#length) return false;
    const end = first + loss.length;
    this.#reserve(end);
    this.#loss.set(loss, first);
    this.#learningRate.set(steps.learningRate, first);
    this.#gradientNorm.set(steps.gradientNorm, first);
    this.#isSkipped.set(steps.isSkipped, first);
    this.#putParts(steps, parts);
    this.#length = Math.max(this.#length, end);
    return true;
  }

  #putParts({ first, loss, partNorms }: RunSteps, parts: number): void {
    if (parts === 0 || partNorms.length !== parts * loss.length) return;
    if (this.#parts !== parts) {
      this.#parts = parts;
      this.#partNorms = new Float32Array(0);
    }
    const end = (first + loss.length) * parts;
    if (end > this.#partNorms.length) this.#partNorms = widened(this.#partNorms, this.#loss.length * parts, NaN);
    this.#partNorms.set(partNorms, first * parts);
  }

  #reserve(length: number): void {
    if (length <= this.#loss.length) return;
    const capacity = Math.max(length, 2 * this.#loss.length);
    this.#loss = widened(this.#loss, capacity);
    this.#learningRate = widened(this.#learningRate, capacity);
    this.#gradientNorm = widened(this.#gradientNorm, capacity);
    const flags = new Uint8Array(capacity);
    flags.set(this.#isSkipped);
    this.#isSkipped = flags;
  }
}

function widened(old: Float32Array, capacity: number, filling = 0): Float32Array<ArrayBuffer> {
  const wider = new Float32Array(capacity);
  if (filling !== 0) wider.fill(filling, old.length);
  wider.set(old);
  return wider;
}
