// A gateway before an engine made of answers, and windows before it.
import type { EventEnvelope, MethodName, ReplyEnvelope } from '../../app/contract/messages';
import { UnrollError } from '../../app/errors';
import type { Answer } from '../../main/engineSupervisor';
import { Gateway } from '../../main/gateway';
import type { ClientId } from '../../main/ownership';
import { updateAnswers } from '../../main/updates';

export const ABSENCE_MS = 1_000;
export const ok = (body: unknown): Answer => ({ isOk: true, body });

interface Asked {
  readonly method: MethodName;
  readonly body: unknown;
}

/** A gateway before an engine made of `answers`; methods without one are never answered. */
export function gate(answers: Partial<Record<MethodName, (body: never) => Answer | Promise<Answer>>> = {}) {
  const asked: Asked[] = [];
  const logs: string[] = [];
  /** Papers that the host was asked to open. */
  const papers: string[] = [];
  const gateway = new Gateway({
    host: 'electron',
    absenceMs: ABSENCE_MS,
    hostAnswers: {
      'system.openMicrophoneSettings': async () => ({ isOpened: true }),
      'system.openPaper': async ({ paper }) => {
        papers.push(paper);
        return { isOpened: true };
      },
      'system.openFolder': async ({ modelId }) => ({ isOpened: true, place: modelId ?? 'all' }),
      'system.openCaptions': async () => ({ isOpened: true }),
      'liveFile.open': () => Promise.resolve({ file: null }),
      'liveFile.append': () => Promise.reject(new UnrollError('liveFile.unknown')),
      'liveFile.close': () => Promise.resolve({}),
      'files.retry': async ({ fileId }) => ({ fileId }),
      ...updateAnswers(null),
      'watching.get': () => Promise.resolve({ watched: null, canChoose: false }),
      'watching.choose': () => Promise.resolve({ watched: null, canChoose: false }),
      'watching.rest': () => Promise.resolve({ watched: null, canChoose: false }),
      'watching.stop': () => Promise.resolve({ watched: null, canChoose: false }),
      'watching.take': () => Promise.resolve({ file: null }),
      'watching.read': () => Promise.resolve({ bytes: new Uint8Array(0) }),
      'system.startEngine': async () => ({}),
      'system.report': async () => ({ text: 'Unroll, here' }),
    },
    log: (line) => logs.push(line),
    ask: (method, body) => {
      asked.push({ method, body });
      const answer = answers[method] as ((body: unknown) => Answer | Promise<Answer>) | undefined;
      return answer ? Promise.resolve(answer(body)) : new Promise(() => undefined);
    },
  });
  return { gateway, asked, logs, papers };
}

interface Window {
  readonly clientId: ClientId;
  readonly heard: EventEnvelope[];
  ask(method: string, body: unknown): Promise<ReplyEnvelope>;
}
export function openWindow(gateway: Gateway): Window {
  const heard: EventEnvelope[] = [];
  const clientId = gateway.connect((event) => heard.push(event));
  let id = 0;
  const ask = (method: string, body: unknown): Promise<ReplyEnvelope> =>
    gateway.handle(clientId, { kind: 'request', id: ++id, method, body });
  return { clientId, heard, ask };
}

export const codeOf = (reply: ReplyEnvelope): string => (reply.isOk ? 'ok' : reply.error.code);
export const refused = { isOk: false, error: { code: 'message.refused' } };

export const CHUNK = { firstSample: 0, pcm: Int16Array.of(1), firstFrame: 3, frames: Float32Array.of(1) };
/** An engine that opens streams and files with the ids given. */
export const opening = {
  'listen.start': () => ok({ streamId: 'stream-1', recordingId: 'recording-1' }),
  'listen.resume': () => ok({ streamId: 'stream-2', samplesOnDisk: 0, framesTaken: 0 }),
  'listen.chunk': () => ok({ samplesOnDisk: 1, bytesOnDisk: 2 }),
  'files.add': () => ok({ fileId: 'file-1' }),
  'files.piece': () => ok({ received: 1 }),
  'files.cancel': () => ok({}),
  'data.upload': () => ok({ uploadId: 'upload-1' }),
  'data.piece': () => ok({ received: 1 }),
  'data.cancelUpload': () => ok({}),
  'data.export': () => ok({ exportId: 'export-1' }),
  'data.exportPack': () => ok({ byteLength: 1 }),
  'data.exportClose': () => ok({}),
  'data.takeStart': () => ok({ takeId: 'take-1' }),
  'data.takeChunk': () => ok({ samplesOnDisk: 1 }),
  'data.takeDiscard': () => ok({}),
  'data.takeLeave': () => ok({}),
} as const;
export const startMicrophone = { modelId: 'digits', source: 'microphone' };
export const resume = { recordingId: 'recording-1', modelId: 'digits' };
export const recognised = {
  kind: 'event',
  event: 'listen.recognised',
  body: {
    streamId: 'stream-1',
    settled: [],
    tail: [],
    frames: { firstFrame: 0, classes: new Int16Array(0), probabilities: new Float32Array(0) },
    lagMs: 0,
  },
} as const;
export const progress = (state: string): EventEnvelope => ({
  kind: 'event',
  event: 'files.progress',
  body: {
    ...{ fileId: 'file-1', name: 'a.wav', state, fraction: 0, error: null, recordingId: null },
    ...{ sameAs: null, realTimeFactor: null, at: '2026-01-01' },
  },
});
