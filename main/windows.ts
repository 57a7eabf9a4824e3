// The window: its frame, and what it may never do.
import { BrowserWindow, nativeTheme, screen, type App, type WebContents } from 'electron';
import { PAGE_ADDRESS, isPageAddress } from './address';
import { MIN_HEIGHT, MIN_WIDTH, readWindowState, writeWindowState } from './windowState';

/** The ground of each theme, as renderer/styles/tokens.css has it: seen until the page is drawn. */
const GROUND = { light: '#f2f4f3', dark: '#14181a' } as const;

/** What no window of the app goes without. */
export const WEB_PREFERENCES = {
  contextIsolation: true,
  sandbox: true,
  nodeIntegration: false,
  nodeIntegrationInSubFrames: false,
  nodeIntegrationInWorker: false,
  webSecurity: true,
  webviewTag: false,
  spellcheck: false,
  // Recording goes on while another window covers this one, and captions are read beside others.
  backgroundThrottling: false,
} as const;

export const groundColour = (): string => (nativeTheme.shouldUseDarkColors ? GROUND.dark : GROUND.light);

export interface WindowOptions {
  readonly preload: string;
  /** File that remembers where the window was. */
  readonly stateFile: string;
}

/** @returns the window, whose page is not loaded yet */
export function createWindow({ preload, stateFile }: WindowOptions): BrowserWindow {
  const screens = screen.getAllDisplays().map((display) => display.workArea);
  const { size, position, isMaximised } = readWindowState(stateFile, screens);
  const window = new BrowserWindow({
    ...size,
    ...position,
    minWidth: MIN_WIDTH,
    minHeight: MIN_HEIGHT,
    show: false,
    title: 'Unroll',
    backgroundColor: groundColour(),
    webPreferences: { ...WEB_PREFERENCES, preload },
  });
  if (isMaximised) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => {
    const { x, y, width, height } = window.getNormalBounds();
    writeWindowState(stateFile, { size: { width, height }, position: { x, y }, isMaximised: window.isMaximized() });
  });
  return window;
}

export const loadPage = (window: BrowserWindow): Promise<void> => window.loadURL(PAGE_ADDRESS);

/** Holds for every page that will ever be: it stays where it is, and opens nothing. */
export function confine(app: App): void {
  app.on('web-contents-created', (_event, contents) => {
    const stay = (event: { preventDefault(): void }, address: string): void => {
      if (!isPageAddress(address)) event.preventDefault();
    };
    contents.on('will-navigate', stay);
    contents.on('will-redirect', stay);
    contents.on('will-frame-navigate', (event) => stay(event, event.url));
    contents.on('will-attach-webview', (event) => event.preventDefault());
    refuseWindows(contents);
  });
}

function refuseWindows(contents: WebContents): void {
  if (typeof contents.setWindowOpenHandler === 'function') {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    return;
  }
  // Electron before 12 asks by an event instead.
  const old = contents as unknown as {
    on(event: 'new-window', listener: (event: { preventDefault(): void }) => void): void;
  };
  old.on('new-window', (event) => event.preventDefault());
}
