// The contract over WebSockets: one binary message is one envelope.
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { decodeMessage, encodeMessage } from '../../app/contract/codec';
import { MAX_FILE_PIECE_BYTES } from '../../app/contract/messages';
import type { Gateway } from '../gateway';
import type { Access } from './access';

export const SOCKET_PATH = '/contract';
/** The largest message of the contract is a second of sound with wide frames, or a piece of a file. */
export const MAX_MESSAGE_BYTES = 4 * MAX_FILE_PIECE_BYTES;
const MAX_SOCKETS = 16;
/** A window that takes nothing any more is let go before its messages fill the memory. */
const MAX_UNSENT_BYTES = 64 << 20;
const HEARTBEAT_MS = 15_000;

const CLOSE_CODES = { unsupported: 1003, unreadable: 1007, tooSlow: 1008, goingAway: 1001 } as const;

export interface SocketServerOptions {
  readonly access: () => Access;
  readonly gateway: Gateway;
}

export class SocketServer {
  readonly #options: SocketServerOptions;
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false });
  readonly #heartbeat: ReturnType<typeof setInterval>;
  readonly #alive = new WeakSet<WebSocket>();

  constructor(server: Server, options: SocketServerOptions) {
    this.#options = options;
    server.on('upgrade', (request, stream: Duplex, head) => this.#upgrade(request, stream, head));
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS);
  }

  close(): void {
    clearInterval(this.#heartbeat);
    for (const socket of this.#sockets.clients) socket.close(CLOSE_CODES.goingAway);
  }

  #upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const access = this.#options.access();
    const isAllowed =
      request.url === SOCKET_PATH &&
      access.isSocketFromHere(request.headers) &&
      access.isLetIn(request.headers) &&
      this.#sockets.clients.size < MAX_SOCKETS;
    if (isAllowed) this.#sockets.handleUpgrade(request, stream, head, (socket) => this.#opened(socket));
    else stream.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  }

  #opened(socket: WebSocket): void {
    const { gateway } = this.#options;
    this.#alive.add(socket);
    const clientId = gateway.connect((event) => send(socket, event));
    socket.on('pong', () => this.#alive.add(socket));
    socket.on('message', (data, isBinary) => {
      const message = readMessage(socket, data, isBinary);
      if (message === UNREADABLE) return;
      void gateway.handle(clientId, message).then((reply) => send(socket, reply));
    });
    // A message that is too large, or no WebSocket at all: ws closes the connection itself.
    socket.on('error', (error) => console.error(`A window's connection broke: ${error.message}`));
    socket.on('close', () => gateway.disconnect(clientId));
    gateway.greet(clientId);
  }

  /** A connection that did not answer the last beat is gone, whatever the system believes. */
  #beat(): void {
    for (const socket of this.#sockets.clients) {
      if (!this.#alive.delete(socket)) socket.terminate();
      else socket.ping();
    }
  }
}

const UNREADABLE = Symbol('unreadable');

function readMessage(socket: WebSocket, data: RawData, isBinary: boolean): unknown {
  if (!isBinary) {
    socket.close(CLOSE_CODES.unsupported);
    return UNREADABLE;
  }
  try {
    return decodeMessage(data as Buffer);
  } catch {
    // Bytes that are no message tell nothing that could be answered.
    socket.close(CLOSE_CODES.unreadable);
    return UNREADABLE;
  }
}

function send(socket: WebSocket, envelope: unknown): void {
  if (socket.readyState !== socket.OPEN) return;
  if (socket.bufferedAmount > MAX_UNSENT_BYTES) socket.close(CLOSE_CODES.tooSlow);
  else socket.send(encodeMessage(envelope));
}
