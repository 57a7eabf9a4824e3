// The main process: opens the window, starts the engines, and puts the gate between them.
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as electron from 'electron';
import type { EventEnvelope } from '../app/contract/messages';
import { CaptionWindow } from './captionWindow';
import { electronEngine, engineProgram } from './engineProgram';
import { Engines } from './engines';
import { openFolder } from './folders';
import { FolderWatch } from './folderWatch';
import { Gateway } from './gateway';
import { WindowDoor } from './ipc';
import { LiveFiles } from './liveFiles';
import { LogFile } from './logFile';
import { menuTemplate } from './menu';
import { openMicrophoneSettings } from './microphoneSettings';
import { OfferedFiles } from './offeredFiles';
import { OpenedFiles, filesIn, takenFor } from './openedFiles';
import { openPaper } from './papers';
import { guardPermissions } from './permissions';
import { builtPlaces, dataFolder, programFolder, type BuiltPlaces } from './places';
import { checkProgramFiles, readProgramFileList } from './programFiles';
import { registerScheme, serveWindow } from './protocol';
import { reportText } from './report';
import { checkText, selfCheck } from './selfCheck';
import { Updates, updateAnswers } from './updates';
import { watchingAnswers } from './watchingAnswers';
import { readWindowFiles } from './windowFiles';
import { confine, createWindow, loadPage } from './windows';

const { app, BrowserWindow, dialog, Menu, protocol, session, shell, utilityProcess } = electron;

/** The app looks at itself in folders of its own, and leaves. */
const selfCheckFolder = app.commandLine.hasSwitch('self-check')
  ? mkdtempSync(join(tmpdir(), 'unroll-self-check-'))
  : null;
const data = selfCheckFolder === null ? dataFolder() : join(selfCheckFolder, 'data');

const logFile = new LogFile(join(data, 'logs'));
function log(line: string): void {
  console.error(line);
  logFile.write(line);
}

// Electron would show a dialog and go on in a state that nobody knows.
function fail(error: unknown): void {
  log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  app.exit(1);
}
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);

/** Of addresses that are written in this program alone. */
// eslint-disable-next-line no-restricted-syntax -- the one door
const openAddress = (address: string): Promise<void> => shell.openExternal(address);

/** In the system's file manager: of folders of this program alone. */
const showFolder = async (folder: string): Promise<boolean> => (await shell.openPath(folder)) === '';
const captions = new CaptionWindow();
const liveFiles = new LiveFiles(async (name, extension) => {
  const options = { defaultPath: name, filters: [{ name: extension.toUpperCase(), extensions: [extension] }] };
  const { canceled, filePath } = await dialog.showSaveDialog(options);
  return canceled || !filePath ? null : filePath;
});
async function chooseFolder(): Promise<string | null> {
  const { canceled, filePaths } = await dialog.showOpenDialog({ properties: ['openDirectory'] });
  return canceled ? null : (filePaths[0] ?? null);
}
function watchFor(
  openedFiles: OpenedFiles,
  publish: (event: EventEnvelope) => void,
): { readonly watching: FolderWatch; readonly offered: OfferedFiles } {
  const offered = new OfferedFiles({
    publish: (offerId) => publish({ kind: 'event', event: 'watching.offered', body: { offerId } }),
  });
  const watching = new FolderWatch({
    stateFile: join(data, 'watched.json'),
    hear: (path) => openedFiles.hear(path),
    offer: (path) => offered.offer(path),
    onChanged: (watched) => publish({ kind: 'event', event: 'watching.changed', body: { watched } }),
    log,
  });
  return { watching, offered };
}

/** Packaging writes it where a place for newer versions was named. */
const hasUpdateFeed = (): boolean => app.isPackaged && existsSync(join(process.resourcesPath, 'app-update.yml'));
const updatesFor = (publish: (event: EventEnvelope) => void): Updates =>
  new Updates({
    load: hasUpdateFeed() ? async () => (await import('electron-updater')).autoUpdater : null,
    stateFile: join(data, 'updates.json'),
    onChanged: (updates) => publish({ kind: 'event', event: 'updates.changed', body: { updates } }),
    log,
  });
/** Null before it is there, and after it was closed. */
let mainWindow: electron.BrowserWindow | null = null;

