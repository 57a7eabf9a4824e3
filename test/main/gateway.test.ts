import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EventEnvelope, MethodName, ReplyEnvelope } from '../../app/contract/messages';
import type { Answer } from '../../main/engineSupervisor';
import { Gateway, MAX_OUTSTANDING } from '../../main/gateway';
import type { ClientId } from '../../main/ownership';

const ABSENCE_MS = 1_000;
const ok = (body: unknown): Answer => ({ isOk: true, body });

interface Asked {
  readonly method: MethodName;
  readonly body: unknown;
}

/** A gateway before an engine made of `answers`; methods without one are never answered. */
function gate(answers: Partial<Record<MethodName, (body: never) => Answer | Promise<Answer>>> = {}) {
  const asked: Asked[] = [];
  const logs: string[] = [];
  const gateway = new Gateway({
    host: 'electron',
    absenceMs: ABSENCE_MS,
    openMicrophoneSettings: async () => true,
    log: (line) => logs.push(line),
    ask: (method, body) => {
      asked.push({ method, body });
      const answer = answers[method] as ((body: unknown) => Answer | Promise<Answer>) | undefined;
      return answer ? Promise.resolve(answer(body)) : new Promise(() => undefined);
    },
  });
  return { gateway, asked, logs };
}

interface Window {
  readonly clientId: ClientId;
  readonly heard: EventEnvelope[];
  ask(method: string, body: unknown): Promise<ReplyEnvelope>;
}
function openWindow(gateway: Gateway): Window {
  const heard: EventEnvelope[] = [];
  const clientId = gateway.connect((event) => heard.push(event));
  let id = 0;
  const ask = (method: string, body: unknown): Promise<ReplyEnvelope> =>
    gateway.handle(clientId, { kind: 'request', id: ++id, method, body });
  return { clientId, heard, ask };
}

const codeOf = (reply: ReplyEnvelope): string => (reply.isOk ? 'ok' : reply.error.code);
const refused = { isOk: false, error: { code: 'message.refused' } };

