// Starts the engine, watches it, starts it again when it dies, and gives up where that does not help.
import type { ErrorMessage } from '../app/contract/errorMessage';
import type { EventEnvelope, EventOf, EngineMethodName } from '../app/contract/messages';
import { reasonText, UnrollError, type ErrorCode, type ReasonParams } from '../app/errors';
import type { EngineLink, StartEngine } from './engineLink';
import { engineEnvelopeSchema, firstIssue, isEventName } from './envelopes';

export type EngineState = EventOf<'engine.state'>;

export type Answer =
  { readonly isOk: true; readonly body: unknown } | { readonly isOk: false; readonly error: ErrorMessage };

export interface SupervisorLimits {
  /** Until the first answer: loading the native library and probing it may take long on a busy machine. */
  readonly startingMs: number;
  /** Between two questions whether the engine is alive. */
  readonly watchMs: number;
  /** An engine that leaves such a question unanswered for so long hangs. */
  readonly hangingMs: number;
  /** A death after so long a life is bad luck; a sooner one counts towards giving up. */
  readonly steadyMs: number;
  readonly quickDeaths: number;
  /** Before the first new start; doubled for each quick death. */
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
  /** For the engine to end when asked. */
  readonly endingMs: number;
}

const LIMITS: SupervisorLimits = {
  startingMs: 120_000,
  watchMs: 20_000,
  hangingMs: 120_000,
  steadyMs: 60_000,
  quickDeaths: 5,
  firstDelayMs: 200,
  longestDelayMs: 5_000,
  endingMs: 3_000,
};

export interface SupervisorOptions {
  readonly start: StartEngine;
  /** Before the first start, and before one that a person asked for. Where it throws, the engine is not started. */
  readonly check?: (() => Promise<void>) | undefined;
  /** Hears what the engine tells, and the supervisor's own engine.state. */
  readonly onEvent: (event: EventEnvelope) => void;
  readonly log: (line: string) => void;
  readonly limits?: Partial<SupervisorLimits>;
}

/** A timer that is so late slept with the machine: the engine slept too, and gets its time anew. */
const SLEPT_MS = 1_000;

/** What an engine says keeps it from working, and time alone does not mend: it is tried once more, and given up. */
const LASTING: readonly string[] = ['data.unusable', 'backend.unavailable'] satisfies ErrorCode[];

type Settle = (answer: Answer) => void;
/** Why an engine ended. */
interface End {
  /** What its window is told where it is not started again. */
  readonly error: ErrorMessage;
  /** For the log. */
  readonly text: string;
}
const endBy = (reason: ReasonParams): End => ({
  error: new UnrollError('engine.failed', reason).toMessage(),
  text: reasonText(reason),
});

/** One life of the engine. */
interface Run {
  readonly link: EngineLink;
  readonly pending: Map<number, Settle>;
  /** By the clock that nobody sets. */
  readyAt: number | null;
  /** Ends the engine when it does not answer in time. */
  hangTimer: ReturnType<typeof setTimeout> | null;
  watchTimer: ReturnType<typeof setTimeout> | null;
  /** Why it will be or was ended, where that is known better than from its exit. */
  end: End | null;
}

