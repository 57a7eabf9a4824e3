import { EventEmitter } from 'node:events';
import type { App } from 'electron';
import { describe, expect, it, vi } from 'vitest';

vi.mock('electron', () => ({ BrowserWindow: class {}, nativeTheme: {}, screen: {} }));
const { confine } = await import('../../main/windows');

class FakeContents extends EventEmitter {
  openHandler: (() => { action: string }) | null = null;
  setWindowOpenHandler?(handler: () => { action: string }): void {
    this.openHandler = handler;
  }
}

function confined(contents = new FakeContents()): FakeContents {
  const app = new EventEmitter();
  confine(app as unknown as App);
  app.emit('web-contents-created', {}, contents);
  return contents;
}
/** Whether an event of that name is let happen. */
function isAllowed(contents: FakeContents, name: string, address?: string): boolean {
  const event = { url: address, preventDefault: vi.fn() };
  contents.emit(name, event, address);
  return event.preventDefault.mock.calls.length === 0;
}

describe('a page', () => {
  it.each(['will-navigate', 'will-redirect', 'will-frame-navigate'])('may be loaded again: %s', (name) => {
    expect(isAllowed(confined(), name, 'app://unroll/')).toBe(true);
  });

  it.each(['will-navigate', 'will-redirect', 'will-frame-navigate'])('stays where it is: %s', (name) => {
    const contents = confined();
    for (const address of ['https://example.org/', 'file:///etc/passwd', 'app://unroll/x', 'app://other/', 'nonsense'])
      expect(isAllowed(contents, name, address)).toBe(false);
  });

  it('holds no webview', () => {
    expect(isAllowed(confined(), 'will-attach-webview')).toBe(false);
  });

  it('opens no window', () => {
    expect(confined().openHandler?.()).toEqual({ action: 'deny' });
  });

  it('opens no window where Electron asks by an event', () => {
    const old = new FakeContents();
    Object.defineProperty(old, 'setWindowOpenHandler', { value: undefined });
    expect(isAllowed(confined(old), 'new-window', 'app://unroll/')).toBe(false);
  });
});
