// Learns the runs that wait, one after the other. Whatever ends the process, its run is found at work and goes on from its checkpoint.
import type { ErrorMessage } from '../../app/contract/errorMessage';
import type { EventOf } from '../../app/contract/messages';
import type { RunEpoch, RunStatus } from '../../app/contract/runs';
import { UnrollError } from '../../app/errors';
import { errorMessageOf } from '../serve/errorMessage';
import { beginAttempt, endAttempts, MOST_ATTEMPTS } from './attempts';
import type { Learn, LearningEvents, RunEnding, RunWish } from './learning';
import type { RunList } from './runList';
import { heldBy, isFullDisk, isHeld } from './runHold';
import { RunMeter } from './runMeter';

/** Between two events, and two writings, of a run that only got on. */
const TELLING_MS = 500;
const WRITING_MS = 5_000;

export interface RunWorkerEvents {
  changed(run: RunStatus): void;
  stepped(event: EventOf<'runs.stepped'>): void;
  epochEnded(event: EventOf<'runs.epochEnded'>): void;
  /** There is a new model. */
  modelMade(): void;
}
export interface RunWorkerOptions {
  readonly list: RunList;
  readonly learn: Learn;
  readonly events: RunWorkerEvents;
  readonly log: (line: string) => void;
  readonly onBug: (error: unknown) => void;
}

interface Current {
  readonly id: string;
  readonly meter: RunMeter;
  wish: RunWish;
  toldAt: number;
  writtenAt: number;
  isWriting: boolean;
  /** What the next writing adds. */
  unwritten: Partial<RunStatus>;
}

export class RunWorker {
  readonly #options: RunWorkerOptions;
  readonly #list: RunList;
  #current: Current | null = null;
  #work: Promise<void> | null = null;
  #isClosing = false;

  constructor(options: RunWorkerOptions) {
    this.#options = options;
    this.#list = options.list;
    this.#list.progressOf = (id) => (this.#current?.id === id ? this.#current.meter.progress : null);
  }

  /** Says that something may be there to be learned. */
  wake(): void {
    if (this.#work !== null || this.#isClosing) return;
    this.#work = this.#learnAll().catch(this.#options.onBug);
  }

  /** What the person wants of the run at work; heard after the step at hand. */
  ask(id: string, wish: RunWish): void {
    if (this.#current?.id === id) this.#current.wish = wish;
  }

  /** Ends in order: the run at work is left with a checkpoint, and goes on with the next start. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#work;
  }

  async #learnAll(): Promise<void> {
    for (;;) {
      const current = await this.#list.inTurn(() => this.#takeNext());
      if (current === null) return;
      let change: Partial<RunStatus>;
      try {
        change = this.#changeBy(current.id, await this.#learn(current));
        await endAttempts(this.#list.runs.folder(current.id));
      } catch (error) {
        const message = errorMessageOf(error);
        if (message === null) throw error;
        change = { state: 'failed', error: message };
      }
      current.meter.flush();
      await this.#list.inTurn(() => this.#settle(current, change));
    }
  }

  /** The run that is learned next, as one at work; null where there is none. */
  async #takeNext(): Promise<Current | null> {
    while (!this.#isClosing) {
      const next =
        this.#list.shown().find(({ state }) => state === 'stopping') ??
        this.#list.waiting().find((run) => !isHeld(run));
      if (next === undefined) break;
      try {
        const current = await this.#begin(next);
        if (current !== null) return current;
      } catch (error) {
        const message = errorMessageOf(error);
        if (message === null) throw error;
        await this.#fail(next.id, message);
      }
    }
    this.#work = null;
    return null;
  }

  /** Null where it may not begin any more. */
  async #begin(next: RunStatus): Promise<Current | null> {
    const { runs } = this.#list;
    if (!(await beginAttempt(runs.folder(next.id)))) {
      const error = new UnrollError('run.died', { name: next.name, times: MOST_ATTEMPTS });
      await this.#fail(next.id, error.toMessage());
      return null;
    }
    const { epochs } = (await runs.config(next.id)).training;
    const now = (): number => performance.now();
    const onSteps: RunMeterSteps = (steps, parts) => this.#options.events.stepped({ steps, parts });
    const meter = new RunMeter({ runId: next.id, before: next.progress, epochs, onSteps, now });
    const isStopping = next.state === 'stopping';
    const wish = isStopping ? 'stop' : 'goOn';
    this.#current = { id: next.id, meter, wish, toldAt: now(), writtenAt: now(), isWriting: false, unwritten: {} };
    if (!isStopping) await this.#list.change(next.id, { state: 'running', place: null, error: null });
    await this.#list.number(this.#list.waiting());
    return this.#current;
  }