const CHUNK = { firstSample: 0, pcm: Int16Array.of(1), firstFrame: 3, frames: Float32Array.of(1) };
/** An engine that opens streams and files with the ids given. */
const opening = {
  'listen.start': () => ok({ streamId: 'stream-1', recordingId: 'recording-1' }),
  'listen.resume': () => ok({ streamId: 'stream-2', samplesOnDisk: 0, framesTaken: 0 }),
  'listen.chunk': () => ok({ samplesOnDisk: 1, bytesOnDisk: 2 }),
  'files.add': () => ok({ fileId: 'file-1' }),
  'files.piece': () => ok({ received: 1 }),
  'files.cancel': () => ok({}),
  'data.upload': () => ok({ uploadId: 'upload-1' }),
  'data.piece': () => ok({ received: 1 }),
  'data.cancelUpload': () => ok({}),
  'data.takeStart': () => ok({ takeId: 'take-1' }),
  'data.takeChunk': () => ok({ samplesOnDisk: 1 }),
  'data.takeDiscard': () => ok({}),
} as const;
const startMicrophone = { modelId: 'digits', source: 'microphone' };
const resume = { recordingId: 'recording-1', modelId: 'digits' };
const recognised = {
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
const progress = (state: string): EventEnvelope => ({
  kind: 'event',
  event: 'files.progress',
  body: {
    ...{ fileId: 'file-1', name: 'a.wav', state, fraction: 0, error: null, recordingId: null },
    ...{ realTimeFactor: null, at: '2026-01-01' },
  },
});

describe('a message', () => {
  it('that is well formed reaches the engine, and its answer comes back under its id', async () => {
    const { gateway, asked } = gate({ 'models.list': () => ok({ models: [] }) });
    const window = openWindow(gateway);
    expect(await gateway.handle(window.clientId, { kind: 'request', id: 41, method: 'models.list', body: {} })).toEqual(
      { kind: 'reply', id: 41, isOk: true, body: { models: [] } },
    );
    expect(asked).toEqual([{ method: 'models.list', body: {} }]);
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'models.list'],
    ['a list', []],
    ['no kind', { id: 1, method: 'models.list', body: {} }],
    ['another kind', { kind: 'reply', id: 1, method: 'models.list', body: {} }],
    ['an id that is no number', { kind: 'request', id: '1', method: 'models.list', body: {} }],
    ['a negative id', { kind: 'request', id: -1, method: 'models.list', body: {} }],
    ['an id that is no whole number', { kind: 'request', id: 0.5, method: 'models.list', body: {} }],
    ['more than belongs in it', { kind: 'request', id: 1, method: 'models.list', body: {}, path: '/etc/passwd' }],
    ['a name of unheard-of length', { kind: 'request', id: 1, method: 'x'.repeat(1_000), body: {} }],
  ])('is refused when it is %s', async (_what, message) => {
    const { gateway, asked } = gate();
    expect(await gateway.handle(openWindow(gateway).clientId, message)).toMatchObject(refused);
    expect(asked).toEqual([]);
  });

  it('that is refused is refused under its own id where it has one', async () => {
    const { gateway } = gate();
    const message = { kind: 'nonsense', id: 12 };
    expect(await gateway.handle(openWindow(gateway).clientId, message)).toMatchObject({ id: 12 });
  });

  it.each(['', 'models', 'constructor', '__proto__', 'toString', 'models.list '])(
    'is refused when no message is called %j',
    async (method) => {
      const { gateway, asked } = gate();
      expect(await openWindow(gateway).ask(method, {})).toMatchObject(refused);
      expect(asked).toEqual([]);
    },
  );

  it('is refused when its window is not known', async () => {
    const { gateway, asked } = gate();
    expect(await gateway.handle(77, { kind: 'request', id: 1, method: 'models.list', body: {} })).toMatchObject(
      refused,
    );
    expect(asked).toEqual([]);
  });

  it.each<[string, MethodName, unknown]>([
    ['a path for an id', 'models.open', { modelId: '../../etc' }],
    ['an absolute path for an id', 'recordings.get', { recordingId: '/etc/passwd' }],
    ['a path beside a run', 'runs.steps', { runId: 'a', first: 0, count: 1, path: '/etc/passwd' }],
    ['a number that is no place of what was heard', 'runs.hearingAudio', { runId: 'a', hearing: '../../x.wav' }],
    ['a path for a data set', 'runs.start', { name: 'a', setId: '../x', config: {}, fromModelId: null }],
    ['a value too many', 'models.list', { path: '/home' }],
    ['a value too few', 'models.open', {}],
    ['no values', 'models.open', null],
    ['a list where an array of numbers belongs', 'listen.chunk', { streamId: 's', ...CHUNK, pcm: [1, 2] }],
    ['the wrong kind of array', 'listen.chunk', { streamId: 's', ...CHUNK, pcm: Float32Array.of(1) }],
    ['more sound than fits in one message', 'listen.chunk', { streamId: 's', ...CHUNK, pcm: new Int16Array(80_001) }],
    ['a file larger than any', 'files.add', { name: 'a.wav', byteLength: 2 ** 31, modelId: 'digits' }],
    ['a piece that is too large', 'files.piece', { fileId: 'f', offset: 0, bytes: new Uint8Array((1 << 20) + 1) }],
    ['a path for a file’s name', 'files.add', { name: '../notes.wav', byteLength: 9, modelId: 'digits' }],
    ['a Windows path for a file’s name', 'files.add', { name: 'C:\\notes.wav', byteLength: 9, modelId: 'digits' }],
    ['a number that is none', 'files.add', { name: 'a.wav', byteLength: Number.NaN, modelId: 'digits' }],
    ['a source that does not exist', 'listen.start', { modelId: 'digits', source: 'telephone' }],
  ])('is refused when it holds %s', async (_what, method, body) => {
    const { gateway, asked } = gate();
    expect(await openWindow(gateway).ask(method, body)).toMatchObject(refused);
    expect(asked).toEqual([]);
  });

  it('that is refused names what is wrong with it', async () => {
    const { gateway } = gate();
    const reply = await openWindow(gateway).ask('models.open', { modelId: 'No Id' });
    expect(reply).toMatchObject({
      error: { params: { method: 'models.open', reason: expect.stringContaining('modelId') as string } },
    });
  });

  it('is refused when too many before it are unanswered', async () => {
    const { gateway, asked } = gate();
    const window = openWindow(gateway);
    for (let i = 0; i < MAX_OUTSTANDING; i++) void window.ask('models.list', {});
    expect(await window.ask('models.list', {})).toMatchObject(refused);
    expect(asked).toHaveLength(MAX_OUTSTANDING);
  });

  it('is not refused for what another window has unanswered', async () => {
    const { gateway, asked } = gate();
    const busy = openWindow(gateway);
    for (let i = 0; i < MAX_OUTSTANDING; i++) void busy.ask('models.list', {});
    void openWindow(gateway).ask('models.list', {});
    expect(asked).toHaveLength(MAX_OUTSTANDING + 1);
  });

  it('may follow when those before it are answered', async () => {
    const { gateway } = gate({ 'models.list': () => ok({ models: [] }) });
    const window = openWindow(gateway);
    for (let i = 0; i < MAX_OUTSTANDING + 5; i++) expect(codeOf(await window.ask('models.list', {}))).toBe('ok');
  });
});

