import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Inspection } from '../../app/contract/inspection';
import { UnrollError } from '../../app/errors';
import {
  ABSENCE_MS,
  CHUNK,
  codeOf,
  gate,
  ok,
  opening,
  openWindow,
  progress,
  recognised,
  refused,
  resume,
  startMicrophone,
} from './gatewayWindows';

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
    ['given back to what had settled', 'listen.giveBack', { streamId: 'stream-1', lines: [100] }],
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

  it('that no window added is stopped by any window while the engine has it, and takes no pieces', async () => {
    const { gateway, asked } = gate(opening);
    const window = openWindow(gateway);
    expect(codeOf(await window.ask('files.cancel', { fileId: 'file-1' }))).toBe('message.refused');
    gateway.publish(progress('queued'));
    expect(codeOf(await window.ask('files.piece', piece))).toBe('message.refused');
    expect(codeOf(await window.ask('files.cancel', { fileId: 'file-1' }))).toBe('ok');
    gateway.publish(progress('cancelled'));
    expect(codeOf(await window.ask('files.cancel', { fileId: 'file-1' }))).toBe('message.refused');
    expect(asked.map(({ method }) => method)).toEqual(['files.cancel']);
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
    const methods = ['data.upload', 'data.takeStart', 'data.cancelUpload', 'data.takeLeave'];
    expect(asked.map(({ method }) => method)).toEqual(methods);
  });

  it('whose window came back as another is that one’s', async () => {
    vi.useFakeTimers();
    const { gateway, asked } = gate(opening);
    const window = openWindow(gateway);
    await window.ask('data.upload', UPLOAD);
    await window.ask('data.takeStart', TAKE);
    gateway.disconnect(window.clientId);
    const again = openWindow(gateway);
    await again.ask('data.piece', PIECE);
    await again.ask('data.takeChunk', TAKE_CHUNK);
    await vi.advanceTimersByTimeAsync(ABSENCE_MS + 1);
    vi.useRealTimers();
    expect(asked.map(({ method }) => method)).not.toContain('data.cancelUpload');
    expect(asked.map(({ method }) => method)).not.toContain('data.takeLeave');
  });
});

describe('models that are compared', () => {
  it('are waited for and given up by their own window alone, and given up when it stays away', async () => {
    vi.useFakeTimers();
    const comparisonId = 'comparison-1';
    const { gateway, asked } = gate({
      'models.compare': () => ok({ comparisonId }),
      'models.cancelComparison': () => ok({}),
    });
    const window = openWindow(gateway);
    await window.ask('models.compare', { modelIds: ['digits'], setId: 'set-1', part: 'test' });
    const other = openWindow(gateway);
    for (const method of ['models.compared', 'models.cancelComparison'])
      expect(codeOf(await other.ask(method, { comparisonId }))).toBe('comparison.closed');
    gateway.disconnect(window.clientId);
    await vi.advanceTimersByTimeAsync(ABSENCE_MS);
    expect(asked.slice(1)).toEqual([{ method: 'models.cancelComparison', body: { comparisonId } }]);
  });
});

describe('a sound that is looked into', () => {
  const handle = 'seen-1';
  /** An engine that refuses what it is asked itself: whether a request comes to it is the question. */
  const unknown = () => ({ isOk: false, error: new UnrollError('model.none').toMessage() }) as const;
  const looking = {
    'inspection.open': () => ok(inspection(handle)),
    'inspection.whatIf': () => ok(inspection('seen-2')),
    'inspection.text': unknown,
    'inspection.difference': unknown,
    'inspection.close': () => ok({}),
    'inspection.survey': () => ok({ surveyId: 'survey-1' }),
    'inspection.cancelSurvey': () => ok({}),
  };
  const open = { sound: { kind: 'sample', sampleId: 'a' }, modelId: 'digits' };
  const survey = { modelId: 'digits', of: { kind: 'set', setId: 'set-1' }, task: { kind: 'statistics' } };

  it('is asked by its own window alone, and so is an experiment on it', async () => {
    const { gateway } = gate(looking);
    const [own, other] = [openWindow(gateway), openWindow(gateway)];
    expect(codeOf(await own.ask('inspection.open', open))).toBe('ok');
    const forgetting = [{ kind: 'forget', layer: null, step: 3 }];
    expect(codeOf(await own.ask('inspection.whatIf', { handle, interventions: forgetting }))).toBe('ok');
    for (const [window, code] of [
      [own, 'model.none'],
      [other, 'inspection.closed'],
    ] as const) {
      expect(codeOf(await window.ask('inspection.text', { handle }))).toBe(code);
      expect(codeOf(await window.ask('inspection.difference', { handle, other: 'seen-2' }))).toBe(code);
    }
    expect(codeOf(await own.ask('inspection.difference', { handle, other: 'seen-3' }))).toBe('inspection.closed');
    expect(codeOf(await other.ask('inspection.whatIf', { handle, interventions: forgetting }))).toBe(
      'inspection.closed',
    );
  });

  it('is closed when its window stays away, and a survey is cancelled', async () => {
    vi.useFakeTimers();
    const { gateway, asked } = gate(looking);
    const window = openWindow(gateway);
    await window.ask('inspection.open', open);
    await window.ask('inspection.survey', survey);
    expect(codeOf(await openWindow(gateway).ask('inspection.cancelSurvey', { surveyId: 'survey-1' }))).toBe(
      'inspection.closed',
    );
    gateway.disconnect(window.clientId);
    await vi.advanceTimersByTimeAsync(ABSENCE_MS);
    expect(asked.slice(2)).toEqual([
      { method: 'inspection.close', body: { handle } },
      { method: 'inspection.cancelSurvey', body: { surveyId: 'survey-1' } },
    ]);
  });
});

const inspection = (handle: string): Inspection => ({
  handle,
  modelId: 'digits',
  durationMs: 10,
  soundRateHz: 16_000,
  sampleRateHz: 8000,
  hopSamples: 160,
  windowSamples: 256,
  hopMs: 20,
  stepMs: 20,
  frames: 1,
  steps: 1,
  features: 39,
  coefficients: 13,
  melBands: 26,
  symbols: ['a'],
  layers: [
    {
      index: 0,
      spec: { cell: 'elman', units: 1, direction: 'forward' },
      units: 1,
      directions: ['forward'],
      activations: [{ name: 'hidden', units: 1, range: 'signed', bound: 1, groups: null, isClampable: true }],
    },
  ],
});

describe('an export of a data set', () => {
  it('is fetched by the window that began it alone, and closed when that one is gone', async () => {
    vi.useFakeTimers();
    const { gateway, asked } = gate(opening);
    const [own, other] = [openWindow(gateway), openWindow(gateway)];
    await own.ask('data.export', { setId: 'set-1' });
    expect(codeOf(await own.ask('data.exportPack', { exportId: 'export-1' }))).toBe('ok');
    expect(codeOf(await other.ask('data.exportPiece', { exportId: 'export-1', offset: 0 }))).toBe('message.refused');
    expect(codeOf(await other.ask('data.exportClose', { exportId: 'export-1' }))).toBe('message.refused');
    gateway.disconnect(own.clientId);
    await vi.advanceTimersByTimeAsync(ABSENCE_MS + 1);
    vi.useRealTimers();
    expect(asked.map(({ method }) => method)).toEqual(['data.export', 'data.exportPack', 'data.exportClose']);
  });
});
