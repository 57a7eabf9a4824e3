// The models' folders as the person keeps them: named, copied, put into the trash and taken out of it again.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import {
  hearsSound,
  isRecogniser,
  isStreaming,
  modelManifestSchema,
  type ModelManifest,
} from '../../app/contract/model';
import type { KeptModel, ModelKind } from '../../app/contract/models';
import type { ReplyOf } from '../../app/contract/messages';
import { UnrollError } from '../../app/errors';
import { isThere } from '../data/dataFolder';
import { markedTrashed, markTrashed } from '../data/setFiles';
import { answerOf } from '../labelling/textShelf';
import { LANGUAGE_FILE } from '../language/ownLanguage';
import { folderSize } from './folderSize';
import { listModels, MANIFEST_FILE, readModel, renameModel, signModel, WEIGHTS_FILE } from './modelFiles';
import { writeFileAtomic } from './atomicFile';
import { isMissing, newId } from './recordingFiles';
import { TRASH_DAYS } from './recordings';
import type { Runs } from './runs';
import { isDiskFull } from './take';
import { Turns } from './turns';

const DAY_MS = 86_400_000;
/** Beside the models; a name that no list of models looks into. */
const TRASH = '.trash';
const COMING = '.coming';
const FILES = [WEIGHTS_FILE, LANGUAGE_FILE] as const;
/** Its folders are few, and two changes of one must not meet. */
const TURN = 'models';

export interface KeptModelsOptions {
  /** Folder of the models that came with the product. */
  readonly bundled: string;
  /** Folder of the person's; need not be there yet. */
  readonly own: string;
  readonly runs: Pick<Runs, 'all'>;
  /** There is a model more or less, or one is called differently. */
  readonly onChanged: () => void;
  /** Whoever has it open lets go of it. */
  readonly onGone: (id: string) => void;
  readonly now?: () => Date;
}

interface Listed {
  readonly dir: string;
  readonly manifest: ModelManifest;
}

export class KeptModels {
  readonly #options: KeptModelsOptions;
  readonly #turns = new Turns();

  private constructor(options: KeptModelsOptions) {
    this.#options = options;
  }

  /** What has been in the trash for too long is gone, and so is what was cut short while it came. */
  static async open(options: KeptModelsOptions): Promise<KeptModels> {
    const kept = new KeptModels(options);
    await fs.rm(join(options.own, COMING), { recursive: true, force: true });
    await kept.#removeOverdue();
    return kept;
  }

  async all(): Promise<ReplyOf<'models.kept'>> {
    const { bundled, own, runs } = this.#options;
    const [first, second, trash, allRuns] = await Promise.all([
      listModels([bundled]),
      listModels([own]),
      listModels([this.#trash]),
      runs.all(),
    ]);
    const runOf = new Map(
      allRuns.flatMap(({ id, name, modelId }) => (modelId === null ? [] : [[modelId, { id, name }]])),
    );
    const told = (models: readonly Listed[], isBundled: boolean): Promise<KeptModel[]> =>
      Promise.all(models.map((model) => described(model, isBundled, runOf.get(model.manifest.id) ?? null)));
    const mine = second.models.toSorted((a, b) => a.manifest.name.en.localeCompare(b.manifest.name.en));
    return {
      models: [...(await told(first.models, true)), ...(await told(mine, false))],
      deleted: (await told(trash.models, false)).sort((a, b) => (b.deletedAt ?? '').localeCompare(a.deletedAt ?? '')),
      refused: [...first.refused, ...second.refused].map(({ error }) => ({
        folder: String(error.params['model'] ?? ''),
        error: error.toMessage(),
      })),
    };
  }

  /** @throws UnrollError model.missing, model.bundled; so for all below */
  rename(id: string, name: string): Promise<void> {
    return this.#change(async () => renameModel((await this.#own(id)).dir, { en: name, zh: name }));
  }

  /** @param author empty: nobody says so */
  sign(id: string, author: string): Promise<void> {
    return this.#change(async () => signModel((await this.#own(id)).dir, author));
  }

  /** A copy of any model, the person's own. @returns its id. @throws UnrollError model.noRoom as well */
  duplicate(id: string, name: string): Promise<string> {
    return this.#change(async () => {
      const { dir, manifest } = await this.#any(id);
      const copy = newId();
      await this.#take(dir, { ...manifest, id: copy, name: { en: name, zh: name } });
      return copy;
    });
  }

