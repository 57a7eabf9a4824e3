// The models on this computer that read text: which there are, and each opened when it is first asked.
import type { TextAnswer, TextModel } from '../../app/contract/texts';
import { MAX_TOLD_VOCABULARY } from '../../app/contract/texts';
import { isRecogniser, hearsSound, type TextLabellerManifest } from '../../app/contract/model';
import type { Rung } from '../../app/contract/rung';
import { slotCount } from '../../app/contract/textInput';
import { UnrollError } from '../../app/errors';
import { PHRASE } from '../keywords/phraseTags';
import { isRecogniserModel, isSoundLabeller, listModels, readModel, type TextLabeller } from '../library/modelFiles';
import { Turns } from '../library/turns';
import { slotsOf } from '../metrics/slots';
import { isTagger, OpenTextLabeller } from './openLabeller';

/** Open at a time. */
const MOST_OPEN = 6;
const TURN = 'shelf';

/** A text model that is loaded. */
export interface ShelvedText {
  readonly labeller: OpenTextLabeller;
  readonly parameters: TextLabeller['parameters'];
}

/** What a model answers. */
export function answerOf(manifest: TextLabellerManifest): TextAnswer {
  if (!isTagger(manifest)) return 'label';
  return slotsOf(manifest.labels).every(({ kind }) => kind === PHRASE) ? 'phrases' : 'tags';
}

export class TextShelf {
  readonly #bundled: string;
  readonly #own: string;
  readonly #rung: Rung;
  readonly #turns = new Turns();
  /** The one used last is the last. */
  readonly #open = new Map<string, ShelvedText>();

  /**
   * @param bundled folder of the models that came with the product
   * @param own folder of the person's
   */
  constructor(bundled: string, own: string, rung: Rung) {
    this.#bundled = bundled;
    this.#own = own;
    // One text at a time: a program would be compiled for every length.
    this.#rung = rung === 'compiled' ? 'native' : rung;
  }

  async list(): Promise<TextModel[]> {
    const sides = await Promise.all([this.#of(this.#bundled), this.#of(this.#own)]);
    return sides.flatMap((models, side) => models.map(({ manifest }) => described(manifest, side === 0)));
  }

  /** Runs `use` with the open model; one after the other. @throws UnrollError model.missing, model.invalid */
  use<R>(id: string, use: (model: ShelvedText) => Promise<R>): Promise<R> {
    return this.#turns.take(TURN, async () => use(await this.#opened(id)));
  }

  /** A model that is gone. */
  forget(id: string): Promise<void> {
    return this.#turns.take(TURN, async () => {
      this.#open.get(id)?.labeller.dispose();
      this.#open.delete(id);
    });
  }

  close(): Promise<void> {
    return this.#turns.take(TURN, async () => {
      for (const { labeller } of this.#open.values()) labeller.dispose();
      this.#open.clear();
    });
  }

  async #opened(id: string): Promise<ShelvedText> {
    const known = this.#open.get(id);
    this.#open.delete(id);
    const model = known ?? (await this.#load(id));
    this.#open.set(id, model);
    for (const [old, { labeller }] of [...this.#open].slice(0, -MOST_OPEN)) {
      this.#open.delete(old);
      labeller.dispose();
    }
    return model;
  }

  async #load(id: string): Promise<ShelvedText> {
    const models = (await Promise.all([this.#of(this.#bundled), this.#of(this.#own)])).flat();
    const found = models.find(({ manifest }) => manifest.id === id);
    if (found === undefined) throw new UnrollError('model.missing', { model: id });
    const model = await readModel(found.dir);
    if (isRecogniserModel(model) || isSoundLabeller(model)) throw new UnrollError('model.readsNoText', { model: id });
    return { labeller: await OpenTextLabeller.open(model, this.#rung), parameters: model.parameters };
  }

  async #of(folder: string) {
    return (await listModels([folder])).models.flatMap(({ dir, manifest }) =>
      isRecogniser(manifest) || hearsSound(manifest) ? [] : [{ dir, manifest }],
    );
  }
}

function described(manifest: TextLabellerManifest, isBundled: boolean): TextModel {
  const { id, name, labels, card, network } = manifest;
  const { text, embedding, layers } = network;
  const isTold = text.kind === 'oneOfN' && text.unit !== 'character' && text.known.length <= MAX_TOLD_VOCABULARY;
  return {
    ...{ id, name, card, isBundled, answers: answerOf(manifest), labels: [...labels], slots: slotCount(text) },
    embeddingSize: embedding?.size ?? null,
    hasMemory: layers.some(({ cell }) => cell !== 'feedForward'),
    vocabulary: isTold ? [...text.known] : null,
  };
}