describe('an answer', () => {
  it('tells the host, whatever the engine believes', async () => {
    const info = { version: '1', rung: 'wasm', rungReason: null, backend: 'wasm' };
    const { gateway } = gate({ 'system.info': () => ok({ ...info, host: 'browser' }) });
    expect(await openWindow(gateway).ask('system.info', {})).toMatchObject({ body: { ...info, host: 'electron' } });
  });

  it('that is an error comes through with its code and values', async () => {
    const error = { code: 'model.missing', message: 'No model is called x.', params: { model: 'x' } };
    const { gateway } = gate({ 'models.open': () => ({ isOk: false, error }) });
    expect(await openWindow(gateway).ask('models.open', { modelId: 'x' })).toMatchObject({ isOk: false, error });
  });

  it('of no known form does not reach the window, and is logged', async () => {
    const { gateway, logs } = gate({ 'models.list': () => ok({ models: 'many' }) });
    const reply = await openWindow(gateway).ask('models.list', {});
    expect(codeOf(reply)).toBe('engine.fault');
    expect(logs).toEqual([expect.stringContaining('models.list')]);
  });
});

describe('a stream', () => {
  it('takes sound from the window that opened it', async () => {
    const { gateway } = gate(opening);
    const window = openWindow(gateway);
    await window.ask('listen.start', startMicrophone);
    expect(codeOf(await window.ask('listen.chunk', { streamId: 'stream-1', ...CHUNK }))).toBe('ok');
  });

  it('takes no sound from another window, which cannot even learn that it exists', async () => {
    const { gateway, asked } = gate(opening);
    await openWindow(gateway).ask('listen.start', startMicrophone);
    const other = openWindow(gateway);
    const foreign = await other.ask('listen.chunk', { streamId: 'stream-1', ...CHUNK });
    const unknown = await other.ask('listen.chunk', { streamId: 'stream-9', ...CHUNK });
    expect(codeOf(foreign)).toBe('stream.unknown');
    expect({ ...foreign, id: 0 }).toEqual({ ...unknown, id: 0 });
    expect(asked.map(({ method }) => method)).toEqual(['listen.start']);
  });

  it.each([
    ['marked', 'listen.mark', { streamId: 'stream-1', marks: [400] }],
    ['ended', 'listen.finish', { streamId: 'stream-1', firstFrame: 0, frames: new Float32Array(0) }],
  ])('is not %s by another window', async (_what, method, body) => {
    const { gateway } = gate(opening);
    await openWindow(gateway).ask('listen.start', startMicrophone);
    expect(codeOf(await openWindow(gateway).ask(method, body))).toBe('stream.unknown');
  });

  it('is not taken over while its window is there', async () => {
    const { gateway } = gate(opening);
    await openWindow(gateway).ask('listen.start', startMicrophone);
    expect(codeOf(await openWindow(gateway).ask('listen.resume', resume))).toBe('stream.unknown');
  });

  it('goes on in another window when its own is gone', async () => {
    const { gateway } = gate(opening);
    const first = openWindow(gateway);
    await first.ask('listen.start', startMicrophone);
    gateway.disconnect(first.clientId);
    const second = openWindow(gateway);
    expect(codeOf(await second.ask('listen.resume', resume))).toBe('ok');
    expect(codeOf(await second.ask('listen.chunk', { streamId: 'stream-2', ...CHUNK }))).toBe('ok');
  });

  it('dies with the engine, and is resumed by its window', async () => {
    const { gateway } = gate(opening);
    const window = openWindow(gateway);
    await window.ask('listen.start', startMicrophone);
    gateway.publish({ kind: 'event', event: 'engine.state', body: { state: 'restarting', error: null } });
    expect(codeOf(await window.ask('listen.chunk', { streamId: 'stream-1', ...CHUNK }))).toBe('stream.unknown');
    expect(codeOf(await window.ask('listen.resume', resume))).toBe('ok');
  });
});

