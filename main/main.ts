// The main process: opens the window, starts the engine, and puts the gate between them.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import * as electron from 'electron';
import { EngineSupervisor } from './engineSupervisor';
import { electronEngine, engineProgram } from './engineProgram';
import { Gateway } from './gateway';
import { WindowDoor } from './ipc';
import { menuTemplate } from './menu';
import { openMicrophoneSettings } from './microphoneSettings';
import { guardPermissions } from './permissions';
import { builtPlaces, dataFolder, programFolder } from './places';
import { registerScheme, serveWindow } from './protocol';
import { readWindowFiles } from './windowFiles';
import { confine, createWindow, loadPage } from './windows';

const { app, BrowserWindow, Menu, protocol, session, shell, utilityProcess } = electron;

const log = (line: string): void => console.error(line);

// Electron would show a dialog and go on in a state that nobody knows.
function fail(error: unknown): void {
  console.error(error);
  app.exit(1);
}
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);

function open(): void {
  const places = builtPlaces(join(__dirname, '..'));
  guardPermissions(session.defaultSession);
  serveWindow(session.defaultSession, readWindowFiles(places.window));
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(app.getLocale())));

  const supervisor: EngineSupervisor = new EngineSupervisor({
    start: electronEngine(engineProgram(places, dataFolder()), utilityProcess),
    onEvent: (event) => gateway.publish(event),
    log,
  });
  const gateway = new Gateway({
    host: 'electron',
    ask: (method, body) => supervisor.ask(method, body),
    openMicrophoneSettings: () => openMicrophoneSettings(process.platform, (address) => shell.openExternal(address)),
    log,
  });
  const door = new WindowDoor(gateway);
  supervisor.start();
  quitAfter(() => supervisor.stop());

  const window = createWindow({ preload: places.preload, stateFile: join(app.getPath('userData'), 'window.json') });
  door.admit(window.webContents);
  void loadPage(window);
}

/** Quits once the engine has put away what was being recorded. */
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
