// Best-path decoding (Graves et al. 2006, section 3.2): the most probable class of every frame, repeats merged, blanks dropped.
import type { Emission } from './emission';
import { checkLogits, logNormaliser, type Logits } from './posteriors';

/** The most probable class of each pushed frame and its posterior, [n] each. */
export interface BestClasses {
  readonly classes: Int16Array;
  readonly probabilities: Float32Array;
}
export interface GreedyStep extends BestClasses {
  /** Symbols whose last frame is known. */
  readonly emissions: Emission[];
}

interface Run {
  readonly classIndex: number;
  readonly startFrame: number;
  endFrame: number;
  posteriorSum: number;
}
const toEmission = (run: Run): Emission => ({
  classIndex: run.classIndex,
  startFrame: run.startFrame,
  endFrame: run.endFrame,
  confidence: run.posteriorSum / (run.endFrame - run.startFrame),
});

/** Decodes logits as they come; how they are cut into chunks changes nothing. */
export class GreedyDecoder {
  #run: Run | null = null;
  #frames = 0;

  constructor(
    private readonly classes: number,
    private readonly blank: number,
  ) {}

  /** Frames taken so far. */
  get frames(): number {
    return this.#frames;
  }
  /** The symbol that the last frame still belongs to, with what is known of it. */
  get open(): Emission | null {
    return this.#run === null ? null : toEmission(this.#run);
  }

  /** @param logits [n, C] before softmax. */
  push(logits: Logits, n: number): GreedyStep {
    checkLogits(logits, n, this.classes);
    const step = { classes: new Int16Array(n), probabilities: new Float32Array(n), emissions: [] as Emission[] };
    for (let t = 0; t < n; t++) {
      const { classIndex, posterior } = bestClass(logits, t * this.classes, this.classes);
      step.classes[t] = classIndex;
      step.probabilities[t] = posterior;
      this.#take(classIndex, posterior, step.emissions);
    }
    return step;
  }

  /** Ends the stream: the open symbol, if any, is closed. */
  finish(): Emission[] {
    const emissions: Emission[] = [];
    this.#close(emissions);
    return emissions;
  }

  #take(classIndex: number, posterior: number, emissions: Emission[]): void {
    if (this.#run?.classIndex !== classIndex) this.#close(emissions);
    const frame = this.#frames++;
    if (classIndex === this.blank) return;
    this.#run ??= { classIndex, startFrame: frame, endFrame: frame, posteriorSum: 0 };
    this.#run.endFrame = frame + 1;
    this.#run.posteriorSum += posterior;
  }

  #close(emissions: Emission[]): void {
    if (this.#run !== null) emissions.push(toEmission(this.#run));
    this.#run = null;
  }
}

/** Best path of whole logits [T, C]. */
export function greedyEmissions(logits: Logits, frames: number, classes: number, blank: number): Emission[] {
  const decoder = new GreedyDecoder(classes, blank);
  const { emissions } = decoder.push(logits, frames);
  return [...emissions, ...decoder.finish()];
}

/** The most probable class of the row at `offset`, with its posterior; of equal logits the lowest class wins. */
export function bestClass(logits: Logits, offset: number, classes: number): { classIndex: number; posterior: number } {
  let classIndex = 0;
  for (let k = 1; k < classes; k++) if (logits[offset + k]! > logits[offset + classIndex]!) classIndex = k;
  const posterior = Math.exp(logits[offset + classIndex]! - logNormaliser(logits, offset, classes));
  return { classIndex, posterior };
}
