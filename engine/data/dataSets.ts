// The data sets of the person's data folder. Files are the truth; what is in memory is what was last read from or written to them.
import { promises as fs } from 'node:fs';
import { basename, join } from 'node:path';
import type { DataOrigin, DataRow, DataSet } from '../../app/contract/dataSets';
import type { CheckReport, Dataset, Split } from '../../app/contract/dataset';
import type { ReplyOf, RequestOf } from '../../app/contract/messages';
import { identifier } from '../../app/contract/schema';
import { UnrollError } from '../../app/errors';
import { newId } from '../library/recordingFiles';
import { TRASH_DAYS } from '../library/recordings';
import { Turns } from '../library/turns';
import { clearDrafts, CLIPS_FOLDER, DATASET_FILE, DataFolderDraft, isThere } from './dataFolder';
import { USUAL_SHARES } from './importing';
import { KnownSounds } from './knownSounds';
import { OpenSet, type NewRow } from './openSet';
import { readWholeSet, type WholeSet } from './setArchive';
import {
  markedTrashed,
  markTrashed,
  readSetFile,
  SET_FILE,
  setFolder,
  setMissing,
  writeSetFile,
  type SetFile,
} from './setFiles';

const DAY_MS = 86_400_000;
const SPLIT_SEED = 1;
const UNKNOWN_SPLIT: Split = { seed: SPLIT_SEED, ...USUAL_SHARES, by: 'recording' };

export interface DataSetsOptions {
  /** Told of every set that is new, changed or gone. */
  readonly onChanged?: (setIds: readonly string[]) => void;
  readonly now?: () => Date;
}

export class DataSets {
  readonly #root: string;
  readonly #onChanged: (setIds: readonly string[]) => void;
  readonly #now: () => Date;
  readonly #open = new Map<string, OpenSet>();
  readonly #turns = new Turns();

  private constructor(root: string, { onChanged = () => undefined, now = () => new Date() }: DataSetsOptions) {
    this.#root = root;
    this.#onChanged = onChanged;
    this.#now = now;
  }

  /** Clears away what killed imports left in `root`, and empties the trash of what has been there for more than 30 days. */
  static async open(root: string, options: DataSetsOptions = {}): Promise<DataSets> {
    await fs.mkdir(root, { recursive: true });
    await clearDrafts(root);
    const sets = new DataSets(root, options);
    for (const id of await sets.#ids()) await sets.#removeOverdue(id);
    return sets;
  }

  /** Newest first, without the trash; one whose files cannot be used says why. */
  async list(): Promise<DataSet[]> {
    const sets = await Promise.all((await this.#ids()).map((id) => this.#turns.take(id, () => this.#summary(id))));
    return sets.filter((set) => set !== null).sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  }

  /** An empty set. */
  async create(title: string, origin: DataOrigin = 'recorded'): Promise<DataSet> {
    const id = newId();
    const draft = await DataFolderDraft.begin(setFolder(this.#root, id), false);
    try {
      await draft.finish(emptyDataset(), [], (folder) => writeSetFile(folder, this.about(title, origin)));
    } finally {
      await draft.discard();
    }
    return this.added(id);
  }

  /** What set.json of a new set holds. */
  about(title: string, origin: DataOrigin): SetFile {
    const createdAt = this.#now().toISOString();
    return { format: 'unroll-set', version: 1, title, createdAt, origin, deletedAt: null };
  }

  /** Where a new set is to be written; `added` takes it into the list. */
  folderOf(id: string): string {
    return setFolder(this.#root, id);
  }

  /** The recordings of all sets but one. */
  knownSounds(except: string | null): Promise<KnownSounds> {
    return KnownSounds.open(this.#root, except);
  }

  /** A set whose folder has come to be there. */
  added(id: string): Promise<DataSet> {
    return this.#change(id, async (set) => set.summary());
  }

  /** @throws UnrollError dataset.missing, and as OpenSet.open where its files cannot be used; so for all below */
  rename(id: string, title: string): Promise<DataSet> {
    return this.#change(id, async (set) => {
      await set.describe({ title });
      return set.summary();
    });
  }

  /** To the trash, also where its files cannot be used. @throws UnrollError dataset.missing */
  delete(id: string): Promise<void> {
    return this.#turns.take(id, async () => {
      const deletedAt = this.#now().toISOString();
      const set = await this.#loadOrDamage(id);
      if (set instanceof OpenSet) {
        if (set.about.deletedAt !== null) throw setMissing(id);
        await set.describe({ deletedAt });
      } else {
        if ((await markedTrashed(this.folderOf(id))) !== null) throw setMissing(id);
        await markTrashed(this.folderOf(id), deletedAt);
      }
      this.#onChanged([id]);
    });
  }

  /** @throws UnrollError dataset.missing */
  restore(id: string): Promise<DataSet> {
    return this.#turns.take(id, async () => {
      const set = await this.#loadOrDamage(id);
      await markTrashed(this.folderOf(id), null);
      if (set instanceof OpenSet) await set.describe({ deletedAt: null });
      this.#onChanged([id]);
      return set instanceof OpenSet ? set.summary() : damagedSet(id, set);
    });
  }

  /** Whether it is there, in the trash or not. */
  async has(id: string): Promise<boolean> {
    return (await this.#ids()).includes(id);
  }

  rows(id: string, first: number, count: number): Promise<ReplyOf<'data.rows'>> {
    return this.#read(id, (set) => set.rows(first, count));
  }

  check(id: string): Promise<CheckReport> {
    return this.#read(id, (set) => set.check());
  }

  edit({ setId, ...row }: RequestOf<'data.edit'>): Promise<DataRow> {
    return this.#change(setId, (set) => set.edit(row));
  }

  split({ setId, ...shares }: RequestOf<'data.split'>): Promise<Split> {
    return this.#change(setId, (set) => set.split(shares));
  }

  audio(id: string, rowId: number): Promise<Int16Array> {
    return this.#read(id, (set) => set.audio(rowId));
  }

  /** A row as training reads it, and its whole file. */
  sound(id: string, rowId: number): ReturnType<OpenSet['sound']> {
    return this.#read(id, (set) => set.sound(rowId));
  }

  /**
   * A new row with sound of its own; where a clip of that name is there already, its row is changed.
   * @param clip name of the file that is to hold it, without a folder
   * @param write writes the file
   */
  put(id: string, clip: string, row: Omit<NewRow, 'stored'>, write: (path: string) => Promise<void>): Promise<DataRow> {
    const stored = `${CLIPS_FOLDER}/${basename(clip)}`;
    return this.#change(id, async (set) => {
      await fs.mkdir(join(this.folderOf(id), CLIPS_FOLDER), { recursive: true });
      await write(join(this.folderOf(id), stored));
      return set.put({ ...row, stored });
    });
  }

