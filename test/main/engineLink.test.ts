import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import type { utilityProcess as UtilityProcess } from 'electron';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ReplyEnvelope, RequestEnvelope } from '../../app/contract/messages';
import type { ReasonParams } from '../../app/errors';
import { startNodeEngine, startUtilityEngine, type EngineLink } from '../../main/engineLink';
import { buildFakeEngine } from './fixtures/buildFakeEngine';

let fake: Awaited<ReturnType<typeof buildFakeEngine>>;
beforeAll(async () => {
  fake = await buildFakeEngine();
});
afterAll(() => fake.remove());

let link: EngineLink;
afterEach(() => link.kill());

interface Heard {
  readonly messages: ReplyEnvelope[];
  readonly lines: string[];
  readonly exits: ReasonParams[];
}

function open(node = process.execPath): Heard {
  const heard: Heard = { messages: [], lines: [], exits: [] };
  const program = { file: fake.file, folder: process.cwd(), environment: process.env };
  link = startNodeEngine(program, node, {
    onMessage: (message) => heard.messages.push(message as ReplyEnvelope),
    onOutput: (line) => heard.lines.push(line),
    onExit: (reason) => heard.exits.push(reason),
  });
  return heard;
}
const ask = (method: RequestEnvelope['method'], body: unknown, id = 1): void =>
  link.send({ kind: 'request', id, method, body });
const until = (condition: () => boolean): Promise<boolean> =>
  vi.waitUntil(condition, { timeout: 20_000, interval: 10 });

describe('an engine on a pipe', () => {
  it('answers', async () => {
    const { messages } = open();
    ask('models.list', {}, 7);
    await until(() => messages.length === 1);
    expect(messages).toEqual([{ kind: 'reply', id: 7, isOk: true, body: { models: [] } }]);
  });

  it('gets and gives typed arrays', async () => {
    const { messages } = open();
    ask('listen.chunk', { streamId: 's', firstSample: 0, pcm: Int16Array.of(4, 5), firstFrame: 0, frames: null }, 1);
    ask('samples.audio', { sampleId: 's' }, 2);
    await until(() => messages.length === 2);
    expect(messages.map((message) => message.isOk && message.body)).toEqual([
      { samplesOnDisk: 2, bytesOnDisk: 9 },
      { pcm: Int16Array.of(1, -2, 3) },
    ]);
  });

  it('is heard line by line where it complains', async () => {
    const { lines } = open();
    ask('recordings.rename', { title: 'complain' });
    await until(() => lines.length === 2);
    expect(lines).toEqual(['one thing', 'another']);
  });

  it('answers many requests in their order', async () => {
    const { messages } = open();
    for (let id = 1; id <= 200; id++) ask('models.list', {}, id);
    await until(() => messages.length === 200);
    expect(messages.map(({ id }) => id)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
  });

  it('carries a message larger than any pipe buffer', async () => {
    const { messages } = open();
    const pcm = new Int16Array(1_000_000).fill(1);
    ask('listen.chunk', { streamId: 's', firstSample: 0, pcm, firstFrame: 0, frames: null });
    await until(() => messages.length === 1);
    expect(messages[0]).toMatchObject({ body: { samplesOnDisk: 1_000_000, bytesOnDisk: 1_000_000 } });
  });

  it('leaves when its pipe is closed', async () => {
    const { exits } = open();
    link.end();
    await until(() => exits.length > 0);
    expect(exits).toEqual([{ reason: 'reason.engine.code', code: '0' }]);
  });

  it('tells its exit code', async () => {
    const { exits } = open();
    ask('recordings.rename', { title: 'leave' });
    await until(() => exits.length > 0);
    expect(exits).toEqual([{ reason: 'reason.engine.code', code: '3' }]);
  });

  it('tells the signal that ended it', async () => {
    const { exits } = open();
    ask('recordings.rename', { title: 'die' });
    await until(() => exits.length > 0);
    expect(exits).toEqual([{ reason: 'reason.engine.signal', signal: 'SIGKILL' }]);
  });

  it('tells what it said before it died', async () => {
    const heard = open();
    ask('models.list', {}, 5);
    ask('recordings.rename', { title: 'leave' });
    await until(() => heard.exits.length > 0);
    expect(heard.messages.map(({ id }) => id)).toEqual([5]);
  });

  it('is ended when it sends bytes that are no message', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const { exits } = open();
    ask('recordings.rename', { title: 'babble' });
    await until(() => exits.length > 0);
    expect(exits).toEqual([{ reason: 'reason.engine.signal', signal: 'SIGKILL' }]);
    log.mockRestore();
  });

  it('tells when it cannot be started', async () => {
    const { exits } = open('/nowhere/node');
    await until(() => exits.length > 0);
    expect(exits).toEqual([
      { reason: 'reason.engine.notStarted', detail: expect.stringContaining('ENOENT') as unknown },
    ]);
  });
});

describe('an engine in a utility process', () => {
  class FakeUtility extends EventEmitter {
    readonly pid = undefined;
    readonly posted: unknown[] = [];
    readonly stdout = new PassThrough();
    readonly stderr = new PassThrough();
    readonly kill = vi.fn(() => true);
    postMessage(message: unknown): void {
      this.posted.push(message);
    }
  }

  function openUtility() {
    const child = new FakeUtility();
    const fork = vi.fn(() => child);
    const heard: { messages: unknown[]; lines: string[]; exits: ReasonParams[] } = {
      messages: [],
      lines: [],
      exits: [],
    };
    link = startUtilityEngine(
      { file: '/app/process.cjs', folder: '/app', environment: { UNROLL_DATA: '/data', GONE: undefined } },
      { fork } as unknown as typeof UtilityProcess,
      {
        onMessage: (message) => heard.messages.push(message),
        onOutput: (line) => heard.lines.push(line),
        onExit: (reason) => heard.exits.push(reason),
      },
    );
    return { child, fork, ...heard };
  }

  it('is heard line by line where it complains', async () => {
    const { child, lines } = openUtility();
    child.stderr.write('one thing\n');
    child.stdout.write('another\n');
    await until(() => lines.length === 2);
    expect(lines.sort()).toEqual(['another', 'one thing']);
  });

  it('is started with its folder and the environment that is set', () => {
    const { fork } = openUtility();
    expect(fork).toHaveBeenCalledWith(
      '/app/process.cjs',
      [],
      expect.objectContaining({ cwd: '/app', env: { UNROLL_DATA: '/data' } }),
    );
  });

  it('gets requests as they are', () => {
    const { child } = openUtility();
    const pcm = Int16Array.of(1);
    ask('listen.chunk', { pcm });
    expect(child.posted).toEqual([{ kind: 'request', id: 1, method: 'listen.chunk', body: { pcm } }]);
  });

  it('is heard', () => {
    const { child, messages } = openUtility();
    child.emit('message', { kind: 'event' });
    expect(messages).toEqual([{ kind: 'event' }]);
  });

  it('is asked to leave', () => {
    const { child } = openUtility();
    link.end();
    expect(child.kill).toHaveBeenCalledOnce();
  });

  it('tells its exit code', () => {
    const { child, exits } = openUtility();
    child.emit('exit', 134);
    expect(exits).toEqual([{ reason: 'reason.engine.code', code: '134' }]);
  });
});