export class EngineSupervisor {
  readonly #options: SupervisorOptions;
  readonly #limits: SupervisorLimits;
  readonly #inbox = new TurnByTurn();
  #state: EngineState = { state: 'starting', error: null };
  #run: Run | null = null;
  #deaths = 0;
  #lastId = 0;
  #startTimer: ReturnType<typeof setTimeout> | null = null;
  /** Called when the engine is gone; set once it is to end for good. */
  #onEnded: (() => void) | null = null;
  /** While the program is checked before its start: questions wait for it. */
  #checking: Promise<void> | null = null;
  #isStopped = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#limits = { ...LIMITS, ...options.limits };
  }

  get state(): EngineState {
    return this.#state;
  }

  get pid(): number | undefined {
    return this.#run?.link.pid;
  }

  start(): void {
    this.#tell({ state: 'starting', error: null });
    const { check } = this.#options;
    if (check === undefined) return this.#launch();
    this.#checking = check().then(
      () => this.#checked(null),
      (error: unknown) => this.#checked(error instanceof Error ? error : new Error(String(error))),
    );
  }

  /** @param fault what the check threw */
  #checked(fault: Error | null): void {
    this.#checking = null;
    if (this.#isStopped) return;
    if (fault === null) return this.#launch();
    const detail = fault.message;
    this.#options.log(`The engine is not started. ${detail}`);
    const known = fault instanceof UnrollError ? fault.toMessage() : null;
    this.#tell({ state: 'failed', error: known ?? endBy({ reason: 'reason.engine.notStarted', detail }).error });
  }

  /** Starts the engine once more where it was given up, as after a person has put right what kept it from working. */
  startAnew(): void {
    if (this.#state.state !== 'failed') return;
    this.#deaths = 0;
    this.start();
  }

  /**
   * Asks the engine. Answers `engine.restarting` where it is down or dies before it has answered, and with what keeps it
   * from working where it will not come back.
   */
  ask(method: EngineMethodName, body: unknown): Promise<Answer> {
    if (this.#checking) return this.#checking.then(() => this.ask(method, body));
    const run = this.#run;
    if (run === null) return Promise.resolve({ isOk: false, error: this.#absence() });
    return new Promise((settle) => this.#send(run, method, body, settle));
  }

  /** Ends the engine for good; it puts away what is being recorded. */
  stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#startTimer) clearTimeout(this.#startTimer);
    const run = this.#run;
    if (run === null) return Promise.resolve();
    return new Promise((resolve) => {
      const killTimer = setTimeout(() => run.link.kill(), this.#limits.endingMs);
      this.#onEnded = () => {
        clearTimeout(killTimer);
        resolve();
      };
      run.link.end();
    });
  }

  #launch(): void {
    this.#startTimer = null;
    const run: Run = {
      link: this.#options.start({
        onMessage: (message) => this.#inbox.add(() => this.#received(run, message)),
        onOutput: (line) => this.#options.log(line),
        onExit: (reason) => this.#inbox.add(() => this.#exited(run, reason)),
      }),
      pending: new Map(),
      readyAt: null,
      hangTimer: null,
      watchTimer: null,
      end: null,
    };
    this.#run = run;
    this.#probe(run, this.#limits.startingMs);
  }

  #send(run: Run, method: EngineMethodName, body: unknown, settle: Settle): void {
    const id = ++this.#lastId;
    run.pending.set(id, settle);
    run.link.send({ kind: 'request', id, method, body });
  }

  /** Asks what any engine can answer, and ends one that does not. */
  #probe(run: Run, limitMs: number): void {
    this.#awaitAnswer(run, limitMs);
    this.#send(run, 'system.info', {}, (answer) => {
      if (run !== this.#run) return;
      if (run.hangTimer) clearTimeout(run.hangTimer);
      // An engine that knows what keeps it from working says it better than its end does.
      if (!answer.isOk) return this.#end(run, { error: answer.error, text: answer.error.message });
      run.watchTimer = setTimeout(() => this.#probe(run, this.#limits.hangingMs), this.#limits.watchMs);
      if (run.readyAt !== null) return;
      run.readyAt = performance.now();
      this.#tell({ state: 'ready', error: null });
    });
  }

  #awaitAnswer(run: Run, limitMs: number): void {
    const from = Date.now();
    run.hangTimer = setTimeout(() => {
      if (Date.now() - from > limitMs + SLEPT_MS) return this.#awaitAnswer(run, limitMs);
      this.#end(run, endBy({ reason: 'reason.engine.silent', seconds: Math.round(limitMs / 1000) }));
    }, limitMs);
  }

  #end(run: Run, end: End): void {
    run.end = end;
    run.link.kill();
  }

  #received(run: Run, message: unknown): void {
    if (run !== this.#run) return;
    const parsed = engineEnvelopeSchema.safeParse(message);
    if (!parsed.success) {
      return this.#end(run, endBy({ reason: 'reason.engine.form', detail: firstIssue(parsed.error) }));
    }
    const envelope = parsed.data;
    if (envelope.kind === 'reply') {
      const settle = run.pending.get(envelope.id);
      run.pending.delete(envelope.id);
      settle?.(envelope.isOk ? { isOk: true, body: envelope.body } : { isOk: false, error: envelope.error });
    } else if (isEventName(envelope.event) && envelope.event !== 'engine.state') {
      this.#options.onEvent({ kind: 'event', event: envelope.event, body: envelope.body });
    } else this.#options.log(`The engine told an event that is not its to tell: ${envelope.event}`);
  }

  #exited(run: Run, exitReason: ReasonParams): void {
    if (run !== this.#run) return;
    this.#run = null;
    if (run.hangTimer) clearTimeout(run.hangTimer);
    if (run.watchTimer) clearTimeout(run.watchTimer);
    if (this.#onEnded) this.#onEnded();
    else this.#startAgain(run, run.end ?? endBy(exitReason));
    for (const settle of run.pending.values()) settle({ isOk: false, error: this.#absence() });
  }

  #startAgain(run: Run, { error, text }: End): void {
    const wasSteady = run.readyAt !== null && performance.now() - run.readyAt >= this.#limits.steadyMs;
    this.#deaths = wasSteady ? 1 : this.#deaths + 1;
    this.#options.log(`The engine died (${this.#deaths}). ${text}`);
    if (this.#deaths > (LASTING.includes(error.code) ? 1 : this.#limits.quickDeaths)) {
      return this.#tell({ state: 'failed', error });
    }
    this.#tell({ state: 'restarting', error: new UnrollError('engine.restarting').toMessage() });
    const { firstDelayMs, longestDelayMs } = this.#limits;
    const delayMs = Math.min(firstDelayMs * 2 ** (this.#deaths - 1), longestDelayMs);
    this.#startTimer = setTimeout(() => this.#launch(), delayMs);
  }

  #absence(): ErrorMessage {
    return this.#state.state === 'failed' && this.#state.error
      ? this.#state.error
      : new UnrollError('engine.restarting').toMessage();
  }

  #tell(state: EngineState): void {
    this.#state = state;
    this.#options.onEvent({ kind: 'event', event: 'engine.state', body: state });
  }
}

/**
 * Does one thing per turn of the event loop. What a reply wakes has then run before the next message is looked at, so
 * that a window hears replies and events in the order in which the engine sent them.
 */
class TurnByTurn {
  readonly #waiting: (() => void)[] = [];
  #isRunning = false;

  add(work: () => void): void {
    this.#waiting.push(work);
    if (!this.#isRunning) this.#next();
  }

  #next(): void {
    const work = this.#waiting.shift();
    this.#isRunning = work !== undefined;
    if (work === undefined) return;
    setImmediate(() => this.#next());
    work();
  }
}
