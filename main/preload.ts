// The one thing that the window gets from Electron: the contract, as window.unroll.
import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron';
import type { EventEnvelope, ReplyEnvelope, RequestEnvelope } from '../app/contract/messages';
import { EVENT_CHANNEL, REQUEST_CHANNEL } from './channels';

contextBridge.exposeInMainWorld('unroll', {
  host: 'electron',

  request: (envelope: RequestEnvelope): Promise<ReplyEnvelope> =>
    ipcRenderer.invoke(REQUEST_CHANNEL, envelope) as Promise<ReplyEnvelope>,

  /** @returns a function that ends it */
  onEvent: (callback: (envelope: EventEnvelope) => void): (() => void) => {
    // Electron's own event object stays here: it reaches the whole of ipcRenderer.
    const listener = (_event: IpcRendererEvent, envelope: EventEnvelope): void => callback(envelope);
    ipcRenderer.on(EVENT_CHANNEL, listener);
    return () => void ipcRenderer.removeListener(EVENT_CHANNEL, listener);
  },
});
