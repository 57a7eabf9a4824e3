// The built engine as the main process sees it: a child process and frames on a pipe.
import { spawn, type ChildProcess } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { decodeMessage, encodeMessage } from '../../app/contract/codec';
import { encodeFrame, FrameReader } from '../../app/contract/frames';
import type { ErrorMessage } from '../../app/contract/errorMessage';
import {
  events,
  methods,
  type Envelope,
  type EventEnvelope,
  type EventName,
  type EventOf,
  type MethodName,
  type ReplyOf,
  type RequestOf,
} from '../../app/contract/messages';

/** An error reply. */
export class Refusal extends Error {
  readonly code: string;
  constructor(error: ErrorMessage) {
    super(error.message);
    this.code = error.code;
  }
}

export interface EngineProcessOptions {
  readonly file: string;
  readonly data: string;
  readonly assets: string;
  readonly rung?: string;
  readonly role?: 'listening' | 'training';
  /** Hears every event, which is not kept then. */
  readonly onEvent?: (event: EventEnvelope) => void;
}

export class EngineProcess {
  readonly events: EventEnvelope[] = [];
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  stderr = '';
  stdout = '';
  readonly #child: ChildProcess;
  readonly #pipe: Duplex;
  readonly #waiting = new Map<number, { resolve: (body: unknown) => void; reject: (error: Error) => void }>();
  readonly #listeners = new Set<() => void>();
  readonly #onEvent: ((event: EventEnvelope) => void) | null;
  #lastId = 0;

  constructor({ file, data, assets, rung = '', role = 'listening', onEvent }: EngineProcessOptions) {
    this.#onEvent = onEvent ?? null;
    this.#child = spawn(process.execPath, [file], {
      env: { ...process.env, UNROLL_ROLE: role, UNROLL_DATA: data, UNROLL_ASSETS: assets, UNROLL_RUNG: rung },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.#pipe = this.#child.stdio[3] as Duplex;
    const reader = new FrameReader();
    this.#pipe.on('data', (bytes: Buffer) => {
      for (const message of reader.push(bytes)) this.#receive(decodeMessage(message) as Envelope);
    });
    this.#pipe.on('error', () => undefined);
    this.exited = new Promise((done) =>
      this.#child.once('exit', (code, signal) => {
        for (const { reject } of this.#waiting.values()) reject(new Error(`The engine ended: ${this.stderr}`));
        done({ code, signal });
      }),
    );
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  async ask<M extends MethodName>(method: M, body: RequestOf<M>): Promise<ReplyOf<M>> {
    const id = ++this.#lastId;
    const reply = new Promise<unknown>((resolve_, reject) => this.#waiting.set(id, { resolve: resolve_, reject }));
    this.#pipe.write(encodeFrame(encodeMessage({ kind: 'request', id, method, body })));
    return methods[method].reply.parse(await reply) as ReplyOf<M>;
  }

  heard<E extends EventName>(event: E): EventOf<E>[] {
    return this.events
      .filter((envelope) => envelope.event === event)
      .map((envelope) => events[event].parse(envelope.body) as EventOf<E>);
  }

  /** Waits until the condition holds, looking again after every event. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve_) => this.#listeners.add(resolve_));
  }

  /** As the main process ends it. */
  async end(): Promise<void> {
    this.#pipe.end();
    await this.exited;
  }
  /** As the system ends a program and all that it started: the host leaves at the same moment. */
  async endBySystem(): Promise<void> {
    this.#child.kill('SIGTERM');
    return this.end();
  }
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.exited;
  }

  #receive(envelope: Envelope): void {
    if (envelope.kind === 'event') {
      if (this.#onEvent) return this.#onEvent(envelope);
      this.events.push(envelope);
      for (const listener of [...this.#listeners]) listener();
      this.#listeners.clear();
    } else if (envelope.kind === 'reply') {
      const waiting = this.#waiting.get(envelope.id);
      this.#waiting.delete(envelope.id);
      if (envelope.isOk) waiting?.resolve(envelope.body);
      else waiting?.reject(new Refusal(envelope.error));
    }
  }
}
