// The recordings in the data folder. Files are the truth; the index is what was last read from or written to them.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import type { LibraryFilter } from '../../app/contract/library';
import {
  MAX_NEWEST_RECORDINGS,
  RECORDING_SAMPLE_RATE_HZ,
  type ReplyOf,
  type RequestOf,
} from '../../app/contract/messages';
import type { Transcript } from '../../app/contract/recognition';
import type { RecordingManifest, RecordingSummary } from '../../app/contract/recording';
import { identifier } from '../../app/contract/schema';
import { UnrollError } from '../../app/errors';
import { applied } from '../../app/transcripts/edits';
import {
  AUDIO_FILE,
  damaged,
  isMissing,
  MANIFEST_FILE,
  PART_FILE,
  readRecordingManifest,
  readSamples,
  readTake,
  samplesIn,
  isUnchanged,
  searchedText,
  sizeOf,
  stampOf,
  summaryOf,
  TAKE_FILE,
  writeRecordingManifest,
  type TakeDescription,
} from './recordingFiles';
import { RecordingIndex, type IndexedRecording } from './recordingIndex';
import { Take, turnIntoTake, type OpenSoundFile } from './take';
import { Turns } from './turns';

export const TRASH_DAYS = 30;
const DAY_MS = 86_400_000;
const FOLDERS_AT_ONCE = 16;

export interface RecordingsOptions {
  readonly now?: () => Date;
  readonly openFile?: OpenSoundFile;
  /** File of the index, outside the folder of recordings; left out, it is made anew at every start. */
  readonly indexFile?: string;
}

export class Recordings {
  readonly #root: string;
  readonly #now: () => Date;
  readonly #openFile: OpenSoundFile | undefined;
  readonly #index: RecordingIndex;
  /** Why a manifest cannot be used; its recording is shown and left as it is. */
  readonly #problems = new Map<string, UnrollError>();
  readonly #turns = new Turns();
  readonly #interrupted = new Map<string, TakeDescription>();

  private constructor(root: string, { now = () => new Date(), openFile, indexFile }: RecordingsOptions) {
    this.#root = root;
    this.#index = RecordingIndex.open(indexFile ?? null);
    this.#now = now;
    this.#openFile = openFile;
  }

  /** Reads what is in `root` and empties the trash of what has been there for more than 30 days. */
  static async open(root: string, options: RecordingsOptions = {}): Promise<Recordings> {
    await fs.mkdir(root, { recursive: true });
    const recordings = new Recordings(root, options);
    const names = (await fs.readdir(root)).filter((name) => identifier.safeParse(name).success);
    await recordings.#index.all(() => recordings.#loadAll(names));
    return recordings;
  }

  close(): void {
    this.#index.close();
  }

