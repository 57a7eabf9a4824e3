// The engine as a process of its own: started, watched and ended by the main process or the browser host.
//
// Environment: UNROLL_DATA, the person's folder; UNROLL_ASSETS, the product's folder with models and samples;
// UNROLL_RUNG, a rung that is used or refused.
import { rungSchema } from '../app/contract/rung';
import { answerRequests, emitTo } from './serve/dispatcher';
import { openEngine, type Engine } from './serve/engine';
import { RungMemory } from './serve/rungMemory';
import { makeHandlers } from './serve/handlers';
import { openWire } from './serve/wire';

const EXIT_BUG = 70; // EX_SOFTWARE of sysexits.h
/** For what is being recorded to become recordings; the host waits a little longer. */
const CLOSING_MS = 2_000;

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

function main(): void {
  // Stdout is the host's; libraries that greet on it are sent where logs go.
  console.log = console.info = console.error;
  process.on('uncaughtException', dieOf);
  process.on('unhandledRejection', dieOf);
  // Declared first: messages may come as soon as the wire is open.
  let receive: (message: unknown) => void = () => undefined;
  let engine: Promise<Engine> | null = null;
  const leave = (): void => void leaveInOrder(engine);
  const wire = openWire({ onMessage: (message) => receive(message), onClose: leave });
  process.once('SIGTERM', leave);
  process.once('SIGINT', leave);

  const forced = process.env['UNROLL_RUNG'];
  const data = fromEnvironment('UNROLL_DATA');
  engine = openEngine({
    data,
    assets: fromEnvironment('UNROLL_ASSETS'),
    owner: process.ppid,
    rungs: new RungMemory(data, forced === undefined || forced === '' ? null : rungSchema.parse(forced)),
    emit: emitTo((envelope) => wire.send(envelope)),
    log,
    onBug: dieOf,
    onLost: () => dieOf(new Error('Expected the data folder to stay this engine’s')),
  });
  const handlers = engine.then((opened) =>
    makeHandlers(opened, wire.kind === 'utilityProcess' ? 'electron' : 'browser'),
  );
  handlers.catch(() => undefined); // said to whoever asks
  receive = answerRequests(handlers, (envelope) => wire.send(envelope), dieOf);
}

async function leaveInOrder(engine: Promise<Engine> | null): Promise<void> {
  setTimeout(() => process.exit(0), CLOSING_MS).unref();
  const opened = await engine?.catch(() => null); // what kept it from opening was said to whoever asked
  await opened?.close();
  process.exit(0);
}

main();