describe('a window that is gone', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('has its recording ended for it after a while', async () => {
    const { gateway, asked } = gate(opening);
    const window = openWindow(gateway);
    await window.ask('listen.start', startMicrophone);
    await window.ask('listen.chunk', { streamId: 'stream-1', ...CHUNK });
    gateway.disconnect(window.clientId);
    await vi.advanceTimersByTimeAsync(ABSENCE_MS);
    expect(asked.at(-1)).toEqual({
      method: 'listen.finish',
      body: { streamId: 'stream-1', firstFrame: CHUNK.firstFrame, frames: new Float32Array(0) },
    });
  });

  it('has nothing ended that another window took over', async () => {
    const { gateway, asked } = gate(opening);
    const window = openWindow(gateway);
    await window.ask('listen.start', startMicrophone);
    gateway.disconnect(window.clientId);
    await openWindow(gateway).ask('listen.resume', resume);
    await vi.advanceTimersByTimeAsync(ABSENCE_MS);
    expect(asked.map(({ method }) => method)).not.toContain('listen.finish');
  });

  it('has files cancelled that it had not sent whole', async () => {
    const { gateway, asked } = gate(opening);
    const window = openWindow(gateway);
    await window.ask('files.add', { name: 'a.wav', byteLength: 10, modelId: 'digits' });
    gateway.disconnect(window.clientId);
    await vi.advanceTimersByTimeAsync(ABSENCE_MS);
    expect(asked.at(-1)).toEqual({ method: 'files.cancel', body: { fileId: 'file-1' } });
  });

  it('has files transcribed that it had sent whole', async () => {
    const { gateway, asked } = gate(opening);
    const window = openWindow(gateway);
    await window.ask('files.add', { name: 'a.wav', byteLength: 10, modelId: 'digits' });
    gateway.publish(progress('queued'));
    gateway.disconnect(window.clientId);
    await vi.advanceTimersByTimeAsync(ABSENCE_MS);
    expect(asked.map(({ method }) => method)).not.toContain('files.cancel');
  });

  it('may not ask any more', async () => {
    const { gateway } = gate({ 'models.list': () => ok({ models: [] }) });
    const window = openWindow(gateway);
    gateway.disconnect(window.clientId);
    expect(await window.ask('models.list', {})).toMatchObject(refused);
  });
});

describe('a file', () => {
  const piece = { fileId: 'file-1', offset: 0, bytes: Uint8Array.of(1) };

  it('takes pieces from the window that added it, and from no other', async () => {
    const { gateway } = gate(opening);
    const [own, other] = [openWindow(gateway), openWindow(gateway)];
    await own.ask('files.add', { name: 'a.wav', byteLength: 10, modelId: 'digits' });
    expect(codeOf(await own.ask('files.piece', piece))).toBe('ok');
    expect(codeOf(await other.ask('files.piece', piece))).toBe('message.refused');
    expect(codeOf(await other.ask('files.cancel', { fileId: 'file-1' }))).toBe('message.refused');
  });

  it('that nobody added takes no pieces', async () => {
    const { gateway } = gate(opening);
    expect(codeOf(await openWindow(gateway).ask('files.piece', piece))).toBe('message.refused');
  });

  it('that is done is not open any more', async () => {
    const { gateway } = gate(opening);
    const window = openWindow(gateway);
    await window.ask('files.add', { name: 'a.wav', byteLength: 10, modelId: 'digits' });
    gateway.publish(progress('done'));
    expect(codeOf(await window.ask('files.cancel', { fileId: 'file-1' }))).toBe('message.refused');
  });
});