  #learn(current: Current): Promise<RunEnding> {
    const wish = (): RunWish => (this.#isClosing ? 'pause' : current.wish);
    return this.#options.learn({ run: this.#list.get(current.id), wish, events: this.#eventsOf(current) });
  }

  #eventsOf(current: Current): LearningEvents {
    const { id, meter } = current;
    return {
      activity: (activity, fraction) => {
        meter.activity(activity, fraction);
        this.#gotOn(current);
      },
      step: (step) => {
        meter.step(step);
        this.#gotOn(current);
      },
      epoch: (epoch) => {
        meter.epochEnded(epoch.epoch);
        this.#options.events.epochEnded({ runId: id, epoch });
        if (!current.isWriting) current.writtenAt = -Infinity;
        this.#gotOn(current, epoch.isBest ? { best: bestOf(epoch) } : {});
      },
    };
  }

  /** Tells of it, and writes it down, now and then. */
  #gotOn(current: Current, change: Partial<RunStatus> = {}): void {
    const now = performance.now();
    current.unwritten = { ...current.unwritten, ...change };
    if (!current.isWriting && now - current.writtenAt >= WRITING_MS) return this.#write(current);
    if (now - current.toldAt < TELLING_MS) return;
    current.toldAt = now;
    this.#options.events.changed(this.#list.get(current.id));
  }

  /** One at a time: epochs may come faster than a disk writes, and the run's end waits for what is under way. */
  #write(current: Current): void {
    current.writtenAt = current.toldAt = performance.now();
    current.isWriting = true;
    const change = current.unwritten;
    current.unwritten = {};
    this.#list
      .inTurn(() => (this.#current === current ? this.#list.change(current.id, change) : Promise.resolve(null)))
      .catch((error: unknown) => this.#options.log(`The run ${current.id} could not be written down: ${String(error)}`))
      .finally(() => (current.isWriting = false));
  }

  #changeBy(id: string, ending: RunEnding): Partial<RunStatus> {
    if (ending.kind !== 'paused') return { state: ending.kind, modelId: ending.modelId, error: null };
    const { state } = this.#list.get(id);
    // A run that the person has not put aside, or has taken up again meanwhile, is the first to go on.
    if (state === 'pausing') return { state: 'paused' };
    return state === 'stopping' ? {} : { state: 'queued', place: 0 };
  }

  async #settle(current: Current, change: Partial<RunStatus>): Promise<void> {
    const { id } = current;
    const last = { ...this.#list.get(id), ...current.unwritten, ...change };
    this.#current = null;
    // Whoever hears that the run is over finds its model.
    if (change.modelId !== undefined && change.modelId !== null) this.#options.events.modelMade();
    try {
      const others = this.#list.waiting();
      await this.#list.change(id, last);
      await this.#list.number(last.state === 'queued' ? [last, ...others] : others);
    } catch (error) {
      if (errorMessageOf(error) === null) throw error;
      this.#keepUnwritten(last, error);
    }
    await this.#holdOthers(last);
  }

  /** After a run that the disk had no room for. */
  async #holdOthers({ name, error }: RunStatus): Promise<void> {
    if (error === null || !isFullDisk(error)) return;
    for (const run of this.#list.waiting()) {
      const held = { ...run, error: heldBy(name) };
      try {
        await this.#list.change(run.id, held);
      } catch (problem) {
        if (errorMessageOf(problem) === null) throw problem;
        this.#keepUnwritten(held, problem);
      }
    }
  }

  async #fail(id: string, error: ErrorMessage): Promise<void> {
    this.#current = null;
    const failed: RunStatus = { ...this.#list.get(id), state: 'failed', place: null, error };
    try {
      await this.#list.change(id, failed);
    } catch (problem) {
      if (errorMessageOf(problem) === null) throw problem;
      this.#keepUnwritten(failed, problem);
    }
    await this.#holdOthers(failed);
  }

  /** On a full disk the run has ended all the same: the next start finds it as it was written last. */
  #keepUnwritten(status: RunStatus, problem: unknown): void {
    this.#options.log(`The run ${status.id} could not be written down: ${String(problem)}`);
    this.#list.keep(status);
  }
}

type RunMeterSteps = ConstructorParameters<typeof RunMeter>[0]['onSteps'];
const bestOf = ({ epoch, validationLoss, wordError, slotF1, accuracy }: RunEpoch): RunStatus['best'] => {
  const score = slotF1 ?? accuracy;
  return { epoch, validationLoss, wordError, ...(score === undefined ? {} : { score }) };
};
