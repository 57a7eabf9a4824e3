// The window of captions: it stays on top, and has less than the main window has. What it shows comes from that one, page to page.
import { BrowserWindow } from 'electron';
import { PAGE_ADDRESS } from './address';
import { groundColour, WEB_PREFERENCES } from './windows';

const SIZE = { width: 960, height: 320, minWidth: 320, minHeight: 160 } as const;

export class CaptionWindow {
  #window: BrowserWindow | null = null;

  /** Opens it, or brings it to the front where it is open. */
  async open(): Promise<void> {
    if (this.#window) return this.#window.show();
    const window = new BrowserWindow({
      ...SIZE,
      show: false,
      title: 'Unroll',
      alwaysOnTop: true,
      backgroundColor: groundColour(),
      // No preload script: without it the page has no way to the gateway.
      webPreferences: WEB_PREFERENCES,
    });
    this.#window = window;
    window.setAlwaysOnTop(true, 'screen-saver');
    window.once('ready-to-show', () => window.show());
    window.on('closed', () => (this.#window = null));
    await window.loadURL(`${PAGE_ADDRESS}#captions`);
  }

  close(): void {
    this.#window?.close();
  }
}