  /** Takes that were cut short, as they were found at the start and not yet gone on with or put together. */
  get interrupted(): readonly TakeDescription[] {
    return [...this.#interrupted.values()];
  }

  /** The newest first, without the trash. */
  list(): ReplyOf<'recordings.list'> {
    const { count, bytes, durationMs } = this.#index.totals();
    const { recordings } = this.search({ filter: {}, sort: 'newest', first: 0, count: MAX_NEWEST_RECORDINGS });
    return { recordings, total: count, totalMs: durationMs, totalBytes: bytes };
  }

  search(asked: RequestOf<'library.search'>): ReplyOf<'library.search'> {
    return this.#index.search(asked);
  }

  ids(filter: LibraryFilter): string[] {
    return this.#index.ids(filter);
  }

  facets(): ReplyOf<'library.facets'> {
    return this.#index.facets();
  }

  /** @throws UnrollError recording.missing */
  summary(id: string): RecordingSummary {
    return this.#entry(id).summary;
  }

  /** @throws UnrollError recording.missing, recording.damaged */
  async get(id: string): Promise<RecordingManifest> {
    this.#entry(id);
    return readRecordingManifest(this.#folder(id));
  }

  /** Samples [first, first + count) and how many there are in all. @throws UnrollError recording.missing */
  async audio(id: string, first: number, count: number): Promise<ReplyOf<'recordings.audio'>> {
    const path = join(this.#folder(id), this.#entry(id).audioFile);
    const totalSamples = await samplesIn(path);
    const pcm = await readSamples(path, first, Math.max(0, Math.min(count, totalSamples - first)));
    return { pcm, totalSamples };
  }

  /** Copies all its sound to a WAV file. @throws UnrollError recording.missing */
  async copySound(id: string, to: string): Promise<void> {
    await fs.copyFile(join(this.#folder(id), this.#entry(id).audioFile), to);
  }

  /** @throws UnrollError recording.missing, recording.damaged */
  rename(id: string, title: string): Promise<RecordingSummary> {
    return this.#change(id, (manifest) => ({ ...manifest, title }));
  }

  /** @throws UnrollError recording.missing, recording.damaged */
  mark(id: string, marks: readonly number[]): Promise<RecordingSummary> {
    const ascending = [...marks].sort((a, b) => a - b);
    return this.#change(id, (manifest) => ({ ...manifest, marks: ascending }));
  }

  /** An edit of a text. @throws UnrollError recording.missing, recording.damaged, recording.noLine */
  edit({ recordingId, modelId, ...splice }: RequestOf<'recordings.edit'>): Promise<RecordingSummary> {
    return this.#change(recordingId, (manifest) => {
      const found = manifest.transcripts.find((each) => each.modelId === modelId);
      if (found === undefined || splice.first + splice.count > found.utterances.length)
        throw new UnrollError('recording.noLine');
      const utterances = [...applied(found.utterances, splice).utterances];
      const transcripts = manifest.transcripts.map((each) => (each === found ? { ...each, utterances } : each));
      return { ...manifest, transcripts };
    });
  }

  /** Puts these in the place of its tags. @throws UnrollError recording.missing, recording.damaged */
  label(id: string, tags: readonly string[], isFavourite: boolean): Promise<RecordingSummary> {
    return this.#change(id, (manifest) => ({ ...manifest, tags: [...new Set(tags)], isFavourite }));
  }

  /** Off the disk for good; only out of the trash. @throws UnrollError recording.missing, recording.damaged */
  erase(id: string): Promise<void> {
    return this.#turns.take(id, async () => {
      if (!this.#usable(id).isDeleted) throw new UnrollError('recording.missing', { recording: id });
      await fs.rm(this.#folder(id), { recursive: true });
      this.#index.remove(id);
    });
  }

  /** Moves it to the trash. @throws UnrollError recording.missing, recording.damaged */
  async delete(id: string): Promise<void> {
    await this.#change(id, (manifest) => ({ ...manifest, deletedAt: this.#now().toISOString() }));
  }

  /** @throws UnrollError recording.missing, recording.damaged */
  restore(id: string): Promise<RecordingSummary> {
    return this.#change(id, (manifest) => ({ ...manifest, deletedAt: null }));
  }

  /** Adds a transcript as the newest, in the place of an earlier one by the same model. */
  setTranscript(id: string, transcript: Transcript): Promise<RecordingSummary> {
    return this.#change(id, (manifest) => ({
      ...manifest,
      transcripts: [...manifest.transcripts.filter((old) => old.modelId !== transcript.modelId), transcript],
    }));
  }

  /** @throws UnrollError disk.full */
  createTake(description: TakeDescription): Promise<Take> {
    return Take.create(this.#folder(description.id), description, this.#openFile);
  }

  /**
   * Goes on with a take that was cut short, or with a recording that was made of one.
   * @throws UnrollError recording.missing, recording.damaged
   */
  reopenTake(id: string, modelId: string, owner: number): Promise<Take> {
    return this.#turns.take(id, async () => {
      const folder = this.#folder(id);
      const description = (await readTake(folder)) ?? (await this.#backToTake(id, modelId, owner));
      await this.#backToPart(folder);
      const take = await Take.reopen(folder, description, this.#openFile);
      this.#interrupted.delete(id);
      return take;
    });
  }

  /** The take becomes a recording of the list. */
  finishTake(take: Take, ending: Parameters<Take['finish']>[0]): Promise<RecordingSummary> {
    const { id } = take.description;
    return this.#turns.take(id, async () => this.#keep(id, await take.finish(ending)));
  }

  /**
   * Puts a cut-short take together from what is on disk, without a transcript; a take without a sample is removed.
   * @returns its summary, or null where there was no sound or it is no longer interrupted
   */
  recover(id: string): Promise<RecordingSummary | null> {
    return this.#turns.take(id, async () => {
      const description = this.#interrupted.get(id);
      if (description === undefined) return null;
      const folder = this.#folder(id);
      await this.#backToPart(folder);
      const take = await Take.reopen(folder, description, this.#openFile);
      this.#interrupted.delete(id);
      if (take.samplesOnDisk > 0) return this.#keep(id, await take.finish({ utterances: null, isRecovered: true }));
      await take.close();
      await fs.rm(folder, { recursive: true });
      return null;
    });
  }

