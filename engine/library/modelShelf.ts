// The recognisers that can be used: those that came with the product and those that were trained here; each opened once.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import type { ModelSummary } from '../../app/contract/messages';
import { defaultModelsSchema, isRecogniser, isStreaming, type RecogniserManifest } from '../../app/contract/model';
import { UnrollError } from '../../app/errors';
import { fieldReason } from '../../app/fieldReason';
import { listModels, readRecogniser, type ListedModel, type Recogniser } from './modelFiles';
import { isMissing } from './recordingFiles';

export interface DefaultModels {
  /** For files. */
  readonly default: string;
  /** For live sound. */
  readonly live: string;
}

/** default.json of a folder of models, or null where there is none. @throws UnrollError config.invalid */
export async function readDefaultModels(folder: string): Promise<DefaultModels | null> {
  const file = join(folder, 'default.json');
  let value: unknown;
  try {
    value = JSON.parse(await fs.readFile(file, 'utf8'));
  } catch (error) {
    if (isMissing(error)) return null;
    if (!(error instanceof SyntaxError)) throw error;
  }
  const result = defaultModelsSchema.safeParse(value);
  if (result.success) return result.data;
  const { path, params } = fieldReason(result.error, value);
  throw new UnrollError('config.invalid', { file, path: path || 'the whole', ...params });
}

type ListedRecogniser = ListedModel & { readonly manifest: RecogniserManifest };

/** Lists recognisers by id and opens each of them once. */
export class ModelShelf<O> {
  readonly #folders: readonly string[];
  readonly #open: (model: Recogniser, dir: string) => Promise<O>;
  readonly #opened = new Map<string, Promise<O>>();

  /** @param folders the first of them holds default.json */
  constructor(folders: readonly string[], open: (model: Recogniser, dir: string) => Promise<O>) {
    this.#folders = folders;
    this.#open = open;
  }

  async summaries(): Promise<ModelSummary[]> {
    const [defaults, models] = await Promise.all([this.defaults(), this.#list()]);
    return models.map(({ manifest }) => ({
      id: manifest.id,
      name: manifest.name,
      isStreaming: isStreaming(manifest),
      isDefault: manifest.id === defaults?.default,
      isLiveDefault: manifest.id === defaults?.live,
      card: manifest.card,
    }));
  }

  defaults(): Promise<DefaultModels | null> {
    const [first] = this.#folders;
    return first === undefined ? Promise.resolve(null) : readDefaultModels(first);
  }

  /** @throws UnrollError model.missing */
  async manifest(id: string): Promise<RecogniserManifest> {
    return (await this.#find(id)).manifest;
  }

  /** The same open model for every caller. @throws UnrollError model.missing, model.invalid */
  open(id: string): Promise<O> {
    const known = this.#opened.get(id);
    if (known !== undefined) return known;
    const opening = this.#find(id).then(async ({ dir }) => this.#open(await readRecogniser(dir), dir));
    this.#opened.set(id, opening);
    opening.catch(() => this.#opened.delete(id)); // the next caller tries again
    return opening;
  }

  /** A model that is gone. Whoever hears with it goes on: what it holds goes with this process. */
  forget(id: string): void {
    this.#opened.delete(id);
  }

  async #find(id: string): Promise<ListedRecogniser> {
    const model = (await this.#list()).find(({ manifest }) => manifest.id === id);
    if (model === undefined) throw new UnrollError('model.missing', { model: id });
    return model;
  }
  /** Models that give labels write nothing: whoever listens has no use for them. */
  async #list(): Promise<readonly ListedRecogniser[]> {
    return (await listModels(this.#folders)).models.flatMap(({ dir, manifest }) =>
      isRecogniser(manifest) ? [{ dir, manifest }] : [],
    );
  }
}