function open(): Opened {
  const places = builtPlaces(join(__dirname, '..'));
  prepareWindows(places);
  const engines: Engines = new Engines({
    start: (role) => electronEngine(engineProgram(places, data, role), utilityProcess),
    ...(app.isPackaged ? { check: () => programIsWhole(places) } : {}),
    onEvent: (event) => gateway.publish(event),
    log,
  });
  const openedFiles = new OpenedFiles({
    ask: (method, body) => engines.ask(method, body),
    log,
    onOpened: (body) => gateway.publish({ kind: 'event', event: 'system.opened', body }),
  });
  const { watching, offered }: ReturnType<typeof watchFor> = watchFor(openedFiles, (event) => gateway.publish(event));
  const updates: Updates = updatesFor((event) => gateway.publish(event));
  const gateway = new Gateway({
    host: 'electron',
    ask: (method, body) => engines.ask(method, body),
    hostAnswers: {
      'system.openMicrophoneSettings': microphoneSettings,
      'system.openPaper': async ({ paper }) => ({ isOpened: await openPaper(paper, openAddress) }),
      'system.openFolder': ({ modelId }) => openFolder({ data, assets: places.assets }, modelId, showFolder),
      'system.openCaptions': async () => {
        await captions.open();
        return { isOpened: true };
      },
      'files.retry': (request) => openedFiles.retry(request),
      ...watchingAnswers(watching, offered, chooseFolder),
      ...updateAnswers(updates),
      'liveFile.open': (request) => liveFiles.open(request),
      'liveFile.append': (request) => liveFiles.append(request),
      'liveFile.close': (request) => liveFiles.close(request),
      'system.startEngine': async () => {
        engines.startAnew();
        return {};
      },
      'system.report': async () => ({
        text: reportText('electron', logFile, { data, program: places.root }),
      }),
    },
    log,
  });
  log(`Unroll starts in Electron ${process.versions['electron'] ?? ''}.`);
  const door = new WindowDoor(gateway);
  engines.start();
  quitAfter(() => Promise.all([engines.stop(), liveFiles.closeAll()]));

  const window = createWindow({ preload: places.preload, stateFile: join(app.getPath('userData'), 'window.json') });
  mainWindow = window;
  // Captions of nothing keep no program running.
  window.on('closed', () => {
    mainWindow = null;
    captions.close();
  });
  door.admit(window.webContents);
  takeOpenedFiles(openedFiles);
  void watching.resume();
  void updates.resume();
  return { window, engines, places, loaded: loadPage(window) };
}

const microphoneSettings = async (): Promise<{ isOpened: boolean }> => ({
  isOpened: await openMicrophoneSettings(process.platform, openAddress),
});

function prepareWindows(places: BuiltPlaces): void {
  guardPermissions(session.defaultSession);
  serveWindow(session.defaultSession, readWindowFiles(places.window));
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate({ locale: app.getLocale(), onHelp: showHelp })));
}

/** @throws UnrollError where a file beside the archive is not the one that was packaged */
async function programIsWhole({ programFiles, root }: BuiltPlaces): Promise<void> {
  const since = performance.now();
  await checkProgramFiles(await readProgramFileList(programFiles), root);
  log(`The files of the engine are as they were packaged (${Math.round(performance.now() - since)} ms).`);
}

interface Opened {
  readonly window: electron.BrowserWindow;
  readonly engines: Engines;
  readonly places: BuiltPlaces;
  readonly loaded: Promise<void>;
}

async function lookAtItself({ window, engines, places, loaded }: Opened, folder: string): Promise<void> {
  await loaded;
  const lines = await selfCheck({
    window,
    ask: (method, body) => engines.ask(method, body),
    places: { ...places, program: process.execPath, main: __filename, samples: join(places.assets, 'samples') },
    isPackaged: app.isPackaged,
    countWindows: () => BrowserWindow.getAllWindows().length,
  });
  process.stdout.write(app.commandLine.hasSwitch('json') ? `${JSON.stringify(lines)}\n` : `${checkText(lines)}\n`);
  await engines.stop();
  rmSync(folder, { recursive: true, force: true });
  app.exit(lines.some(({ state }) => state === 'failed') ? 1 : 0);
}

/** Quits once what was being recorded is put away, and what was being learned has a checkpoint. */
function quitAfter(stop: () => Promise<unknown>): void {
  let isStopped = false;
  app.on('will-quit', (event) => {
    if (isStopped) return;
    event.preventDefault();
    isStopped = true;
    void stop().finally(() => app.quit());
  });
}

/** Files that were to be opened before there was an engine to take them. */
const waiting: string[] = filesIn(process.argv.slice(1), process.cwd()).slice();
app.on('open-file', (event, path) => {
  event.preventDefault();
  waiting.push(path);
});

function takeOpenedFiles(opened: OpenedFiles): void {
  const open = (paths: readonly string[]): void => {
    const place = paths.every((path) => takenFor(path) === 'model') ? 'settings/models' : 'library';
    if (paths.length > 0) void opened.open(paths).then(() => showPlace(place));
  };
  open(waiting.splice(0));
  app.removeAllListeners('open-file');
  app.on('open-file', (event, path) => {
    event.preventDefault();
    open([path]);
  });
  app.on('second-instance', (_event, args, folder) => open(filesIn(args.slice(1), folder)));
}

const showHelp = (): void => showPlace('settings/help');

/** A place of the page: it stays where it is, and its own code does the rest. */
function showPlace(place: 'library' | 'settings/help' | 'settings/models'): void {
  showWindow();
  void mainWindow?.webContents.executeJavaScript(`void (location.hash = '${place}')`);
}

function showWindow(): void {
  if (!mainWindow) return;
  if (mainWindow.isMinimized()) mainWindow.restore();
  mainWindow.focus();
}

function start(): void {
  registerScheme(protocol);
  // It would put back the sandbox that someone without the means for it has turned off; windows are sandboxed anyway.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  confine(app);
  app.on('second-instance', showWindow);
  app.on('window-all-closed', () => app.quit());
  void app.whenReady().then(async () => {
    const opened = open();
    if (selfCheckFolder !== null) await lookAtItself(opened, selfCheckFolder);
  });
}

if (selfCheckFolder !== null) app.setPath('userData', join(selfCheckFolder, 'program'));
else if (!app.commandLine.hasSwitch('user-data-dir')) {
  mkdirSync(programFolder(), { recursive: true });
  app.setPath('userData', programFolder());
}
if (app.requestSingleInstanceLock()) start();
else app.quit();
