import { describe, expect, it } from 'vitest';
import type { MethodName } from '../../app/contract/messages';
import { MAX_OUTSTANDING } from '../../main/gateway';
import { CHUNK, codeOf, gate, ok, openWindow, refused } from './gatewayWindows';

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
  it('gives a report of what happened itself, and asks no engine for it', async () => {
    const { gateway, asked } = gate();
    expect(await openWindow(gateway).ask('system.report', {})).toMatchObject({ body: { text: 'Unroll, here' } });
    expect(asked).toEqual([]);
  });

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
