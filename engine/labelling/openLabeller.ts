// A model of labels that is loaded: sounds and texts in, labels with their probabilities out.
import type { LabellerManifest, SoundLabellerManifest, TextLabellerManifest } from '../../app/contract/model';
import { extractFeatures } from '../../app/features/frontEnd';
import { subtractWindowMean } from '../../app/features/windowMean';
import type { Rung } from '../../app/contract/rung';
import { bestClass } from '../ctc/greedy';
import { logSoftmax } from '../ctc/posteriors';
import type { SoundLabeller, TextLabeller } from '../library/modelFiles';
import { openProgram } from '../network/open';
import type { NetworkProgram } from '../network/program';
import { answersTo } from '../training/answers';
import type { Example } from '../training/examples';
import { TagPath } from './tagOrder';
import { TextReader } from './textExamples';

/** What is answered of a whole sequence, or at one of its steps. */
export interface LabelAnswer {
  readonly label: string;
  /** Of that label. */
  readonly probability: number;
  /** Of each label, in the order of the model's, [C]. */
  readonly probabilities: Float64Array;
}
/** Whether every step has a tag of its own. */
export const isTagger = ({ network }: Pick<LabellerManifest, 'network'>): boolean => network.head.kind === 'framewise';

const NO_LABELS = new Int32Array(0);

class OpenLabeller {
  readonly #manifest: LabellerManifest;
  readonly #program: NetworkProgram;
  /** Null where every step is answered for itself. */
  readonly #path: TagPath | null;

  constructor(manifest: LabellerManifest, program: NetworkProgram) {
    this.#manifest = manifest;
    this.#program = program;
    this.#path = manifest.tagOrder === undefined ? null : new TagPath(manifest.labels, manifest.tagOrder);
  }

  /** @returns for each example one answer, or one for every step where the head is framewise */
  protected async answer(examples: readonly Example[]): Promise<LabelAnswer[][]> {
    const { labels, network } = this.#manifest;
    const C = labels.length;
    const answers = await answersTo(network, this.#program, examples);
    return answers.map((logits) => {
      const steps = logits.length / C;
      const probabilities = this.#path?.probabilities(logits) ?? logSoftmax(logits, steps, C).map(Math.exp);
      const path = this.#path?.best(logits);
      return Array.from({ length: steps }, (_, t) => {
        const classIndex = path === undefined ? bestClass(logits, t * C, C).classIndex : path[t]!;
        const own = probabilities.slice(t * C, (t + 1) * C);
        return { label: labels[classIndex]!, probability: own[classIndex]!, probabilities: own };
      });
    });
  }

  dispose(): void {
    this.#program.dispose();
  }
}

export class OpenTextLabeller extends OpenLabeller {
  readonly manifest: TextLabellerManifest;
  readonly #reader: TextReader;

  private constructor(manifest: TextLabellerManifest, program: NetworkProgram) {
    super(manifest, program);
    this.manifest = manifest;
    this.#reader = new TextReader(manifest.network);
  }
  static async open({ manifest, parameters }: TextLabeller, rung: Rung): Promise<OpenTextLabeller> {
    return new OpenTextLabeller(manifest, await openProgram(manifest.network, parameters, rung));
  }

  /** What each step of a text reads. */
  tokens(text: string): string[] {
    return this.#reader.tokens(text);
  }
  /** @param texts each of at least one token */
  label(texts: readonly string[]): Promise<LabelAnswer[][]> {
    return this.answer(
      texts.map((text) => ({
        frames: this.#reader.tokens(text).length,
        features: this.#reader.features(text),
        labels: NO_LABELS,
      })),
    );
  }
}

export class OpenSoundLabeller extends OpenLabeller {
  readonly manifest: SoundLabellerManifest;

  private constructor(manifest: SoundLabellerManifest, program: NetworkProgram) {
    super(manifest, program);
    this.manifest = manifest;
  }
  static async open({ manifest, parameters }: SoundLabeller, rung: Rung): Promise<OpenSoundLabeller> {
    return new OpenSoundLabeller(manifest, await openProgram(manifest.network, parameters, rung));
  }

  /** @param pcm 16 kHz mono, at least one sample */
  async label(pcm: Int16Array): Promise<LabelAnswer[]> {
    const { frames, count } = extractFeatures(pcm, this.manifest.frontEnd);
    subtractWindowMean(frames, this.manifest.frontEnd);
    const [answer] = await this.answer([{ frames: count, features: frames, labels: NO_LABELS }]);
    return answer!;
  }
}
