import { EventEmitter } from 'node:events';
import type { BrowserWindowConstructorOptions } from 'electron';
import { beforeEach, expect, it, vi } from 'vitest';

const opened = vi.hoisted(() => [] as FakeWindow[]);
class FakeWindow extends EventEmitter {
  readonly show = vi.fn();
  readonly setAlwaysOnTop = vi.fn();
  readonly loadURL = vi.fn(async () => undefined);
  constructor(readonly options: BrowserWindowConstructorOptions) {
    super();
    opened.push(this);
  }
  close(): void {
    this.emit('closed');
  }
}
vi.mock('electron', () => ({
  BrowserWindow: function (options: BrowserWindowConstructorOptions) {
    return new FakeWindow(options);
  },
  nativeTheme: { shouldUseDarkColors: true },
  screen: {},
}));
const { CaptionWindow } = await import('../../main/captionWindow');

beforeEach(() => void opened.splice(0));

it('stays on top, shows the page of captions, and has no way to the engine', async () => {
  await new CaptionWindow().open();
  const [window] = opened;
  expect(window?.setAlwaysOnTop).toHaveBeenCalledWith(true, 'screen-saver');
  expect(window?.loadURL).toHaveBeenCalledWith('app://unroll/#captions');
  expect(window?.options.webPreferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webSecurity: true,
    webviewTag: false,
  });
  expect(window?.options.webPreferences).not.toHaveProperty('preload');
});

it('is one: asked for again it comes to the front, and once closed it can be opened anew', async () => {
  const captions = new CaptionWindow();
  await captions.open();
  await captions.open();
  expect(opened).toHaveLength(1);
  expect(opened[0]?.show).toHaveBeenCalledOnce();
  captions.close();
  await captions.open();
  expect(opened).toHaveLength(2);
});
