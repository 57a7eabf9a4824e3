// Electron's door to the gateway: who sends, then what is sent.
import { ipcMain, type IpcMainInvokeEvent, type WebContents } from 'electron';
import type { EventEnvelope } from '../app/contract/messages';
import { isPageAddress } from './address';
import { EVENT_CHANNEL, REQUEST_CHANNEL } from './channels';
import type { Gateway } from './gateway';
import type { ClientId } from './ownership';

export class WindowDoor {
  readonly #gateway: Gateway;
  /** A page that is loaded anew is another client: the one before it is gone with what it had open. */
  readonly #clients = new Map<WebContents, ClientId>();

  constructor(gateway: Gateway) {
    this.#gateway = gateway;
    ipcMain.handle(REQUEST_CHANNEL, (event, message: unknown) => this.#gateway.handle(this.#senderOf(event), message));
  }

  /** Lets one window in, as long as it lives. */
  admit(contents: WebContents): void {
    const send = (event: EventEnvelope): void => {
      if (!contents.isDestroyed()) contents.send(EVENT_CHANNEL, event);
    };
    contents.on('did-navigate', () => {
      this.#dismiss(contents);
      this.#clients.set(contents, this.#gateway.connect(send));
    });
    contents.on('did-finish-load', () => {
      const clientId = this.#clients.get(contents);
      if (clientId !== undefined) this.#gateway.greet(clientId);
    });
    contents.on('destroyed', () => this.#dismiss(contents));
  }

  #dismiss(contents: WebContents): void {
    const clientId = this.#clients.get(contents);
    this.#clients.delete(contents);
    if (clientId !== undefined) this.#gateway.disconnect(clientId);
  }

  /** @throws Error where the sender is not the page of one of our windows */
  #senderOf(event: IpcMainInvokeEvent): ClientId {
    const clientId = this.#clients.get(event.sender);
    // Electron before 17 does not tell the frame; its address stands for it there.
    const frame = 'senderFrame' in event ? event.senderFrame : undefined;
    const address = frame ? frame.url : event.sender.getURL();
    const isSubFrame = frame ? frame.parent !== null : false;
    if (clientId === undefined || isSubFrame || !isPageAddress(address)) {
      throw new Error(`Expected a message from the page of a window, but got one from ${address}`);
    }
    return clientId;
  }
}
