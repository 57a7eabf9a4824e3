// The wire of browser mode: binary messages over one WebSocket that is opened again whenever it breaks.
import { decodeMessage, encodeMessage } from '../../app/contract/codec';
import type { Envelope, EventOf, RequestEnvelope } from '../../app/contract/messages';
import { UnrollError } from '../../app/errors';
import type { Bridge } from './bridge';
import { Correspondence } from './correspondence';

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 4_000;

class ReconnectingSocket {
  readonly #url: string;
  readonly correspondence = new Correspondence((envelope) => this.#send(envelope));
  #socket: WebSocket | null = null;
  /** Requests made while there is no wire; they leave when it is back, unless their time is over. */
  #waiting: RequestEnvelope[] = [];
  #retryMs = FIRST_RETRY_MS;
  #hasBroken = false;

  constructor(url: string) {
    this.#url = url;
    this.#open();
  }

  #send(envelope: RequestEnvelope): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(encodeMessage(envelope) as BufferSource);
    else this.#waiting.push(envelope);
  }

  #open(): void {
    const socket = new WebSocket(this.#url);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    socket.onopen = () => this.#opened();
    socket.onmessage = (event: MessageEvent<ArrayBuffer>) =>
      this.correspondence.receive(decodeMessage(new Uint8Array(event.data)) as Envelope);
    socket.onclose = () => this.#closed();
  }

  #opened(): void {
    this.#retryMs = FIRST_RETRY_MS;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const envelope of waiting) this.#send(envelope);
    if (this.#hasBroken) this.#tell({ state: 'ready', error: null });
    this.#hasBroken = false;
  }

  #closed(): void {
    const lost = (): UnrollError => new UnrollError('connection.lost');
    const isNews = !this.#hasBroken;
    this.#hasBroken = true;
    const unsent = new Set(this.#waiting.map((envelope) => envelope.id));
    this.correspondence.rejectSent(unsent, lost);
    // To the window a broken wire is what a restarting engine is: wait, then resume.
    if (isNews) this.#tell({ state: 'restarting', error: lost().toMessage() });
    setTimeout(() => this.#open(), this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS);
  }

  #tell(state: EventOf<'engine.state'>): void {
    this.correspondence.emit('engine.state', state);
  }
}

/** @param url for instance ws://127.0.0.1:4000/contract */
export function socketBridge(url: string): Bridge {
  const { correspondence } = new ReconnectingSocket(url);
  return {
    host: 'browser',
    request: (method, body) => correspondence.request(method, body),
    on: (event, callback) => correspondence.on(event, callback),
  };
}