  /** Its lists as they are now, to be saved with its sounds. */
  whole(id: string): Promise<WholeSet> {
    return this.#read(id, () => readWholeSet(this.folderOf(id)));
  }

  /** Whether a row has this clip for its sound. */
  hasClip(id: string, clip: string): Promise<boolean> {
    return this.#read(id, async (set) => set.has(`${CLIPS_FOLDER}/${clip}`));
  }

  async #ids(): Promise<string[]> {
    return (await fs.readdir(this.#root)).filter((name) => identifier.safeParse(name).success);
  }

  /** Null where it is in the trash, or none of ours. */
  async #summary(id: string): Promise<DataSet | null> {
    if ((await markedTrashed(this.folderOf(id))) !== null) return null;
    try {
      const set = await this.#loadOrDamage(id);
      if (!(set instanceof OpenSet)) return damagedSet(id, set);
      return set.about.deletedAt === null ? set.summary() : null;
    } catch (error) {
      if (error instanceof UnrollError && error.code === 'dataset.missing') return null;
      throw error;
    }
  }

  /** The set, or why its files cannot be used. @throws UnrollError dataset.missing */
  async #loadOrDamage(id: string): Promise<OpenSet | UnrollError> {
    try {
      return await this.#load(id);
    } catch (error) {
      if (!(error instanceof UnrollError) || error.code === 'dataset.missing') throw error;
      return error;
    }
  }

  #read<A>(id: string, work: (set: OpenSet) => Promise<A>): Promise<A> {
    return this.#turns.take(id, async () => {
      const set = await this.#load(id);
      if (set.about.deletedAt !== null || (await markedTrashed(this.folderOf(id))) !== null) throw setMissing(id);
      return work(set);
    });
  }

  #change<A>(id: string, work: (set: OpenSet) => Promise<A>): Promise<A> {
    return this.#read(id, async (set) => {
      const result = await work(set);
      this.#onChanged([id]);
      return result;
    });
  }

  async #load(id: string): Promise<OpenSet> {
    const folder = this.folderOf(id);
    const there = this.#open.get(id);
    if (there !== undefined && (await isThere(join(folder, SET_FILE))) && !(await there.isOutdated())) return there;
    this.#open.delete(id);
    await this.#takeIn(id, folder);
    const set = await OpenSet.open(id, folder);
    this.#open.set(id, set);
    return set;
  }

  /** A set that the command line put there has no set.json yet. */
  async #takeIn(id: string, folder: string): Promise<void> {
    if (await isThere(join(folder, SET_FILE))) return;
    if (!(await isThere(join(folder, DATASET_FILE)))) throw setMissing(id);
    await writeSetFile(folder, this.about(id, 'imported'));
  }

  async #removeOverdue(id: string): Promise<void> {
    const deletedAt = await deletedAtOf(this.folderOf(id));
    if (deletedAt === null || this.#now().getTime() - Date.parse(deletedAt) <= TRASH_DAYS * DAY_MS) return;
    await fs.rm(this.folderOf(id), { recursive: true });
  }
}

/** Null where it is not in the trash, or does not tell. */
async function deletedAtOf(folder: string): Promise<string | null> {
  const marked = await markedTrashed(folder);
  if (marked !== null) return marked;
  try {
    return (await readSetFile(folder)).deletedAt;
  } catch (error) {
    if (!(error instanceof UnrollError)) throw error;
    return null; // the list says what is wrong with it
  }
}

const emptyDataset = (): Dataset => ({
  format: 'unroll-dataset',
  version: 1,
  source: null,
  sound: 'copied',
  alphabet: { symbols: [], wordSeparator: null, unknown: null },
  split: UNKNOWN_SPLIT,
  taken: { recordings: 0, seconds: 0, speakers: 0, words: 0 },
  leftOut: [],
});

const damagedSet = (id: string, error: UnrollError): DataSet => ({
  id,
  // Its own may be what cannot be read; a person has to tell it from others.
  title: id,
  createdAt: new Date(0).toISOString(),
  recordings: 0,
  seconds: 0,
  speakers: 0,
  origin: 'imported',
  split: UNKNOWN_SPLIT,
  problem: error.toMessage(),
});
