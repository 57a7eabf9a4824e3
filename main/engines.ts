// The two engines: one listens and is always warm, one trains and is started when it is needed.
import {
  methods,
  trainingMethods,
  type EngineMethodName,
  type EventEnvelope,
  type TrainingMethodName,
} from '../app/contract/messages';
import type { RunState } from '../app/contract/runs';
import { unreachable } from '../app/errors';
import { EngineSupervisor, type Answer, type SupervisorLimits } from './engineSupervisor';
import type { StartEngine } from './engineLink';
import type { EngineRole } from './engineProgram';

/**
 * The engine that trains keeps count itself of runs that end it, and gives them up: a death after it was ready says nothing
 * against the next start. It may be in the midst of a step, and then writes a checkpoint, when it is asked to end.
 */
const TRAINING_LIMITS: Partial<SupervisorLimits> = { steadyMs: 0, endingMs: 20_000 };

export interface EnginesOptions {
  readonly start: (role: EngineRole) => StartEngine;
  /** See EngineSupervisor. */
  readonly check?: () => Promise<void>;
  /** Hears what both tell, and of the state of the one that listens: the other's is nothing that a window waits for. */
  readonly onEvent: (event: EventEnvelope) => void;
  readonly log: (line: string) => void;
  readonly limits?: Readonly<Partial<Record<EngineRole, Partial<SupervisorLimits>>>>;
}

export class Engines {
  readonly #listening: EngineSupervisor;
  readonly #training: EngineSupervisor;
  readonly #log: (line: string) => void;
  #isTrainingStarted = false;
  #isStopped = false;

  constructor({ start, check, onEvent, log, limits = {} }: EnginesOptions) {
    this.#log = log;
    this.#listening = new EngineSupervisor({
      start: start('listening'),
      check,
      onEvent: (event) => {
        onEvent(event);
        if (isReady(event)) void this.#goOnTraining();
      },
      log,
      limits: limits.listening ?? {},
    });
    this.#training = new EngineSupervisor({
      start: start('training'),
      check,
      onEvent: (event) => {
        if (event.event !== 'engine.state') onEvent(event);
      },
      log: (line) => log(`Training: ${line}`),
      limits: { ...TRAINING_LIMITS, ...limits.training },
    });
  }

  start(): void {
    this.#listening.start();
  }

  /** See EngineSupervisor.startAnew. */
  startAnew(): void {
    this.#listening.startAnew();
  }

  /** Asks the engine whose method it is; see EngineSupervisor.ask. */
  ask(method: EngineMethodName, body: unknown): Promise<Answer> {
    if (!isTrainingMethod(method)) return this.#listening.ask(method, body);
    this.#startTraining();
    return this.#training.ask(method, body);
  }

  /** Ends both for good: what is being recorded is put away, the run at work leaves a checkpoint. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all([this.#listening.stop(), this.#training.stop()]);
  }

  #startTraining(): void {
    if (this.#isTrainingStarted || this.#isStopped) return;
    this.#isTrainingStarted = true;
    this.#training.start();
  }

  /** Starts the engine that trains where a run waits for it, as after the program was ended during one. */
  async #goOnTraining(): Promise<void> {
    if (this.#isTrainingStarted || this.#isStopped) return;
    const answer = await this.#listening.ask('runs.list', {});
    const list = answer.isOk ? methods['runs.list'].reply.safeParse(answer.body).data : undefined;
    if (list === undefined) return this.#log('It is not known whether a run waits: the engine did not tell.');
    if (list.runs.some(({ state }) => isUnfinished(state))) this.#startTraining();
  }
}

const isTrainingMethod = (method: EngineMethodName): method is TrainingMethodName =>
  Object.hasOwn(trainingMethods, method);

const isReady = ({ event, body }: EventEnvelope): boolean =>
  event === 'engine.state' && (body as { readonly state: unknown }).state === 'ready';

function isUnfinished(state: RunState): boolean {
  switch (state) {
    case 'queued':
    case 'running':
    case 'pausing':
    case 'stopping':
      return true;
    case 'paused':
    case 'stopped':
    case 'finished':
    case 'failed':
      return false;
    default:
      return unreachable(state);
  }
}
