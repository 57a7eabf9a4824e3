// The wire inside Electron: what the preload script exposes as window.unroll.
import type { EventEnvelope, ReplyEnvelope, RequestEnvelope } from '../../app/contract/messages';
import type { Bridge } from './bridge';
import { Correspondence } from './correspondence';

/** Everything the preload script exposes. */
export interface PreloadApi {
  readonly host: 'electron';
  request(envelope: RequestEnvelope): Promise<ReplyEnvelope>;
  onEvent(callback: (envelope: EventEnvelope) => void): unknown;
}

export function preloadBridge(preload: PreloadApi): Bridge {
  const correspondence = new Correspondence((envelope) => {
    preload.request(envelope).then(
      (reply) => correspondence.receive(reply),
      (error: unknown) => correspondence.reject(envelope.id, error instanceof Error ? error : new Error(String(error))),
    );
  });
  preload.onEvent((envelope) => correspondence.receive(envelope));
  return {
    host: 'electron',
    request: (method, body) => correspondence.request(method, body),
    on: (event, callback) => correspondence.on(event, callback),
  };
}