describe('an event', () => {
  it('of a stream reaches its window alone', async () => {
    const { gateway } = gate(opening);
    const [own, other] = [openWindow(gateway), openWindow(gateway)];
    await own.ask('listen.start', startMicrophone);
    gateway.publish(recognised);
    expect(own.heard).toEqual([recognised]);
    expect(other.heard).toEqual([]);
  });

  it('of a file reaches the window that added it alone', async () => {
    const { gateway } = gate(opening);
    const [own, other] = [openWindow(gateway), openWindow(gateway)];
    await own.ask('files.add', { name: 'a.wav', byteLength: 10, modelId: 'digits' });
    gateway.publish(progress('transcribing'));
    expect(own.heard).toHaveLength(1);
    expect(other.heard).toEqual([]);
  });

  it('of a file whose window lost its connection reaches the windows that are there', async () => {
    const { gateway } = gate(opening);
    const own = openWindow(gateway);
    await own.ask('files.add', { name: 'a.wav', byteLength: 10, modelId: 'digits' });
    gateway.disconnect(own.clientId);
    const next = openWindow(gateway);
    gateway.publish(progress('transcribing'));
    expect(next.heard).toHaveLength(1);
  });

  it('about the recordings reaches every window', () => {
    const { gateway } = gate();
    const windows = [openWindow(gateway), openWindow(gateway)];
    gateway.publish({ kind: 'event', event: 'recordings.changed', body: { recoveredIds: ['a'] } });
    expect(windows.map(({ heard }) => heard.length)).toEqual([1, 1]);
  });

  it('of no known form reaches nobody, and is logged', () => {
    const { gateway, logs } = gate();
    const window = openWindow(gateway);
    gateway.publish({ kind: 'event', event: 'recordings.changed', body: { recoveredIds: ['../..'] } });
    expect(window.heard).toEqual([]);
    expect(logs).toEqual([expect.stringContaining('recordings.changed')]);
  });

  it('tells a new window how the engine is', () => {
    const { gateway } = gate();
    const state = { state: 'ready', error: null };
    gateway.publish({ kind: 'event', event: 'engine.state', body: state });
    const window = openWindow(gateway);
    gateway.greet(window.clientId);
    expect(window.heard).toEqual([{ kind: 'event', event: 'engine.state', body: state }]);
  });
});

describe('an upload or a take', () => {
  const UPLOAD = { title: 'Words', files: 1, byteLength: 1 };
  const PIECE = { uploadId: 'upload-1', place: ['a.wav'], offset: 0, bytes: Uint8Array.of(1) };
  const TAKE = { setId: 'set-1', prompt: 'one', speaker: 'me', device: '' };
  const TAKE_CHUNK = { takeId: 'take-1', firstSample: 0, pcm: Int16Array.of(1) };

  it('is gone on with by the window that began it, and by no other', async () => {
    const { gateway } = gate(opening);
    const [own, other] = [openWindow(gateway), openWindow(gateway)];
    await own.ask('data.upload', UPLOAD);
    await own.ask('data.takeStart', TAKE);
    expect(codeOf(await own.ask('data.piece', PIECE))).toBe('ok');
    expect(codeOf(await own.ask('data.takeChunk', TAKE_CHUNK))).toBe('ok');
    expect(codeOf(await other.ask('data.piece', PIECE))).toBe('message.refused');
    expect(codeOf(await other.ask('data.cancelUpload', { uploadId: 'upload-1' }))).toBe('message.refused');
    expect(codeOf(await other.ask('data.takeChunk', TAKE_CHUNK))).toBe('stream.unknown');
    expect(codeOf(await other.ask('data.takeDiscard', { takeId: 'take-1' }))).toBe('stream.unknown');
    expect(codeOf(await own.ask('data.takeDiscard', { takeId: 'upload-1' }))).toBe('stream.unknown');
  });

  it('whose window is gone: the upload is cancelled, the take is left for the person to find', async () => {
    vi.useFakeTimers();
    const { gateway, asked } = gate(opening);
    const window = openWindow(gateway);
    await window.ask('data.upload', UPLOAD);
    await window.ask('data.takeStart', TAKE);
    gateway.disconnect(window.clientId);
    await vi.advanceTimersByTimeAsync(ABSENCE_MS + 1);
    vi.useRealTimers();
    expect(asked.map(({ method }) => method)).toEqual(['data.upload', 'data.takeStart', 'data.cancelUpload']);
  });
});
