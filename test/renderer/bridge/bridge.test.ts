import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { decodeMessage, encodeMessage } from '../../../app/contract/codec';
import type { EventEnvelope, ReplyEnvelope, RequestEnvelope } from '../../../app/contract/messages';
import { UnrollError } from '../../../app/errors';
import { errorCodeOf, errorMessageOf } from '../../../renderer/bridge/bridge';
import { preloadBridge } from '../../../renderer/bridge/preloadTransport';
import { socketBridge } from '../../../renderer/bridge/socketTransport';

const refusal = new UnrollError('recording.missing').toMessage();

describe('the preload wire', () => {
  const reply = vi.fn<(envelope: RequestEnvelope) => Promise<ReplyEnvelope>>();
  let tell: (envelope: EventEnvelope) => void = () => undefined;
  const open = () => preloadBridge({ host: 'electron', request: reply, onEvent: (callback) => void (tell = callback) });

  test('gives the body of the answer', async () => {
    reply.mockImplementation(async ({ id }) => ({ kind: 'reply', id, isOk: true, body: { samples: [] } }));
    await expect(open().request('samples.list', {})).resolves.toEqual({ samples: [] });
  });

  test('turns an error reply into an error with the same code and sentence', async () => {
    reply.mockImplementation(async ({ id }) => ({ kind: 'reply', id, isOk: false, error: refusal }));
    const error: unknown = await open()
      .request('recordings.get', { recordingId: 'a' })
      .catch((reason: unknown) => reason);
    expect(errorMessageOf(error)).toEqual(refusal);
  });

  test('passes on what the wire itself throws', async () => {
    reply.mockRejectedValue(new TypeError('broken'));
    await expect(open().request('models.list', {})).rejects.toThrow('broken');
  });

  test('brings events to their listeners until they stop listening', () => {
    const bridge = open();
    const heard: unknown[] = [];
    const stop = bridge.on('recordings.changed', (event) => heard.push(event));
    const envelope: EventEnvelope = { kind: 'event', event: 'recordings.changed', body: { recoveredIds: ['a'] } };
    tell(envelope);
    stop();
    tell(envelope);
    expect(heard).toEqual([{ recoveredIds: ['a'] }]);
  });
});

describe('the socket wire', () => {
  class FakeSocket {
    static readonly OPEN = 1;
    static all: FakeSocket[] = [];
    readyState = 0;
    binaryType = '';
    readonly sent: RequestEnvelope[] = [];
    onopen: () => void = () => undefined;
    onclose: () => void = () => undefined;
    onmessage: (event: { data: ArrayBuffer }) => void = () => undefined;

    constructor(readonly url: string) {
      FakeSocket.all.push(this);
    }
    send(bytes: Uint8Array): void {
      this.sent.push(decodeMessage(bytes) as RequestEnvelope);
    }
    open(): void {
      this.readyState = FakeSocket.OPEN;
      this.onopen();
    }
    close(): void {
      this.readyState = 3;
      this.onclose();
    }
    receive(message: ReplyEnvelope | EventEnvelope): void {
      this.onmessage({ data: encodeMessage(message).slice().buffer });
    }
  }
  const last = (): FakeSocket => FakeSocket.all[FakeSocket.all.length - 1]!;

  beforeEach(() => {
    FakeSocket.all = [];
    vi.stubGlobal('WebSocket', FakeSocket);
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  test('keeps what is asked before it is open, and answers it then', async () => {
    const answer = socketBridge('ws://host/contract').request('models.list', {});
    last().open();
    last().receive({ kind: 'reply', id: last().sent[0]!.id, isOk: true, body: { models: [] } });
    await expect(answer).resolves.toEqual({ models: [] });
  });

  test('carries typed arrays', async () => {
    const bridge = socketBridge('ws://host/contract');
    last().open();
    const answer = bridge.request('samples.audio', { sampleId: 'a' });
    last().receive({ kind: 'reply', id: last().sent[0]!.id, isOk: true, body: { pcm: Int16Array.of(1, -2) } });
    expect((await answer).pcm).toEqual(Int16Array.of(1, -2));
  });

  test('says that the connection is lost to whoever waits for an answer', async () => {
    const bridge = socketBridge('ws://host/contract');
    last().open();
    const answer = bridge.request('models.list', {}).catch(errorCodeOf);
    last().close();
    expect(await answer).toBe('connection.lost');
  });

  test('connects again, and tells so as an engine that restarts', async () => {
    const states: string[] = [];
    socketBridge('ws://host/contract').on('engine.state', ({ state }) => states.push(state));
    last().open();
    last().close();
    await vi.advanceTimersByTimeAsync(250);
    last().open();
    expect([FakeSocket.all.length, ...states]).toEqual([2, 'restarting', 'ready']);
  });

  test('gives up an answer after its time', async () => {
    const bridge = socketBridge('ws://host/contract');
    last().open();
    const answer = bridge.request('models.list', {}).catch(errorMessageOf);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await answer).toMatchObject({ code: 'request.late', params: { method: 'models.list', seconds: 30 } });
  });
});
