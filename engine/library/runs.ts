// The runs in the data folder: runs/<id>/ with status.json, config.json and whatever training writes there. The engine that trains
// writes them, others read. A folder without status.json is none of ours.
import { promises as fs } from 'node:fs';
import { basename, join } from 'node:path';
import { runStatusSchema, type RunStatus } from '../../app/contract/runs';
import { identifier } from '../../app/contract/schema';
import { runConfigSchema, type RunConfig } from '../../app/contract/textRuns';
import { UnrollError } from '../../app/errors';
import { fieldReason, type FieldReason } from '../../app/fieldReason';
import { writeFileAtomic } from './atomicFile';
import { isMissing, sizeOf } from './recordingFiles';

export const STATUS_FILE = 'status.json';
const CONFIG_FILE = 'config.json';
/** A configuration with a hundred thousand words of vocabulary takes a tenth of it. */
const MAX_FILE_BYTES = 64 << 20;
const FOLDERS_AT_ONCE = 16;

export class Runs {
  readonly #root: string;

  /** @param root need not be there yet */
  constructor(root: string) {
    this.#root = root;
  }

  /** Where a run lies. @throws ZodError where it is no identifier: the gate lets no other pass */
  folder(id: string): string {
    return join(this.#root, identifier.parse(id));
  }

  /** Newest first, the trash included. One whose status cannot be read is told as a failed run, with what is wrong with it. */
  async all(): Promise<RunStatus[]> {
    const names = await fs.readdir(this.#root).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    const ids = names.filter((name) => identifier.safeParse(name).success);
    const runs: RunStatus[] = [];
    for (let start = 0; start < ids.length; start += FOLDERS_AT_ONCE) {
      const read = await Promise.all(ids.slice(start, start + FOLDERS_AT_ONCE).map((id) => this.#readOrTell(id)));
      runs.push(...read.filter((run) => run !== null));
    }
    return runs.sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  }

  /** Newest first, without the trash. */
  async list(): Promise<RunStatus[]> {
    return (await this.all()).filter(({ deletedAt }) => deletedAt === null);
  }

  /** @throws UnrollError run.missing */
  async get(id: string): Promise<RunStatus> {
    const run = await this.#readOrTell(id);
    if (run === null) throw new UnrollError('run.missing');
    return run;
  }

  /** What it was asked to learn, and how. @throws UnrollError run.missing, run.damaged */
  async config(id: string): Promise<RunConfig> {
    const value = await readJson(this.folder(id), CONFIG_FILE);
    if (value === null) throw new UnrollError('run.missing');
    const result = runConfigSchema.safeParse(value);
    if (result.success) return result.data;
    const { path, params } = fieldReason(result.error, value);
    throw damaged(id, `${CONFIG_FILE}: ${path}`, params);
  }

  /**
   * Makes its folder: status.json comes last, so that a run is whole or none.
   * @param addFiles writes what else belongs into it
   */
  async create(
    status: RunStatus,
    config: RunConfig,
    addFiles: (folder: string) => Promise<void> = async () => undefined,
  ): Promise<void> {
    const folder = this.folder(status.id);
    await fs.mkdir(folder, { recursive: true });
    try {
      await writeFileAtomic(join(folder, CONFIG_FILE), `${JSON.stringify(config, null, 2)}\n`);
      await addFiles(folder);
      await this.write(status);
    } catch (error) {
      await fs.rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  async write(status: RunStatus): Promise<void> {
    const text = `${JSON.stringify(runStatusSchema.parse(status), null, 2)}\n`;
    await writeFileAtomic(join(this.folder(status.id), STATUS_FILE), text);
  }

  /** For good. */
  async remove(id: string): Promise<void> {
    await fs.rm(this.folder(id), { recursive: true, force: true });
  }

  /** Null where there is no run. */
  async #readOrTell(id: string): Promise<RunStatus | null> {
    const folder = this.folder(id);
    try {
      const value = await readJson(folder, STATUS_FILE);
      if (value === null) return null;
      const result = runStatusSchema.safeParse(value);
      if (!result.success) {
        const { path, params } = fieldReason(result.error, value);
        throw damaged(id, `${STATUS_FILE}: ${path}`, params);
      }
      if (result.data.id !== id) throw damaged(id, STATUS_FILE, { reason: 'reason.run.other' });
      return result.data;
    } catch (error) {
      if (!(error instanceof UnrollError)) throw error;
      return damagedRun(id, (await fs.stat(folder)).mtime, error);
    }
  }
}

/** A run of which nothing is known but that it is there. */
const damagedRun = (id: string, changedAt: Date, error: UnrollError): RunStatus => ({
  format: 'unroll-run',
  version: 1,
  id,
  name: id,
  notes: '',
  createdAt: changedAt.toISOString(),
  state: 'failed',
  setId: null,
  fromModelId: null,
  place: null,
  parameters: null,
  progress: null,
  best: null,
  error: error.toMessage(),
  modelId: null,
  deletedAt: null,
});

const damaged = (run: string, place: string, params: FieldReason['params']): UnrollError =>
  new UnrollError('run.damaged', { ...params, run, place });

/** Null where the file is not there. @throws UnrollError run.damaged where it is no JSON */
async function readJson(folder: string, file: string): Promise<unknown> {
  const path = join(folder, file);
  const run = basename(folder);
  if ((await sizeOf(path)) > MAX_FILE_BYTES) throw damaged(run, file, { reason: 'reason.recording.tooLarge' });
  let text: string;
  try {
    text = await fs.readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
  try {
    const value: unknown = JSON.parse(text);
    if (value !== null) return value;
  } catch {
    // said below, as for a file that holds null
  }
  throw damaged(run, file, { reason: 'reason.file.json' });
}
