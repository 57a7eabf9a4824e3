// The engine's one connection: to the process that started it.
import { Socket } from 'node:net';
import { decodeMessage, encodeMessage } from '../../app/contract/codec';
import { encodeFrame, FrameReader } from '../../app/contract/frames';
import type { EventEnvelope, ReplyEnvelope } from '../../app/contract/messages';

export interface Wire {
  readonly kind: 'utilityProcess' | 'pipe';
  send(envelope: ReplyEnvelope | EventEnvelope): void;
}
export interface WireEvents {
  /** A message that nobody has checked yet. */
  readonly onMessage: (message: unknown) => void;
  /** The other side is gone. */
  readonly onClose: () => void;
}

/** What Electron gives a utility process. */
interface ParentPort {
  on(event: 'message', listener: (message: { readonly data: unknown }) => void): void;
  postMessage(message: unknown): void;
}

const PIPE_FD = 3;

/** Electron's port where there is one, else frames on descriptor 3. */
export function openWire(events: WireEvents): Wire {
  const port = (process as { readonly parentPort?: ParentPort }).parentPort;
  return port === undefined ? openPipe(PIPE_FD, events) : openPort(port, events);
}

/** Messages are structured clones. Electron ends the process together with its parent. */
function openPort(port: ParentPort, { onMessage }: WireEvents): Wire {
  port.on('message', ({ data }) => onMessage(data));
  return { kind: 'utilityProcess', send: (envelope) => port.postMessage(envelope) };
}

function openPipe(fd: number, { onMessage, onClose }: WireEvents): Wire {
  const pipe = new Socket({ fd, readable: true, writable: true });
  const reader = new FrameReader();
  pipe.on('data', (bytes: Buffer) => {
    for (const message of reader.push(bytes)) onMessage(decodeMessage(message));
  });
  pipe.once('end', onClose);
  // A parent that died breaks the pipe: its end is told as well.
  pipe.on('error', onClose);
  return { kind: 'pipe', send: (envelope) => void pipe.write(encodeFrame(encodeMessage(envelope))) };
}
