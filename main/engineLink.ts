// The two ways to run the engine as a process of its own and to speak with it.
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Duplex, Readable } from 'node:stream';
import type { utilityProcess as UtilityProcess } from 'electron';
import { decodeMessage, encodeMessage } from '../app/contract/codec';
import { FrameReader, encodeFrame } from '../app/contract/frames';
import type { RequestEnvelope } from '../app/contract/messages';
import type { ReasonParams } from '../app/errors';

/** One engine process: from its start to its exit, never started again. */
export interface EngineLink {
  readonly pid: number | undefined;
  send(request: RequestEnvelope): void;
  /** Asks the process to end. */
  end(): void;
  /** Ends the process where it does not listen any more. */
  kill(): void;
}

export interface EngineLinkEvents {
  /** A message that nobody has checked yet. */
  onMessage(message: unknown): void;
  /** A line that it wrote to its output: what goes to logs. */
  onOutput(line: string): void;
  /** The process is gone and everything it said was heard. Comes exactly once. @param reason how it ended */
  onExit(reason: ReasonParams): void;
}

export type StartEngine = (events: EngineLinkEvents) => EngineLink;

export interface EngineProgram {
  /** The engine's built file; a real file, outside any archive. */
  readonly file: string;
  /** Working directory: modules are found from here up. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Descriptor of the engine's pipe, in both directions. */
export const ENGINE_PIPE_FD = 3;
/** A process of the engine's own that outlives it may hold its pipe open: it is not waited for. */
const PIPE_CLOSING_MS = 1_000;

/**
 * A plain Node process; messages are frames on a pipe.
 * @param node the Node to run it with
 */
export function startNodeEngine(program: EngineProgram, node: string, events: EngineLinkEvents): EngineLink {
  const child = spawn(node, [program.file], {
    cwd: program.folder,
    env: program.environment,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const pipe = child.stdio[ENGINE_PIPE_FD] as Duplex;
  const kill = (): void => void child.kill('SIGKILL');
  readFrames(pipe, events, kill);
  for (const output of [child.stdout, child.stderr]) hearLines(output, events);
  reportExit(child, events);
  return {
    pid: child.pid,
    send: (request) => void pipe.write(encodeFrame(encodeMessage(request))),
    // The end of its pipe tells the engine to leave, on every system.
    end: () => void pipe.end(),
    kill,
  };
}

function hearLines(output: Readable | null, events: EngineLinkEvents): void {
  if (output !== null) createInterface({ input: output }).on('line', (line) => events.onOutput(line));
}

function readFrames(pipe: Duplex, events: EngineLinkEvents, kill: () => void): void {
  const reader = new FrameReader();
  let isInStep = true;
  pipe.on('data', (bytes: Buffer) => {
    if (!isInStep) return;
    try {
      for (const message of reader.push(bytes)) events.onMessage(decodeMessage(message));
    } catch (error) {
      isInStep = false;
      console.error('The engine sent bytes that are no message, and is ended:', error);
      kill();
    }
  });
  // A process that dies while it is written to breaks the pipe: its exit tells.
  pipe.on('error', () => undefined);
}

function reportExit(child: ChildProcess, events: EngineLinkEvents): void {
  let isTold = false;
  const tell = (reason: ReasonParams): void => {
    if (isTold) return;
    isTold = true;
    events.onExit(reason);
  };
  const reasonOf = (code: number | null, signal: string | null): ReasonParams =>
    signal === null ? endedWith(code) : { reason: 'reason.engine.signal', signal };
  child.once('error', (error) => tell({ reason: 'reason.engine.notStarted', detail: error.message }));
  child.once('exit', (code, signal) => setTimeout(() => tell(reasonOf(code, signal)), PIPE_CLOSING_MS));
  child.once('close', (code, signal) => tell(reasonOf(code, signal)));
}

const endedWith = (code: number | null): ReasonParams => ({ reason: 'reason.engine.code', code: String(code) });

/** A utility process of Electron; messages are structured clones. */
export function startUtilityEngine(
  program: EngineProgram,
  utilityProcess: typeof UtilityProcess,
  events: EngineLinkEvents,
): EngineLink {
  const child = utilityProcess.fork(program.file, [], {
    cwd: program.folder,
    env: definedOf(program.environment),
    serviceName: 'Unroll engine',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.on('message', (message: unknown) => events.onMessage(message));
  // Electron's streams are Node's own, under the name of what they have in common.
  for (const output of [child.stdout, child.stderr]) hearLines(output as Readable | null, events);
  child.once('exit', (code) => events.onExit(endedWith(code)));
  return {
    get pid() {
      return child.pid;
    },
    send: (request) => child.postMessage(request),
    end: () => void child.kill(),
    kill: () => {
      if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL');
    },
  };
}

function definedOf(environment: EngineProgram['environment']): Record<string, string> {
  const defined: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) if (value !== undefined) defined[name] = value;
  return defined;
}
