// Unroll in a browser: the same window and the same engine, served on 127.0.0.1 to one person's browser.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { UnrollError } from '../app/errors';
import { Access } from './browser/access';
import { openInBrowser } from './browser/openBrowser';
import { OPEN_PATH, createPageServer } from './browser/pageServer';
import { writeRedirectFile, type RedirectFile } from './browser/redirectFile';
import { SocketServer } from './browser/socketServer';
import { engineProgram, nodeEngine } from './engineProgram';
import { Engines } from './engines';
import { openFolder } from './folders';
import { FolderWatch } from './folderWatch';
import { Gateway } from './gateway';
import { LogFile } from './logFile';
import { builtPlaces, dataFolder, type BuiltPlaces } from './places';
import { OfferedFiles } from './offeredFiles';
import { OpenedFiles } from './openedFiles';
import { reportText } from './report';
import { updateAnswers } from './updates';
import { watchingAnswers } from './watchingAnswers';
import { readWindowFiles } from './windowFiles';

const HELP = `Unroll in a browser, served on 127.0.0.1

  --port N    listens on this port (default: any free one)
  --data DIR  keeps recordings there
  --watch DIR makes recordings of the sounds that are put there
  --no-open   opens no browser; prints one line of JSON with the file to open and the address
`;
const LOOPBACK = '127.0.0.1';
const MAX_PORT = 65_535;

interface HostOptions {
  readonly port: number;
  readonly data: string;
  readonly isOpened: boolean;
  /** A folder to watch; null goes on with that of the last time. */
  readonly watch: string | null;
}

/** @throws Error whose message is for the person */
function readOptions(args: readonly string[]): HostOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string', default: '0' },
      data: { type: 'string' },
      watch: { type: 'string' },
      'no-open': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > MAX_PORT) throw new Error(`${values.port} is no port.`);
  return {
    port,
    data: resolve(values.data ?? dataFolder()),
    isOpened: !values['no-open'],
    watch: values.watch === undefined ? null : resolve(values.watch),
  };
}

/** The engines, the gate before them, and the folder that is watched: nothing of it runs yet. */
function prepare(data: string, places: BuiltPlaces): { engines: Engines; gateway: Gateway; watching: FolderWatch } {
  const logFile = new LogFile(join(data, 'logs'));
  const log = (line: string): void => {
    console.error(line);
    logFile.write(line);
  };
  log('Unroll starts for a browser.');
  const engines: Engines = new Engines({
    start: (role) => nodeEngine(engineProgram(places, data, role), process.execPath),
    onEvent: (event) => gateway.publish(event),
    log,
  });
  const openedFiles: OpenedFiles = new OpenedFiles({ ask: (method, body) => engines.ask(method, body), log });
  const offered = new OfferedFiles({
    publish: (offerId) => gateway.publish({ kind: 'event', event: 'watching.offered', body: { offerId } }),
  });
  const watching: FolderWatch = new FolderWatch({
    stateFile: join(data, 'watched.json'),
    hear: (path) => openedFiles.hear(path),
    offer: (path) => offered.offer(path),
    onChanged: (watched) => gateway.publish({ kind: 'event', event: 'watching.changed', body: { watched } }),
    log,
  });
  const gateway = new Gateway({
    host: 'browser',
    ask: (method, body) => engines.ask(method, body),
    hostAnswers: {
      // Here the browser holds the microphone, and its own settings decide.
      'system.openMicrophoneSettings': () => Promise.resolve({ isOpened: false }),
      // Here the page is in a browser already, where a link opens by itself.
      'system.openPaper': () => Promise.resolve({ isOpened: false }),
      // Whoever reads the page may sit at another screen: the window says where the folder lies.
      'system.openFolder': ({ modelId }) =>
        openFolder({ data, assets: places.assets }, modelId, () => Promise.resolve(false)),
      // Here the page opens its captions itself.
      'system.openCaptions': () => Promise.resolve({ isOpened: false }),
      'files.retry': (request) => openedFiles.retry(request),
      ...watchingAnswers(watching, offered, null),
      ...updateAnswers(null),
      // Nor can it show a dialog: the browser lets the page write a file, or does not.
      'liveFile.open': () => Promise.resolve({ file: null }),
      'liveFile.append': () => Promise.reject(new UnrollError('liveFile.unknown')),
      'liveFile.close': () => Promise.resolve({}),
      'system.startEngine': async () => {
        engines.startAnew();
        return {};
      },
      'system.report': async () => ({ text: reportText('browser', logFile, { data, program: places.root }) }),
    },
    log,
  });
  return { engines, gateway, watching };
}

async function host({ port, data, isOpened, watch }: HostOptions): Promise<void> {
  const places = builtPlaces(join(__dirname, '..'));
  const { engines, gateway, watching } = prepare(data, places);

  let access: Access | null = null;
  let redirect: RedirectFile | null = null;
  const whoMayEnter = (): Access => {
    if (access === null) throw new Error('Expected no request before the port is known');
    return access;
  };
  const server = createPageServer({
    access: whoMayEnter,
    files: readWindowFiles(places.window),
    onLetIn: () => redirect?.remove(),
  });
  const sockets = new SocketServer(server, { access: whoMayEnter, gateway });
  server.listen(port, LOOPBACK);
  await once(server, 'listening');
  access = new Access((server.address() as AddressInfo).port);
  redirect = writeRedirectFile(`${access.origin}${OPEN_PATH}?token=${access.token}`);
  engines.start();
  if (watch === null) await watching.resume();
  else await watching.choose(watch);

  endOnSignal(async () => {
    watching.close();
    redirect?.remove();
    server.close();
    sockets.close();
    await engines.stop();
  });
  await announce(redirect.path, access.origin, isOpened);
}

/** A second signal does not wait. */
function endOnSignal(end: () => Promise<void>): void {
  let isEnding = false;
  const onSignal = (): void => {
    if (isEnding) process.exit(1);
    isEnding = true;
    void end().finally(() => process.exit(0));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
}

async function announce(redirectFile: string, origin: string, isOpened: boolean): Promise<void> {
  if (!isOpened) {
    console.log(JSON.stringify({ redirectFile, url: `${origin}/` }));
    return;
  }
  const isFound = await openInBrowser(redirectFile);
  console.log(
    isFound
      ? `Unroll is open in your browser, at ${origin}/. If no page appeared, open ${redirectFile} in it. Ctrl-C ends Unroll.`
      : `No browser could be opened: open ${redirectFile} in one. Ctrl-C ends Unroll.`,
  );
}

function main(): void {
  let options: HostOptions | 'help';
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 2;
    return;
  }
  if (options === 'help') {
    console.log(HELP);
    return;
  }
  host(options).catch((error: NodeJS.ErrnoException) => {
    const isTaken = error.code === 'EADDRINUSE' || error.code === 'EACCES';
    console.error(isTaken ? `That port cannot be had: choose another with --port. (${error.message})` : error);
    process.exit(1);
  });
}

main();
