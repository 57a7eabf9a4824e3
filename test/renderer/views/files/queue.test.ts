import { expect, test, vi } from 'vitest';
import { isWav } from '../../../../app/audio/wav';
import { writeWav } from '../../../../app/audio/wav';
import { MAX_FILE_PIECE_BYTES, methods, type EventOf } from '../../../../app/contract/messages';
import { UnrollError } from '../../../../app/errors';
import type { MockBridge } from '../../../../renderer/bridge/mockBridge';
import { FileQueue } from '../../../../renderer/views/files/queue.svelte';
import { shelf } from '../../support/shelf';

const file = (name: string, bytes = 1_000): File => new File([new Uint8Array(bytes).fill(7)], name);
const progress = (fileId: string, change: Partial<EventOf<'files.progress'>>): EventOf<'files.progress'> => ({
  fileId,
  name: fileId,
  state: 'transcribing',
  fraction: 0,
  error: null,
  recordingId: null,
  sameAs: null,
  realTimeFactor: null,
  at: '2026-05-01T10:00:00.000Z',
  ...change,
});
const UNREADABLE = new UnrollError('audio.unreadable', {
  file: 'broken.wav',
  reason: 'reason.audio.nothing',
}).toMessage();
function queueOver(bridge: MockBridge, modelId: string | null | Promise<string | null> = 'digits'): FileQueue {
  const queue = new FileQueue(bridge, () => modelId);
  queue.follow();
  return queue;
}
const states = (queue: FileQueue): string[] => queue.all.map((each) => each.state);
const isSent = (bridge: MockBridge, count: number): Promise<void> =>
  vi.waitFor(() => expect(bridge.bodiesOf('files.add')).toHaveLength(count));

test('a file is sent in pieces of at most one MiB, in order and whole', async () => {
  const bridge = shelf([]);
  const queue = queueOver(bridge);
  queue.add([file('long.wav', 2 * MAX_FILE_PIECE_BYTES + 5)]);
  await vi.waitFor(() => expect(states(queue)).toEqual(['queued']));
  const pieces = bridge.bodiesOf('files.piece');
  expect(pieces.map(({ offset, bytes }) => [offset, bytes.length])).toEqual([
    [0, MAX_FILE_PIECE_BYTES],
    [MAX_FILE_PIECE_BYTES, MAX_FILE_PIECE_BYTES],
    [2 * MAX_FILE_PIECE_BYTES, 5],
  ]);
});

test('a file that is there before the models are known waits for them', async () => {
  const bridge = shelf([]);
  let tell: (modelId: string) => void = () => undefined;
  const queue = queueOver(bridge, new Promise((resolve) => (tell = resolve)));
  queue.add([file('early.wav')]);
  await vi.waitFor(() => expect(states(queue)).toEqual(['receiving']));
  expect(bridge.bodiesOf('files.add')).toEqual([]);
  tell('words');
  await isSent(bridge, 1);
  expect(bridge.bodiesOf('files.add')[0]).toMatchObject({ modelId: 'words' });
});

test.each([
  ['takes\\monday\\one.wav', 'one.wav'],
  ['..\\', 'audio'],
  ['one.wav', 'one.wav'],
])('a file called %s is shown and sent as %s', async (given, shown) => {
  const bridge = shelf([]);
  const queue = queueOver(bridge);
  queue.add([file(given)]);
  await isSent(bridge, 1);
  expect(queue.all[0]?.name).toBe(shown);
  expect(methods['files.add'].request.parse(bridge.bodiesOf('files.add')[0])).toMatchObject({ name: shown });
});

test('what the engine says is what the row shows, to the finished recording', async () => {
  const bridge = shelf([]);
  const queue = queueOver(bridge);
  queue.add([file('a.wav')]);
  await vi.waitFor(() => expect(states(queue)).toEqual(['queued']));
  bridge.emit('files.progress', progress('file-a-wav', { fraction: 0.44 }));
  expect(queue.all[0]).toMatchObject({ state: 'transcribing', fraction: 0.44 });
  bridge.emit(
    'files.progress',
    progress('file-a-wav', { state: 'done', fraction: 1, recordingId: 'rec-1', realTimeFactor: 0.02 }),
  );
  expect(queue.all[0]).toMatchObject({ state: 'done', recordingId: 'rec-1', realTimeFactor: 0.02 });
  expect(queue.isWorking).toBe(false);
});

