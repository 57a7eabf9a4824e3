// The runs of this computer as the process that trains knows them: what it reads at its start and writes from then on.
import type { RunProgress, RunStatus } from '../../app/contract/runs';
import { UnrollError } from '../../app/errors';
import type { Runs } from '../library/runs';
import { Turns } from '../library/turns';

const TRASH_DAYS = 30;
const DAY_MS = 86_400_000;
/** The contract's list holds no more. */
const MOST_RUNS = 10_000;

export interface RunListOptions {
  readonly runs: Runs;
  readonly onChanged: (run: RunStatus) => void;
  readonly now?: () => Date;
}

export class RunList {
  readonly runs: Runs;
  readonly now: () => Date;
  readonly #onChanged: (run: RunStatus) => void;
  readonly #statuses = new Map<string, RunStatus>();
  readonly #turns = new Turns();
  /** Tells of the run at work how far it is. */
  #progressOf: (id: string) => RunProgress | null = () => null;

  private constructor({ runs, onChanged, now = () => new Date() }: RunListOptions) {
    this.runs = runs;
    this.now = now;
    this.#onChanged = onChanged;
  }

  /** Reads what there is, empties the trash of what is overdue, and puts what was at work when its process ended first in line. */
  static async open(options: RunListOptions): Promise<RunList> {
    const list = new RunList(options);
    const running: RunStatus[] = [];
    for (const run of await options.runs.all()) {
      if (list.#isOverdue(run)) {
        await options.runs.remove(run.id);
        continue;
      }
      list.#statuses.set(run.id, run);
      if (run.state === 'running' && run.deletedAt === null) running.push(run);
      else if (run.state === 'pausing') await list.change(run.id, { state: 'paused' });
    }
    await list.number([...running, ...list.waiting()]);
    return list;
  }

  set progressOf(progressOf: (id: string) => RunProgress | null) {
    this.#progressOf = progressOf;
  }

  /** Does one thing after the other: what is read is still so when it is changed. */
  inTurn<R>(work: () => Promise<R>): Promise<R> {
    return this.#turns.take('runs', work);
  }

  /** Newest first, without the trash. */
  shown(): RunStatus[] {
    const shown = [...this.#statuses.keys()].map((id) => this.get(id)).filter(({ deletedAt }) => deletedAt === null);
    return shown.sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  }

  /** @throws UnrollError run.missing */
  get(id: string): RunStatus {
    const status = this.#statuses.get(id);
    if (status === undefined) throw new UnrollError('run.missing');
    return { ...status, progress: this.#progressOf(id) ?? status.progress };
  }

  /** Those that wait, the next one first. */
  waiting(): RunStatus[] {
    const waiting = this.shown().filter(({ state }) => state === 'queued');
    return waiting.sort((a, b) => (a.place ?? 0) - (b.place ?? 0) || a.createdAt.localeCompare(b.createdAt));
  }

  /** @throws UnrollError run.tooMany */
  checkRoom(): void {
    if (this.#statuses.size >= MOST_RUNS) throw new UnrollError('run.tooMany', { most: MOST_RUNS });
  }

  /** Takes a run in that has been written, or one that could not be: it is told as it is. */
  keep(status: RunStatus): void {
    this.#statuses.set(status.id, status);
    this.#onChanged(this.get(status.id));
  }

  /** @throws UnrollError run.missing; a system error where it cannot be written, and nothing has changed then */
  async change(id: string, change: Partial<RunStatus>): Promise<RunStatus> {
    const next = { ...this.get(id), ...change };
    await this.runs.write(next);
    this.keep(next);
    return this.get(id);
  }

  /** These wait, in this order. */
  async number(order: readonly RunStatus[]): Promise<void> {
    for (const [place, run] of order.entries())
      if (run.place !== place || run.state !== 'queued') await this.change(run.id, { state: 'queued', place });
  }

  #isOverdue({ deletedAt }: RunStatus): boolean {
    return deletedAt !== null && this.now().getTime() - Date.parse(deletedAt) > TRASH_DAYS * DAY_MS;
  }
}
