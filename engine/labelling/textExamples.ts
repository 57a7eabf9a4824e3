// Texts as a network reads them.
import type { TextLabellerManifest } from '../../app/contract/model';
import type { TextEncoding } from '../../app/contract/textInput';
import { unreachable } from '../../app/errors';
import type { WantedEncoding } from '../../app/contract/labelConfig';
import { letterNGramsFrom, oneOfNFrom } from '../text/buildEncoding';
import { makeRandom } from '../runtime/random';
import { TextEncoder } from '../text/textEncoder';
import type { ExampleStore } from '../training/epochPlan';
import type { Example } from '../training/examples';
import type { PlannedUtterance } from '../training/plan';
import type { LabelledText } from './textLabels';

/** The encoding of these texts. @throws UnrollError text.nothingKnown */
export function encodingFrom(wanted: WantedEncoding, texts: readonly string[]): TextEncoding {
  switch (wanted.kind) {
    case 'oneOfN':
      return oneOfNFrom(texts, wanted.unit, wanted);
    case 'letterNGrams':
      return letterNGramsFrom(texts, wanted, wanted);
    default:
      return unreachable(wanted);
  }
}

/** The inputs of a network that reads text: its slots for an embedding, else how often each slot occurs, [n, D]. */
export class TextReader {
  readonly #encoder: TextEncoder;
  readonly #isEmbedded: boolean;

  constructor({ embedding, text }: Pick<TextLabellerManifest['network'], 'embedding' | 'text'>) {
    this.#encoder = new TextEncoder(text);
    this.#isEmbedded = embedding !== undefined;
  }

  tokens(text: string): string[] {
    return this.#encoder.tokens(text);
  }

  /** @param isUnknown which tokens are read as unknown ones; none if left out */
  features(text: string, isUnknown?: (step: number) => boolean): Float32Array {
    return this.#isEmbedded ? this.#encoder.slotFrames(text, isUnknown) : this.#encoder.countFrames(text, isUnknown);
  }
}

/** Labelled texts as the training loop asks for them; each is encoded when its turn comes. */
export class TextStore implements ExampleStore {
  readonly clips: ExampleStore['clips'];
  readonly #texts: readonly LabelledText[];
  readonly #reader: TextReader;
  readonly #classesOf: (labels: readonly string[]) => Int32Array;

  constructor(
    texts: readonly LabelledText[],
    reader: TextReader,
    classesOf: (labels: readonly string[]) => Int32Array,
    private readonly wordDropout = 0,
  ) {
    this.#texts = texts;
    this.#reader = reader;
    this.#classesOf = classesOf;
    this.clips = texts.map(({ tokens }) => ({
      speaker: '',
      corpus: '',
      isUnknownOnly: false,
      copyFrames: [tokens.length],
    }));
  }

  /** @param utterance one text: texts are not strung together */
  example([only]: PlannedUtterance, seed: number): Example {
    if (only === undefined) throw new Error('Expected a text');
    if (this.wordDropout === 0) return this.exampleOf(only.clip);
    const random = makeRandom(seed);
    return this.exampleOf(only.clip, () => random() < this.wordDropout);
  }
  exampleOf(index: number, isUnknown?: (step: number) => boolean): Example {
    const { row, tokens, labels } = this.#texts[index] as LabelledText;
    const features = this.#reader.features(row.text, isUnknown);
    return { frames: tokens.length, features, labels: this.#classesOf(labels) };
  }
}