test('a bad file is named, and the rest go on', async () => {
  const bridge = shelf([]);
  const queue = queueOver(bridge);
  queue.add([file('empty.wav', 0), file('good.wav')]);
  await vi.waitFor(() => expect(states(queue)).toEqual(['failed', 'queued']));
  expect(queue.all[0]?.error).toMatchObject({ code: 'audio.empty', params: { file: 'empty.wav' } });
});

test('sound that only the browser can decode is sent again as WAV', async () => {
  const bridge = shelf([]);
  const queue = queueOver(bridge);
  const playable = writeWav(new Int16Array(8_000).fill(500), 8_000);
  queue.add([new File([new Uint8Array(playable)], 'voice.m4a')]);
  await vi.waitFor(() => expect(states(queue)).toEqual(['queued']));
  const error = new UnrollError('audio.unreadable', { file: 'voice.m4a', reason: '' }).toMessage();
  bridge.emit('files.progress', progress('file-voice-m4a', { state: 'failed', error }));
  await isSent(bridge, 2);
  await vi.waitFor(() => expect(states(queue)).toEqual(['queued']));
  const sent = bridge.bodiesOf('files.piece')[1]!.bytes;
  expect(isWav(sent)).toBe(true);
  // One second at 16 kHz, 16 bits, and the header.
  expect(sent.length).toBe(44 + 32_000);
});

test('sound that nobody can decode fails with the sentence of its file', async () => {
  const bridge = shelf([]);
  const queue = queueOver(bridge);
  queue.add([file('noise.m4a')]);
  await vi.waitFor(() => expect(states(queue)).toEqual(['queued']));
  const error = new UnrollError('audio.unreadable', { file: 'noise.m4a', reason: '' }).toMessage();
  bridge.emit('files.progress', progress('file-noise-m4a', { state: 'failed', error }));
  await vi.waitFor(() => expect(states(queue)).toEqual(['failed']));
  expect(queue.all[0]?.error?.code).toBe('audio.unreadable');
  expect(bridge.bodiesOf('files.add')).toHaveLength(1);
});

test('where neither engine nor browser can decode a sound, the engine says why', async () => {
  const bridge = shelf([]);
  const queue = queueOver(bridge);
  for (const [name, reason, shown] of [
    ['letter.wav', 'reason.audio.unknown', 'reason.audio.unknown'],
    ['voice.m4a', 'reason.audio.aac', 'reason.audio.aacHere'],
  ] as const) {
    queue.add([file(name)]);
    const row = queue.all[queue.all.length - 1]!;
    await vi.waitFor(() => expect(row.state).toBe('queued'));
    const error = new UnrollError('audio.unreadable', { file: name, reason }).toMessage();
    bridge.emit('files.progress', progress(row.fileId!, { state: 'failed', error }));
    await vi.waitFor(() => expect(row.error?.params).toMatchObject({ file: name, reason: shown }));
  }
});

test('the engine has two files at a time; the next is sent when one is read', async () => {
  const bridge = shelf([]);
  const queue = queueOver(bridge);
  queue.add([file('a.wav'), file('b.wav'), file('c.wav'), file('d.wav')]);
  await vi.waitFor(() => expect(states(queue)).toEqual(['queued', 'queued', 'waiting', 'waiting']));
  bridge.emit('files.progress', progress('file-a-wav', { state: 'done', fraction: 1, recordingId: 'rec-1' }));
  await vi.waitFor(() => expect(states(queue)).toEqual(['done', 'queued', 'queued', 'waiting']));
});

