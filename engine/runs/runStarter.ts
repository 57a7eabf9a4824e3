// What comes before a run: what is to be expected of it, at which rate it should learn, and its beginning.
import type { ReplyOf, RequestOf } from '../../app/contract/messages';
import type { Rung } from '../../app/contract/rung';
import type { RunStatus } from '../../app/contract/runs';
import { UnrollError } from '../../app/errors';
import type { ManifestRow } from '../data/manifest';
import { trainableRows } from '../data/setFiles';
import { adviceOn } from './advice';
import { expectedSeconds } from './expectedTime';
import { NewestOnly } from './newestOnly';
import type { RunQueue } from './runQueue';
import { writeRunRows } from './runRows';

export interface RunStarterOptions {
  readonly queue: RunQueue;
  /** The data folder's sets. */
  readonly sets: string;
  readonly rung: Rung;
}

export class RunStarter {
  readonly #options: RunStarterOptions;
  readonly #expected: NewestOnly<Parameters<typeof expectedSeconds>, number | null>;

  constructor(options: RunStarterOptions) {
    this.#options = options;
    this.#expected = new NewestOnly((question) => expectedSeconds(...question));
  }

  /** @throws UnrollError dataset.missing, manifest.invalid, dataset.empty */
  async advise({ setId, config }: RequestOf<'runs.advise'>): Promise<ReplyOf<'runs.advise'>> {
    const rows = await this.#rows(setId);
    const seconds = await this.#expected.ask([rows, config, this.#options.rung]);
    return { advice: { seconds, ...adviceOn(rows, config) } };
  }

  /** @throws UnrollError as advise, and run.tooMany */
  async start({ setId, config, ...run }: RequestOf<'runs.start'>): Promise<RunStatus> {
    const rows = await this.#rows(setId);
    const { parameters } = adviceOn(rows, config);
    const addFiles = (folder: string): Promise<void> => writeRunRows(folder, rows);
    return this.#options.queue.start({ ...run, setId, config, parameters, addFiles });
  }

  /** What a run may look at: nothing of the test. */
  async #rows(setId: string): Promise<ManifestRow[]> {
    const all = await trainableRows(this.#options.sets, setId);
    const rows = all.filter(({ part }) => part !== 'test');
    if (!rows.some(({ part }) => (part ?? 'train') === 'train'))
      throw new UnrollError('dataset.empty', { rows: all.length });
    return rows;
  }
}
