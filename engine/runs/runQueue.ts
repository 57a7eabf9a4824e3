// What a person can do with runs: begin, put aside, take up again, end, put in another order, name, throw away.
import { MAX_MODEL_NAME } from '../../app/contract/models';
import type { RunStatus } from '../../app/contract/runs';
import type { RunConfig } from '../../app/contract/textRuns';
import { UnrollError, unreachable } from '../../app/errors';
import { newId } from '../library/recordingFiles';
import { endAttempts } from './attempts';
import type { RunWish } from './learning';
import { isHeld } from './runHold';
import type { RunList } from './runList';
import type { RunWorker } from './runWorker';

/** What the model of a run is called, in either language. */
export function modelName(runName: string): RunConfig['name'] {
  const name = runName.slice(0, MAX_MODEL_NAME);
  return { en: name, zh: name };
}

export interface NewRun extends Pick<RunStatus, 'name' | 'setId' | 'fromModelId' | 'parameters' | 'task'> {
  readonly config: RunConfig;
  /** Writes what it learns from into its folder. */
  readonly addFiles?: (folder: string) => Promise<void>;
}

export class RunQueue {
  readonly #list: RunList;
  readonly #worker: RunWorker;

  constructor(list: RunList, worker: RunWorker) {
    this.#list = list;
    this.#worker = worker;
  }

  /**
   * Under its own id and name, which its model will have too.
   * @throws UnrollError run.tooMany; a system error where it cannot be written
   */
  async start({ config, addFiles, ...run }: NewRun): Promise<RunStatus> {
    const list = this.#list;
    const id = newId();
    const status = await list.inTurn(async () => {
      list.checkRoom();
      const queued: RunStatus = {
        ...BLANK,
        ...run,
        id,
        createdAt: list.now().toISOString(),
        place: list.waiting().length,
      };
      await list.runs.create(queued, { ...config, id, name: modelName(run.name) }, addFiles);
      list.keep(queued);
      return queued;
    });
    this.#worker.wake();
    return status;
  }

  /** @throws UnrollError run.missing, run.over */
  pause(id: string): Promise<RunStatus> {
    return this.#list.inTurn(async () => {
      const run = this.#list.get(id);
      switch (run.state) {
        case 'queued':
          return this.#putAside(id, { state: 'paused', place: null, error: null });
        case 'running':
          return this.#ask(id, 'pause', 'pausing');
        case 'pausing':
        case 'paused':
        case 'failed':
          return run;
        case 'stopping':
        case 'stopped':
        case 'finished':
          throw over(run);
        default:
          return unreachable(run.state);
      }
    });
  }

  /** Whatever is held goes on with it. @throws UnrollError run.missing, run.over */
  async resume(id: string): Promise<RunStatus> {
    const run = await this.#list.inTurn(async () => {
      await this.#release();
      const before = this.#list.get(id);
      switch (before.state) {
        case 'queued':
        case 'running':
          return before;
        case 'pausing':
          return this.#ask(id, 'goOn', 'running');
        case 'paused':
        case 'failed':
          if (before.deletedAt !== null) throw new UnrollError('run.missing');
          await endAttempts(this.#list.runs.folder(id));
          return this.#list.change(id, { state: 'queued', place: this.#list.waiting().length, error: null });
        case 'stopping':
        case 'stopped':
        case 'finished':
          throw over(before);
        default:
          return unreachable(before.state);
      }
    });
    this.#worker.wake();
    return run;
  }

  /** Ends it for good; its best weights become a model. @throws UnrollError run.missing */
  async stop(id: string): Promise<RunStatus> {
    const run = await this.#list.inTurn(async () => {
      const before = this.#list.get(id);
      switch (before.state) {
        case 'running':
        case 'pausing':
          return this.#ask(id, 'stop', 'stopping');
        case 'queued':
        case 'paused':
        case 'failed':
          await endAttempts(this.#list.runs.folder(id));
          return this.#putAside(id, { state: 'stopping', place: null, error: null });
        case 'stopping':
        case 'stopped':
        case 'finished':
          return before;
        default:
          return unreachable(before.state);
      }
    });
    this.#worker.wake();
    return run;
  }

  /** Puts a waiting run before another, or at the end. @throws UnrollError run.missing, run.notWaiting */
  move(id: string, beforeId: string | null): Promise<RunStatus[]> {
    return this.#list.inTurn(async () => {
      const moved = this.#list.get(id);
      for (const run of beforeId === null ? [moved] : [moved, this.#list.get(beforeId)])
        if (run.state !== 'queued') throw new UnrollError('run.notWaiting', { name: run.name });
      const order = this.#list.waiting().filter((run) => run.id !== id);
      const at = order.findIndex((run) => run.id === beforeId);
      if (id !== beforeId) {
        order.splice(at === -1 ? order.length : at, 0, moved);
        await this.#list.number(order);
      }
      return this.#list.shown();
    });
  }

  /** @throws UnrollError run.missing */
  rename(id: string, name: string): Promise<RunStatus> {
    return this.#list.inTurn(() => this.#list.change(id, { name }));
  }

  /** What the person wrote down about it. @throws UnrollError run.missing */
  note(id: string, notes: string): Promise<RunStatus> {
    return this.#list.inTurn(() => this.#list.change(id, { notes }));
  }

  /** To the trash. @throws UnrollError run.missing, run.atWork */
  async delete(id: string): Promise<void> {
    await this.#list.inTurn(async () => {
      const run = this.#list.get(id);
      switch (run.state) {
        case 'running':
        case 'pausing':
        case 'stopping':
          throw new UnrollError('run.atWork', { name: run.name });
        case 'queued':
        case 'paused':
        case 'stopped':
        case 'finished':
        case 'failed': {
          const state = run.state === 'queued' ? 'paused' : run.state;
          const error = isHeld(run) ? null : run.error;
          await this.#putAside(id, { state, place: null, error, deletedAt: this.#list.now().toISOString() });
          return;
        }
        default:
          unreachable(run.state);
      }
    });
  }

  /** @throws UnrollError run.missing */
  restore(id: string): Promise<RunStatus> {
    return this.#list.inTurn(() => this.#list.change(id, { deletedAt: null }));
  }

  /** Changes a run that may have waited; those behind it move up. */
  async #putAside(id: string, change: Partial<RunStatus>): Promise<RunStatus> {
    const changed = await this.#list.change(id, change);
    await this.#list.number(this.#list.waiting());
    return changed;
  }

  /** What a full disk held back waits for nothing but its turn. */
  async #release(): Promise<void> {
    for (const run of this.#list.waiting()) if (isHeld(run)) await this.#list.change(run.id, { error: null });
  }

  /** Of the run at work. */
  #ask(id: string, wish: RunWish, state: RunStatus['state']): Promise<RunStatus> {
    this.#worker.ask(id, wish);
    return this.#list.change(id, { state });
  }
}

const BLANK = {
  format: 'unroll-run',
  version: 1,
  notes: '',
  state: 'queued',
  progress: null,
  best: null,
  error: null,
  modelId: null,
  deletedAt: null,
} as const satisfies Partial<RunStatus>;

const over = ({ name }: RunStatus): UnrollError => new UnrollError('run.over', { name });