test('files that wait change places, and are sent in their new order', async () => {
  const bridge = shelf([]);
  const queue = queueOver(bridge);
  queue.add([file('a.wav'), file('b.wav'), file('c.wav'), file('d.wav')]);
  await vi.waitFor(() => expect(states(queue)).toEqual(['queued', 'queued', 'waiting', 'waiting']));
  const [, sent, third, fourth] = queue.all;
  expect([queue.canMove(sent!, 1), queue.canMove(third!, -1), queue.canMove(third!, 1)]).toEqual([false, false, true]);
  queue.move(fourth!, -1);
  expect(queue.all.map(({ name }) => name)).toEqual(['a.wav', 'b.wav', 'd.wav', 'c.wav']);
  bridge.emit('files.progress', progress('file-a-wav', { state: 'done', fraction: 1, recordingId: 'rec-1' }));
  await vi.waitFor(() =>
    expect(bridge.bodiesOf('files.add').map(({ name }) => name)).toEqual(['a.wav', 'b.wav', 'd.wav']),
  );
});

test('a file that is taken off the list is stopped first, and the next one goes on', async () => {
  const bridge = shelf([]);
  const queue = queueOver(bridge);
  queue.add([file('a.wav'), file('b.wav'), file('c.wav')]);
  await vi.waitFor(() => expect(states(queue)).toEqual(['queued', 'queued', 'waiting']));
  await queue.remove(queue.all[0]!);
  expect(bridge.bodiesOf('files.cancel')).toEqual([{ fileId: 'file-a-wav' }]);
  expect(queue.all.map(({ name }) => name)).toEqual(['b.wav', 'c.wav']);
  await vi.waitFor(() => expect(states(queue)).toEqual(['queued', 'queued']));
});

test('stopping all files begins none of those that wait', async () => {
  const bridge = shelf([]);
  const queue = queueOver(bridge);
  queue.add([file('a.wav'), file('b.wav'), file('c.wav')]);
  await vi.waitFor(() => expect(states(queue)).toEqual(['queued', 'queued', 'waiting']));
  await queue.cancelAll();
  expect(states(queue)).toEqual(['cancelled', 'cancelled', 'cancelled']);
  expect(bridge.bodiesOf('files.add')).toHaveLength(2);
});

test('a cancelled file is stopped in the engine and can be tried again', async () => {
  const bridge = shelf([]);
  const queue = queueOver(bridge);
  queue.add([file('a.wav')]);
  await vi.waitFor(() => expect(states(queue)).toEqual(['queued']));
  await queue.cancel(queue.all[0]!);
  expect(states(queue)).toEqual(['cancelled']);
  expect(bridge.bodiesOf('files.cancel')).toEqual([{ fileId: 'file-a-wav' }]);
  queue.retry(queue.all[0]!);
  await vi.waitFor(() => expect(states(queue)).toEqual(['queued']));
});

test('no further piece of a file is sent once it is cancelled', async () => {
  const bridge = shelf([]);
  const queue = queueOver(bridge);
  bridge.answer('files.piece', async ({ offset, bytes }) => {
    await queue.cancel(queue.all[0]!);
    return { received: offset + bytes.length };
  });
  queue.add([file('long.wav', 3 * MAX_FILE_PIECE_BYTES), file('next.wav')]);
  await isSent(bridge, 2);
  await vi.waitFor(() => expect(bridge.bodiesOf('files.piece')).toHaveLength(2));
});

test('files that a dying engine held are sent again when it is back', async () => {
  const bridge = shelf([]);
  const queue = queueOver(bridge);
  queue.add([file('a.wav')]);
  await vi.waitFor(() => expect(states(queue)).toEqual(['queued']));
  bridge.emit('engine.state', { state: 'restarting', error: null });
  expect(states(queue)).toEqual(['waiting']);
  bridge.emit('engine.state', { state: 'ready', error: null });
  await isSent(bridge, 2);
});

test('a file that stops the engine twice is left out', async () => {
  const bridge = shelf([]);
  const queue = queueOver(bridge);
  queue.add([file('poison.wav')]);
  for (const attempt of [1, 2]) {
    await isSent(bridge, attempt);
    await vi.waitFor(() => expect(states(queue)).toEqual(['queued']));
    bridge.emit('engine.state', { state: 'restarting', error: null });
    bridge.emit('engine.state', { state: 'ready', error: null });
  }
  expect(states(queue)).toEqual(['failed']);
  expect(queue.all[0]?.error?.code).toBe('file.engineFailed');
});

