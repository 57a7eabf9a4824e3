import { EventEmitter } from 'node:events';
import type { WebContents } from 'electron';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Gateway } from '../../main/gateway';

type Handler = (event: unknown, message: unknown) => unknown;
const handlers = vi.hoisted(() => new Map<string, Handler>());
vi.mock('electron', () => ({
  ipcMain: { handle: (channel: string, handler: Handler) => handlers.set(channel, handler) },
}));

const { WindowDoor } = await import('../../main/ipc');

class FakeContents extends EventEmitter {
  readonly sent: unknown[][] = [];
  address = 'app://unroll/';
  isGone = false;
  getURL(): string {
    return this.address;
  }
  send(...values: unknown[]): void {
    this.sent.push(values);
  }
  isDestroyed(): boolean {
    return this.isGone;
  }
}

function openDoor() {
  let lastClient = 0;
  const gateway = {
    connect: vi.fn((_send: (event: unknown) => void) => ++lastClient),
    greet: vi.fn(),
    disconnect: vi.fn(),
    handle: vi.fn(async () => 'the reply'),
  };
  const door = new WindowDoor(gateway as unknown as Gateway);
  const contents = new FakeContents();
  door.admit(contents as unknown as WebContents);
  contents.emit('did-navigate');
  return { gateway, contents };
}

/** A message as Electron delivers it. */
const deliver = (event: unknown): unknown => handlers.get('unroll:request')?.(event, 'the message');
const pageFrame = { url: 'app://unroll/', parent: null };

beforeEach(() => handlers.clear());

describe('the door to the gateway', () => {
  it('is one channel', () => {
    openDoor();
    expect([...handlers.keys()]).toEqual(['unroll:request']);
  });

  it('lets the page of a window in', async () => {
    const { gateway, contents } = openDoor();
    expect(await deliver({ sender: contents, senderFrame: pageFrame })).toBe('the reply');
    expect(gateway.handle).toHaveBeenCalledWith(1, 'the message');
  });

  it('lets the page in where Electron tells no frame', async () => {
    const { contents } = openDoor();
    expect(await deliver({ sender: contents })).toBe('the reply');
  });

  it.each([
    ['a page that is no window’s', () => ({ sender: new FakeContents(), senderFrame: pageFrame })],
    [
      'a frame within the page',
      (sender: FakeContents) => ({ sender, senderFrame: { ...pageFrame, parent: pageFrame } }),
    ],
    [
      'a frame of another origin',
      (sender: FakeContents) => ({ sender, senderFrame: { url: 'https://evil.example/', parent: null } }),
    ],
    [
      'a frame of a similar address',
      (sender: FakeContents) => ({ sender, senderFrame: { url: 'app://unroll.evil/', parent: null } }),
    ],
  ])('keeps out %s', (_what, eventOf) => {
    const { gateway, contents } = openDoor();
    expect(() => deliver(eventOf(contents))).toThrow('Expected a message from the page of a window');
    expect(gateway.handle).not.toHaveBeenCalled();
  });

  it('keeps out a window that shows another page, where Electron tells no frame', () => {
    const { contents } = openDoor();
    contents.address = 'https://evil.example/';
    expect(() => deliver({ sender: contents })).toThrow('https://evil.example/');
  });

  it('takes a page that is loaded anew for another client', () => {
    const { gateway, contents } = openDoor();
    contents.emit('did-navigate');
    expect(gateway.disconnect.mock.calls).toEqual([[1]]);
    expect(gateway.connect).toHaveBeenCalledTimes(2);
  });

  it('greets a page that can listen', () => {
    const { gateway, contents } = openDoor();
    contents.emit('did-finish-load');
    expect(gateway.greet.mock.calls).toEqual([[1]]);
  });

  it('forgets a window that is gone', () => {
    const { gateway, contents } = openDoor();
    contents.emit('destroyed');
    expect(gateway.disconnect.mock.calls).toEqual([[1]]);
    expect(() => deliver({ sender: contents, senderFrame: pageFrame })).toThrow();
  });

  it('sends events to a window as long as it is there', () => {
    const { gateway, contents } = openDoor();
    const send = gateway.connect.mock.calls[0]?.[0];
    send?.('first');
    contents.isGone = true;
    send?.('second');
    expect(contents.sent).toEqual([['unroll:event', 'first']]);
  });
});