  /**
   * A model from a folder elsewhere, checked as whoever opens it would. Nothing but its own files comes along.
   * @returns its id: its own where no model has it, else a new one
   * @throws UnrollError model.missing, model.invalid, model.noRoom
   */
  add(folder: string): Promise<string> {
    return this.#change(async () => {
      const { manifest } = await readModel(folder);
      const taken = await listModels([this.#options.bundled, this.#options.own, this.#trash]);
      const isTaken = taken.models.some((model) => model.manifest.id === manifest.id);
      const id = isTaken || (await isThere(this.#place(manifest.id))) ? newId() : manifest.id;
      await this.#take(folder, { ...manifest, id });
      return id;
    });
  }

  /** To the trash. */
  delete(id: string): Promise<void> {
    return this.#change(async () => {
      const { dir } = await this.#own(id);
      await markTrashed(dir, this.#now().toISOString());
      await fs.mkdir(this.#trash, { recursive: true });
      await fs.rename(dir, join(this.#trash, id));
      this.#options.onGone(id);
    });
  }

  restore(id: string): Promise<void> {
    return this.#change(async () => {
      const { dir } = await found([this.#trash], id);
      await markTrashed(dir, null);
      await fs.rename(dir, this.#place(id));
    });
  }

  /** From the trash, for good. */
  erase(id: string): Promise<void> {
    return this.#change(async () => fs.rm((await found([this.#trash], id)).dir, { recursive: true }));
  }

  /** Where a model lies. */
  async folder(id: string): Promise<string> {
    return (await this.#any(id)).dir;
  }

  get #trash(): string {
    return join(this.#options.own, TRASH);
  }
  #place(id: string): string {
    return join(this.#options.own, id);
  }
  #now(): Date {
    return this.#options.now?.() ?? new Date();
  }
  #any(id: string): Promise<Listed> {
    return found([this.#options.bundled, this.#options.own], id);
  }
  async #own(id: string): Promise<Listed> {
    const { bundled, own } = this.#options;
    if ((await listModels([bundled])).models.some(({ manifest }) => manifest.id === id))
      throw new UnrollError('model.bundled', { model: id });
    return found([own], id);
  }

  #change<R>(work: () => Promise<R>): Promise<R> {
    return this.#turns.take(TURN, async () => {
      const result = await work();
      this.#options.onChanged();
      return result;
    });
  }

  /** The files of a model become a folder among the person's: whole, or not at all. */
  async #take(from: string, manifest: ModelManifest): Promise<void> {
    const coming = join(this.#options.own, COMING, manifest.id);
    try {
      await fs.mkdir(coming, { recursive: true });
      for (const file of FILES)
        if (await isThere(join(from, file))) await fs.copyFile(join(from, file), join(coming, file));
      const checked = modelManifestSchema.parse(manifest);
      await writeFileAtomic(join(coming, MANIFEST_FILE), `${JSON.stringify(checked, null, 2)}\n`);
      await fs.rename(coming, this.#place(manifest.id));
    } catch (error) {
      throw isDiskFull(error) ? new UnrollError('model.noRoom', {}, { cause: error }) : error;
    } finally {
      await fs.rm(join(this.#options.own, COMING), { recursive: true, force: true });
    }
  }

  async #removeOverdue(): Promise<void> {
    const names = await fs.readdir(this.#trash).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    for (const name of names) {
      const deletedAt = await markedTrashed(join(this.#trash, name));
      if (deletedAt !== null && this.#now().getTime() - Date.parse(deletedAt) > TRASH_DAYS * DAY_MS)
        await fs.rm(join(this.#trash, name), { recursive: true });
    }
  }
}

/** @throws UnrollError model.missing */
async function found(folders: readonly string[], id: string): Promise<Listed> {
  const model = (await listModels(folders)).models.find(({ manifest }) => manifest.id === id);
  if (model === undefined) throw new UnrollError('model.missing', { model: id });
  return model;
}

async function described({ dir, manifest }: Listed, isBundled: boolean, run: KeptModel['run']): Promise<KeptModel> {
  const { id, name, network, card } = manifest;
  return {
    ...{ id, name, isBundled, run, card },
    kind: kindOf(manifest),
    isStreaming: isStreaming(manifest),
    hasLanguage: await isThere(join(dir, LANGUAGE_FILE)),
    byteLength: await folderSize(dir),
    classes: isRecogniser(manifest) ? manifest.alphabet.symbols.length : manifest.labels.length,
    layers: [...network.layers],
    deletedAt: await markedTrashed(dir),
  };
}

function kindOf(manifest: ModelManifest): ModelKind {
  if (isRecogniser(manifest)) return 'text';
  return hearsSound(manifest) ? 'sounds' : answerOf(manifest);
}