test('without a model every file says so', async () => {
  const queue = queueOver(shelf([]), null);
  queue.add([file('a.wav')]);
  await vi.waitFor(() => expect(queue.all[0]?.error?.code).toBe('model.none'));
});

test('a sound that came another way is shown as it goes, and holds nobody up', async () => {
  const bridge = shelf([]);
  const queue = queueOver(bridge);
  bridge.emit('files.progress', progress('watched-1', { name: 'memo.wav', state: 'transcribing', fraction: 0.5 }));
  expect(queue.all[0]).toMatchObject({ name: 'memo.wav', state: 'transcribing', fraction: 0.5, file: null });
  queue.add([file('a.wav'), file('b.wav'), file('c.wav')]);
  await vi.waitFor(() => expect(states(queue)).toEqual(['transcribing', 'queued', 'queued', 'waiting']));
  bridge.emit('engine.state', { state: 'restarting', error: null });
  expect(queue.all[0]).toMatchObject({ state: 'failed', error: { code: 'file.engineStopped' } });
  bridge.emit('files.progress', progress('watched-2', { name: 'broken.wav', state: 'failed', error: UNREADABLE }));
  expect(queue.all[4]).toMatchObject({ state: 'failed', error: { code: 'audio.unreadable' } });
});

test('a sound that came another way is stopped and tried again in its own row', async () => {
  const bridge = shelf([]);
  const queue = queueOver(bridge);
  bridge.emit('files.progress', progress('watched-1', { name: 'memo.wav', fraction: 0.5 }));
  const [memo] = queue.all;
  await queue.cancel(memo!);
  bridge.emit('files.progress', progress('watched-1', { state: 'cancelled', fraction: 1 }));
  expect(bridge.bodiesOf('files.cancel')).toEqual([{ fileId: 'watched-1' }]);
  expect(states(queue)).toEqual(['cancelled']);
  // The host says what it does before it says what it did.
  bridge.answer('files.retry', () => {
    const fileId = `watched-${bridge.bodiesOf('files.retry').length + 1}`;
    bridge.emit('files.progress', progress(fileId, { name: 'memo.wav', state: 'decoding' }));
    return { fileId };
  });
  queue.retry(memo!);
  await vi.waitFor(() => expect(states(queue)).toEqual(['decoding']));
  bridge.emit('files.progress', progress('watched-2', { state: 'failed', error: UNREADABLE }));
  queue.retry(memo!);
  await vi.waitFor(() => expect(states(queue)).toEqual(['decoding']));
  expect(bridge.bodiesOf('files.retry')).toEqual([{ fileId: 'watched-1' }, { fileId: 'watched-2' }]);
  expect(queue.all).toEqual([memo]);
});

test('a sound that the host has no more says so in its row', async () => {
  const bridge = shelf([]);
  const queue = queueOver(bridge);
  bridge.emit('files.progress', progress('watched-1', { name: 'memo.wav', state: 'failed', error: UNREADABLE }));
  bridge.answer('files.retry', () => {
    throw new UnrollError('file.notAtHand');
  });
  queue.retry(queue.all[0]!);
  await vi.waitFor(() => expect(queue.all[0]?.error?.code).toBe('file.notAtHand'));
  expect(states(queue)).toEqual(['failed']);
});

test('a hundred sounds of a watched folder are stopped one after the other', async () => {
  const bridge = shelf([]);
  const queue = queueOver(bridge);
  let [asked, most] = [0, 0];
  bridge.answer('files.cancel', async () => {
    most = Math.max(most, ++asked);
    await Promise.resolve();
    asked--;
    return {};
  });
  for (let k = 0; k < 100; k++) bridge.emit('files.progress', progress(`watched-${k}`, { state: 'queued' }));
  await queue.cancelAll();
  expect(bridge.bodiesOf('files.cancel')).toHaveLength(100);
  expect(most).toBe(1);
  expect(new Set(states(queue))).toEqual(new Set(['cancelled']));
});

