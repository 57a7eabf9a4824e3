// The training runs as the engine keeps them, and what is done to them.
import type { ErrorMessage } from '../../../app/contract/errorMessage';
import type { ModelSummary } from '../../../app/contract/messages';
import type { RunState, RunStatus } from '../../../app/contract/runs';
import { errorMessageOf, type Bridge } from '../../bridge/bridge';
import { Comparison } from './comparison.svelte';
import { RunDraft } from './draft.svelte';

export class Runs {
  /** Newest first; those in the trash are not among them. */
  all = $state.raw<readonly RunStatus[]>([]);
  state = $state<'loading' | 'ready' | 'failed'>('loading');
  error = $state.raw<ErrorMessage | null>(null);
  /** The run that is put together; it stays while another view is looked at. */
  readonly draft = new RunDraft();
  readonly comparison: Comparison;
  readonly #bridge: Bridge;
  #asked = 0;
  #begun = 0;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
    this.comparison = new Comparison(bridge);
  }

  /** Follows the engine until the returned function is called. */
  follow(): () => void {
    void this.load();
    return this.#bridge.on('runs.changed', ({ run }) => this.put(run));
  }

  async load(): Promise<void> {
    const asked = ++this.#asked;
    try {
      const { runs } = await this.#bridge.request('runs.list', {});
      if (asked !== this.#asked) return;
      this.all = inOrder(runs);
      this.error = null;
      this.state = 'ready';
    } catch (error) {
      if (asked !== this.#asked) return;
      this.error = errorMessageOf(error);
      this.state = 'failed';
      if (this.error === null) throw error;
    }
  }

  /** One learns now, or is at the beginning or end of it. */
  readonly isWorking = $derived(this.all.some(({ state }) => isAtWork(state)));
  /** Those that wait, the next first. */
  readonly queue = $derived(
    this.all.filter(({ state }) => state === 'queued').sort((a, b) => (a.place ?? Infinity) - (b.place ?? Infinity)),
  );
  /** The one to look at where none is chosen: at work, else the newest. */
  readonly first = $derived(this.all.find(({ state }) => isAtWork(state)) ?? this.all[0] ?? null);

  byId(id: string | null): RunStatus | null {
    return this.all.find((run) => run.id === id) ?? null;
  }

  /** What the engine says of a run now. */
  put(run: RunStatus): void {
    const others = this.all.filter(({ id }) => id !== run.id);
    this.all = inOrder([...others, run]);
  }

  /** What is put together begins with a model; null: with chance. Of several wishes the last counts. */
  async beginWith(model: Pick<ModelSummary, 'id' | 'name'> | null): Promise<void> {
    const begun = ++this.#begun;
    if (model === null) {
      this.draft.begin(null);
      return;
    }
    const { id, name } = model;
    const described = await this.#bridge.request('models.describe', { modelId: id });
    if (begun === this.#begun) this.draft.begin({ id, name, ...described });
  }

  async pause(runId: string): Promise<void> {
    this.put((await this.#bridge.request('runs.pause', { runId })).run);
  }
  async resume(runId: string): Promise<void> {
    this.put((await this.#bridge.request('runs.resume', { runId })).run);
  }
  async stop(runId: string): Promise<void> {
    this.put((await this.#bridge.request('runs.stop', { runId })).run);
  }
  async rename(runId: string, name: string): Promise<void> {
    this.put((await this.#bridge.request('runs.rename', { runId, name })).run);
  }
  async note(runId: string, notes: string): Promise<void> {
    this.put((await this.#bridge.request('runs.note', { runId, notes })).run);
  }
  async delete(runId: string): Promise<void> {
    await this.#bridge.request('runs.delete', { runId });
    this.all = this.all.filter(({ id }) => id !== runId);
  }
  async restore(runId: string): Promise<void> {
    this.put((await this.#bridge.request('runs.restore', { runId })).run);
  }
  /** Puts a waiting run before another, or at the end. */
  async move(runId: string, beforeRunId: string | null): Promise<void> {
    const { runs } = await this.#bridge.request('runs.move', { runId, beforeRunId });
    for (const run of runs) this.put(run);
  }
}

const inOrder = (runs: readonly RunStatus[]): readonly RunStatus[] =>
  runs.filter(({ deletedAt }) => deletedAt === null).sort((a, b) => b.createdAt.localeCompare(a.createdAt));

/** Whether the process that trains is busy with it. */
export function isAtWork(state: RunState): boolean {
  switch (state) {
    case 'running':
    case 'pausing':
    case 'stopping':
      return true;
    case 'queued':
    case 'paused':
    case 'stopped':
    case 'finished':
    case 'failed':
      return false;
  }
}

/** Whether no more steps will come unless the person asks for them. */
export const isOver = (state: RunState): boolean => state === 'stopped' || state === 'finished' || state === 'failed';
