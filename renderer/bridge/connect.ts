// Chooses the wire: the preload's in Electron, a WebSocket to the page's own host in a browser.
import type { Bridge } from './bridge';
import { preloadBridge, type PreloadApi } from './preloadTransport';
import { socketBridge } from './socketTransport';

declare global {
  interface Window {
    readonly unroll?: PreloadApi;
  }
}

export function connectBridge(): Bridge {
  if (window.unroll) return preloadBridge(window.unroll);
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  return socketBridge(`${scheme}://${location.host}/contract`);
}