test('what is said of a file before its name is known goes to that file, and to no other row', async () => {
  const bridge = shelf([]);
  const queue = queueOver(bridge);
  bridge.answer('files.add', ({ name }) => {
    bridge.emit('files.progress', progress('watched-1', { name: 'memo.wav', state: 'transcribing', fraction: 0.1 }));
    bridge.emit('files.progress', progress('file-a-wav', { name, state: 'decoding' }));
    return { fileId: 'file-a-wav' };
  });
  queue.add([file('a.wav')]);
  await vi.waitFor(() => expect(queue.all.map(({ name }) => name)).toEqual(['a.wav', 'memo.wav']));
  await queue.cancel(queue.all[0]!);
  bridge.emit('files.progress', progress('file-a-wav', { name: 'a.wav', state: 'cancelled', fraction: 1 }));
  expect(queue.all.map(({ name }) => name)).toEqual(['a.wav', 'memo.wav']);
});

test('a file that was given up with the engine is read when it is tried again', async () => {
  const bridge = shelf([]);
  const queue = queueOver(bridge);
  queue.add([file('a.wav')]);
  for (const attempt of [1, 2]) {
    await isSent(bridge, attempt);
    await vi.waitFor(() => expect(states(queue)).toEqual(['queued']));
    bridge.emit('engine.state', { state: 'restarting', error: null });
    if (attempt === 1) bridge.emit('engine.state', { state: 'ready', error: null });
  }
  expect(queue.all[0]).toMatchObject({ state: 'failed', error: { code: 'file.engineFailed' } });
  bridge.emit('engine.state', { state: 'ready', error: null });
  queue.retry(queue.all[0]!);
  await isSent(bridge, 3);
  await vi.waitFor(() => expect(states(queue)).toEqual(['queued']));
  bridge.emit('files.progress', progress('file-a-wav', { state: 'done', fraction: 1, recordingId: 'rec-1' }));
  expect(queue.all[0]).toMatchObject({ state: 'done', recordingId: 'rec-1', error: null });
});

test('of three hundred files every one is read but those that cannot be, and the engine never has more than two', async () => {
  const bridge = shelf([]);
  const queue = queueOver(bridge);
  let [held, most] = [0, 0];
  bridge.answer('files.add', ({ name }) => {
    most = Math.max(most, ++held);
    return { fileId: name };
  });
  bridge.answer('files.piece', ({ fileId, bytes }) => {
    const isBad = fileId.startsWith('bad');
    queueMicrotask(() => {
      held--;
      const error = new UnrollError('file.noRoom', { file: fileId }).toMessage();
      bridge.emit('files.progress', progress(fileId, isBad ? { state: 'failed', error } : { state: 'done' }));
    });
    return { received: bytes.length };
  });
  queue.add(Array.from({ length: 300 }, (_, k) => file(`${k % 100 === 50 ? 'bad' : 'good'}-${k}.wav`, 10)));
  const [, , third, fourth, fifth] = queue.all;
  queue.move(fifth!, -1);
  await queue.remove(third!);
  await vi.waitFor(() => expect(queue.finished).toBe(299), { timeout: 10_000 });
  expect(most).toBeLessThanOrEqual(2);
  expect(states(queue).filter((state) => state === 'failed')).toHaveLength(3);
  const order = bridge.bodiesOf('files.add').map(({ name }) => name);
  expect(order.indexOf(fifth!.name)).toBeLessThan(order.indexOf(fourth!.name));
  expect(order).not.toContain(third!.name);
});

test('files rest where they are and go on; an engine that was started anew is told to rest first', async () => {
  const bridge = shelf([]);
  bridge.answer('files.rest', () => ({}));
  const queue = queueOver(bridge);
  queue.add([file('a.wav')]);
  await isSent(bridge, 1);
  await queue.rest(true);
  bridge.emit('engine.state', { state: 'restarting', error: null });
  bridge.emit('engine.state', { state: 'ready', error: null });
  await isSent(bridge, 2);
  await queue.rest(false);
  const told = bridge.requests.flatMap<boolean | string>(({ method, body }) =>
    method === 'files.rest' ? [(body as { isResting: boolean }).isResting] : method === 'files.add' ? [method] : [],
  );
  expect(told).toEqual(['files.add', true, true, 'files.add', false]);
});