  /** Takes over a finished folder (audio.wav and manifest.json) from elsewhere in the data folder. */
  async adopt(folder: string): Promise<RecordingSummary> {
    const manifest = await readRecordingManifest(folder);
    await fs.rename(folder, this.#folder(manifest.id));
    return this.#keep(manifest.id, manifest);
  }

  async #loadAll(names: readonly string[]): Promise<void> {
    const stamps = this.#index.stamps();
    const there = new Set(names);
    for (const id of stamps.keys()) if (!there.has(id)) this.#index.remove(id);
    const changed = names.filter((id) => !isUnchanged(this.#folder(id), stamps.get(id) ?? ''));
    for (let start = 0; start < changed.length; start += FOLDERS_AT_ONCE)
      await Promise.all(changed.slice(start, start + FOLDERS_AT_ONCE).map((id) => this.#load(id)));
  }

  async #load(id: string): Promise<void> {
    const folder = this.#folder(id);
    try {
      const take = await readTake(folder);
      if (take !== null && !(await this.#isFinished(folder))) {
        this.#interrupted.set(id, take);
        this.#index.remove(id);
        return;
      }
      if (take !== null) await fs.rm(join(folder, TAKE_FILE));
      const manifest = await readRecordingManifest(folder);
      if (!this.#isOverdue(manifest)) return void (await this.#keep(id, manifest));
      await fs.rm(folder, { recursive: true });
      this.#index.remove(id);
    } catch (error) {
      if (!(error instanceof UnrollError)) throw error;
      await this.#keepDamaged(id, error);
    }
  }

  /** A take whose sound was already named audio.wav when it was cut short. */
  async #backToPart(folder: string): Promise<void> {
    const [audio, part] = [join(folder, AUDIO_FILE), join(folder, PART_FILE)];
    if ((await sizeOf(part)) === 0 && (await sizeOf(audio)) > 0) await fs.rename(audio, part);
  }

  /** A take.json beside a whole recording: only its removal was cut short. */
  async #isFinished(folder: string): Promise<boolean> {
    const [audio, manifest, part] = await Promise.all(
      [AUDIO_FILE, MANIFEST_FILE, PART_FILE].map((file) => sizeOf(join(folder, file))),
    );
    return audio !== 0 && manifest !== 0 && part === 0;
  }

  #isOverdue({ deletedAt }: RecordingManifest): boolean {
    if (deletedAt === null) return false;
    return this.#now().getTime() - Date.parse(deletedAt) > TRASH_DAYS * DAY_MS;
  }

  async #keep(id: string, manifest: RecordingManifest): Promise<RecordingSummary> {
    const folder = this.#folder(id);
    const sizes = await Promise.all([AUDIO_FILE, MANIFEST_FILE].map((file) => sizeOf(join(folder, file))));
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    const summary = summaryOf(manifest);
    this.#problems.delete(id);
    this.#index.put({ summary, stamp: stampOf(folder), bytes, audioFile: AUDIO_FILE }, searchedText(manifest));
    return summary;
  }

  /** Shows what can be told without a manifest. A folder without sound is none of ours. */
  async #keepDamaged(id: string, error: UnrollError): Promise<void> {
    const folder = this.#folder(id);
    const found = await findSound(folder);
    if (found === null) return this.#index.remove(id);
    const problem =
      error.code === 'recording.missing' ? damaged(id, MANIFEST_FILE, { reason: 'reason.file.missing' }) : error;
    const summary: RecordingSummary = {
      id,
      title: '',
      createdAt: found.changedAt.toISOString(),
      durationMs: (found.samples * 1000) / RECORDING_SAMPLE_RATE_HZ,
      source: 'microphone',
      isRecovered: false,
      text: '',
      modelId: null,
      confidence: null,
      corrections: 0,
      tags: [],
      isFavourite: false,
      isDeleted: false,
    };
    this.#problems.set(id, problem);
    const unread = { text: '', modelIds: [] };
    this.#index.put({ summary, stamp: '', bytes: found.bytes, audioFile: found.file }, unread);
  }

  #change(id: string, change: (manifest: RecordingManifest) => RecordingManifest): Promise<RecordingSummary> {
    return this.#turns.take(id, async () => {
      this.#usable(id);
      const manifest = change(await readRecordingManifest(this.#folder(id)));
      await writeRecordingManifest(this.#folder(id), manifest);
      return this.#keep(id, manifest);
    });
  }

  async #backToTake(id: string, modelId: string, owner: number): Promise<TakeDescription> {
    const { isDeleted } = this.#usable(id);
    const manifest = await readRecordingManifest(this.#folder(id));
    const { title, createdAt, source, marks } = manifest;
    if (isDeleted || source === 'file') throw new UnrollError('recording.missing', { recording: id });
    const take: TakeDescription = {
      format: 'unroll-take',
      version: 1,
      id,
      title,
      createdAt,
      source,
      modelId,
      owner,
      marks,
    };
    await turnIntoTake(this.#folder(id), take);
    this.#index.remove(id);
    return take;
  }

  #folder(id: string): string {
    return join(this.#root, identifier.parse(id));
  }
  /** @throws UnrollError recording.missing, recording.damaged */
  #usable(id: string): RecordingSummary {
    const { summary } = this.#entry(id);
    const problem = this.#problems.get(id);
    if (problem !== undefined) throw problem;
    return summary;
  }
  #entry(id: string): IndexedRecording {
    const entry = this.#index.get(id);
    if (entry === null) throw new UnrollError('recording.missing', { recording: id });
    return entry;
  }
}

async function findSound(
  folder: string,
): Promise<{ file: string; samples: number; bytes: number; changedAt: Date } | null> {
  for (const file of [AUDIO_FILE, PART_FILE]) {
    try {
      const { size, mtime } = await fs.stat(join(folder, file));
      return { file, samples: await samplesIn(join(folder, file)), bytes: size, changedAt: mtime };
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  return null;
}
