// One run as the view shows it: read once from disk, then kept up by what the engine says.
import type { ErrorMessage } from '../../../app/contract/errorMessage';
import type { EventOf, ReplyOf } from '../../../app/contract/messages';
import { MAX_STEPS, type Hearing, type RunEpoch } from '../../../app/contract/runs';
import type { RunConfig } from '../../../app/contract/textRuns';
import { errorMessageOf, type Bridge } from '../../bridge/bridge';
import { StepLog } from './stepLog';

export type RunParts = ReplyOf<'runs.open'>['parts'];
export interface Hearings {
  readonly epoch: number;
  readonly hearings: readonly Hearing[];
}

export class RunRecord {
  readonly runId: string;
  readonly steps = new StepLog();
  /** Grows whenever `steps` did: what is drawn from it depends on this. */
  version = $state(0);
  epochs = $state.raw<readonly RunEpoch[]>([]);
  config = $state.raw<RunConfig | null>(null);
  parts = $state.raw<RunParts>([]);
  hearings = $state.raw<Hearings | null>(null);
  /** Steps in which nothing was learned; null until they are asked for. */
  skipped = $state.raw<ReplyOf<'runs.skipped'>['steps'] | null>(null);
  /** Whether all that was on disk when it was opened is here. */
  isRead = $state(false);
  error = $state.raw<ErrorMessage | null>(null);
  readonly #bridge: Bridge;
  #isOpen = false;
  #isFetching = false;

  constructor(bridge: Bridge, runId: string) {
    this.#bridge = bridge;
    this.runId = runId;
  }

  /** Reads the run and follows it until the returned function is called. */
  follow(): () => void {
    this.#isOpen = true;
    const offs = [
      this.#bridge.on('runs.stepped', (event) => this.#stepped(event)),
      this.#bridge.on('runs.epochEnded', ({ runId, epoch }) => {
        if (runId === this.runId) this.#epochEnded(epoch);
      }),
    ];
    void this.read();
    return () => {
      this.#isOpen = false;
      for (const off of offs) off();
    };
  }

  async read(): Promise<void> {
    await this.#guarded(async () => {
      const { runId } = this;
      const [{ config, parts }, { epochs }] = await Promise.all([
        this.#bridge.request('runs.open', { runId }),
        this.#bridge.request('runs.epochs', { runId }),
      ]);
      this.config = config;
      this.parts = parts;
      this.epochs = epochs;
      await Promise.all([this.#fetchSteps(), this.#fetchHearings()]);
      this.isRead = true;
    });
  }

  async #fetchSteps(): Promise<void> {
    if (this.#isFetching) return;
    this.#isFetching = true;
    try {
      for (let total = Infinity; this.steps.length < total && this.#isOpen;) {
        const body = { runId: this.runId, first: this.steps.length, count: MAX_STEPS };
        const reply = await this.#bridge.request('runs.steps', body);
        total = reply.total;
        if (reply.steps.loss.length === 0) break;
        this.steps.put(reply.steps, reply.parts);
        this.version += 1;
      }
    } finally {
      this.#isFetching = false;
    }
  }

  async readSkipped(): Promise<void> {
    await this.#guarded(async () => {
      this.skipped = (await this.#bridge.request('runs.skipped', { runId: this.runId })).steps;
    });
  }

  async #fetchHearings(): Promise<void> {
    this.hearings = await this.#bridge.request('runs.hearings', { runId: this.runId });
  }

  #stepped({ steps, parts }: EventOf<'runs.stepped'>): void {
    if (steps.runId !== this.runId) return;
    if (this.steps.put(steps, parts)) this.version += 1;
    else void this.#guarded(() => this.#fetchSteps());
  }

  #epochEnded(epoch: RunEpoch): void {
    const others = this.epochs.filter((each) => each.epoch !== epoch.epoch);
    this.epochs = [...others, epoch].sort((a, b) => a.epoch - b.epoch);
    void this.#guarded(() => this.#fetchHearings());
  }

  /** An error that a person can act on is shown beside the run; any other is a bug. */
  async #guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.error = null;
    } catch (cause) {
      if (!this.#isOpen) return;
      this.error = errorMessageOf(cause);
      if (this.error === null) throw cause;
    }
  }
}

/** The epoch whose weights are kept: the newest that was better than all before it. */
export const bestEpoch = (epochs: readonly RunEpoch[]): RunEpoch | null =>
  [...epochs].reverse().find(({ isBest }) => isBest) ?? null;

/** The last epoch that had ended at a step, or the newest. */
export function epochAt(epochs: readonly RunEpoch[], step: number | null): RunEpoch | null {
  const ended = step === null ? epochs : epochs.filter((epoch) => epoch.step - 1 <= step);
  return ended[ended.length - 1] ?? null;
}

/** All that is on disk of a run's curves. */
export async function readCurves(
  bridge: Bridge,
  runId: string,
): Promise<{ readonly steps: StepLog; readonly epochs: readonly RunEpoch[] }> {
  const steps = new StepLog();
  const { epochs } = await bridge.request('runs.epochs', { runId });
  for (let total = Infinity; steps.length < total;) {
    const reply = await bridge.request('runs.steps', { runId, first: steps.length, count: MAX_STEPS });
    total = reply.total;
    if (reply.steps.loss.length === 0) break;
    steps.put(reply.steps, reply.parts);
  }
  return { steps, epochs };
}
