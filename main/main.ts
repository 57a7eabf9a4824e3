// The main process: opens the window, starts the engines, and puts the gate between them.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import * as electron from 'electron';
import { electronEngine, engineProgram } from './engineProgram';
import { Engines } from './engines';
import { Gateway } from './gateway';
import { WindowDoor } from './ipc';
import { LogFile } from './logFile';
import { menuTemplate } from './menu';
import { openMicrophoneSettings } from './microphoneSettings';
import { openPaper } from './papers';
import { guardPermissions } from './permissions';
import { builtPlaces, dataFolder, programFolder } from './places';
import { registerScheme, serveWindow } from './protocol';
import { reportText } from './report';
import { readWindowFiles } from './windowFiles';
import { confine, createWindow, loadPage } from './windows';

const { app, BrowserWindow, Menu, protocol, session, shell, utilityProcess } = electron;

const logFile = new LogFile(join(dataFolder(), 'logs'));
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
const openAddress = (address: string): Promise<void> => shell.openExternal(address);

function open(): void {
  const places = builtPlaces(join(__dirname, '..'));
  guardPermissions(session.defaultSession);
  serveWindow(session.defaultSession, readWindowFiles(places.window));
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(app.getLocale())));

  const engines: Engines = new Engines({
    start: (role) => electronEngine(engineProgram(places, dataFolder(), role), utilityProcess),
    onEvent: (event) => gateway.publish(event),
    log,
  });
  const gateway = new Gateway({
    host: 'electron',
    ask: (method, body) => engines.ask(method, body),
    hostAnswers: {
      'system.openMicrophoneSettings': async () => ({
        isOpened: await openMicrophoneSettings(process.platform, openAddress),
      }),
      'system.openPaper': async ({ paper }) => ({ isOpened: await openPaper(paper, openAddress) }),
      'system.report': async () => ({
        text: reportText('electron', logFile, { data: dataFolder(), program: places.root }),
      }),
    },
    log,
  });
  log(`Unroll starts in Electron ${process.versions['electron'] ?? ''}.`);
  const door = new WindowDoor(gateway);
  engines.start();
  quitAfter(() => engines.stop());

  const window = createWindow({ preload: places.preload, stateFile: join(app.getPath('userData'), 'window.json') });
  door.admit(window.webContents);
  void loadPage(window);
}

/** Quits once what was being recorded is put away, and what was being learned has a checkpoint. */
function quitAfter(stop: () => Promise<void>): void {
  let isStopped = false;
  app.on('will-quit', (event) => {
    if (isStopped) return;
    event.preventDefault();
    isStopped = true;
    void stop().finally(() => app.quit());
  });
}

function showWindow(): void {
  const [window] = BrowserWindow.getAllWindows();
  if (!window) return;
  if (window.isMinimized()) window.restore();
  window.focus();
}

function start(): void {
  registerScheme(protocol);
  // It would put back the sandbox that someone without the means for it has turned off; windows are sandboxed anyway.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  confine(app);
  app.on('second-instance', showWindow);
  app.on('window-all-closed', () => app.quit());
  void app.whenReady().then(open);
}

if (!app.commandLine.hasSwitch('user-data-dir')) {
  mkdirSync(programFolder(), { recursive: true });
  app.setPath('userData', programFolder());
}
if (app.requestSingleInstanceLock()) start();
else app.quit();
