// The engine as a process of its own: started, watched and ended by the main process or the browser host.
//
// Environment: UNROLL_ROLE, "listening" or "training"; UNROLL_DATA, the person's folder; UNROLL_ASSETS, the product's folder with
// models and samples; UNROLL_RUNG, a rung that is used or refused.
import { constants, setPriority } from 'node:os';
import { z } from 'zod';
import { rungSchema } from '../app/contract/rung';
import { answerRequests, emitTo, type Handlers } from './serve/dispatcher';
import { openEngine } from './serve/engine';
import { trainingFolder } from './runs/trainingPlaces';
import { makeHandlers } from './serve/handlers';
import { RungMemory } from './serve/rungMemory';
import { openTrainingEngine } from './serve/trainingEngine';
import { makeTrainingHandlers } from './serve/trainingHandlers';
import { openWire, type Wire } from './serve/wire';

const EXIT_BUG = 70; // EX_SOFTWARE of sysexits.h
const roleSchema = z.enum(['listening', 'training']);
/**
 * For what is being recorded to become recordings, and for the step at hand and its checkpoint; the host waits a little longer.
 */
const CLOSING_MS = { listening: 2_000, training: 15_000 } as const satisfies Record<z.infer<typeof roleSchema>, number>;

const log = (line: string): void => console.error(line);

function dieOf(error: unknown): never {
  log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exit(EXIT_BUG);
}

function fromEnvironment(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`Expected ${name} in the environment`);
  return value;
}

/** What a role makes of the process. */
interface Opened {
  readonly handlers: Handlers;
  /** Called once whoever has asked already is answered. */
  begin(): void;
  close(): Promise<void>;
}

function main(): void {
  // Stdout is the host's; libraries that greet on it are sent where logs go.
  console.log = console.info = console.error;
  process.on('uncaughtException', dieOf);
  process.on('unhandledRejection', dieOf);
  const role = roleSchema.parse(process.env['UNROLL_ROLE'] ?? 'listening');
  // Before anything starts a thread: threads take the priority of the one that starts them.
  if (role === 'training') setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  // Declared first: messages may come as soon as the wire is open.
  let receive: (message: unknown) => void = () => undefined;
  let opened: Promise<Opened> | null = null;
  const leave = (): void => void leaveInOrder(opened, CLOSING_MS[role]);
  const wire = openWire({ onMessage: (message) => receive(message), onClose: leave });
  process.once('SIGTERM', leave);
  process.once('SIGINT', leave);

  opened = role === 'training' ? openTraining(wire) : openListening(wire);
  const handlers = opened.then((all) => all.handlers);
  handlers.catch(() => undefined); // said to whoever asks
  receive = answerRequests(handlers, (envelope) => wire.send(envelope), dieOf);
  void opened.then(
    (all) => setImmediate(() => all.begin()),
    () => undefined, // the same
  );
}

async function openListening(wire: Wire): Promise<Opened> {
  const data = fromEnvironment('UNROLL_DATA');
  const engine = await openEngine({
    data,
    assets: fromEnvironment('UNROLL_ASSETS'),
    owner: process.ppid,
    rungs: rungMemory(data),
    emit: emitTo((envelope) => wire.send(envelope)),
    log,
    onBug: dieOf,
    onLost: () => dieOf(new Error('Expected the data folder to stay this engine’s')),
  });
  return { handlers: makeHandlers(engine, hostOf(wire)), begin: () => undefined, close: () => engine.close() };
}

async function openTraining(wire: Wire): Promise<Opened> {
  const data = fromEnvironment('UNROLL_DATA');
  const assets = fromEnvironment('UNROLL_ASSETS');
  const own = trainingFolder(data);
  const engine = await openTrainingEngine({
    data,
    assets,
    own,
    rungs: rungMemory(own),
    emit: emitTo((envelope) => wire.send(envelope)),
    log,
    onBug: dieOf,
    onLost: () => dieOf(new Error('Expected the runs to stay this engine’s')),
  });
  return {
    handlers: makeTrainingHandlers(engine, hostOf(wire)),
    begin: () => engine.begin(),
    close: () => engine.close(),
  };
}

function rungMemory(folder: string): RungMemory {
  const forced = process.env['UNROLL_RUNG'];
  return new RungMemory(folder, forced === undefined || forced === '' ? null : rungSchema.parse(forced));
}

const hostOf = ({ kind }: Wire) => (kind === 'utilityProcess' ? 'electron' : 'browser');

let isLeaving = false;
/** Asked twice, as where both the host and the system end it, it closes once. */
async function leaveInOrder(opened: Promise<Opened> | null, closingMs: number): Promise<void> {
  if (isLeaving) return;
  isLeaving = true;
  setTimeout(() => process.exit(0), closingMs).unref();
  const all = await opened?.catch(() => null); // what kept it from opening was said to whoever asked
  await all?.close();
  process.exit(0);
}

main();
