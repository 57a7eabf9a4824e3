import { describe, expect, it } from 'vitest';
import type { ReplyEnvelope } from '../../../app/contract/messages';
import { UnrollError } from '../../../app/errors';
import { answerRequests, type Handlers } from '../../../engine/serve/dispatcher';

/** What comes back for one request to handlers of which only `samples.list` matters. */
function ask(list: () => never, method = 'samples.list'): Promise<ReplyEnvelope> {
  return askAll(Promise.resolve({ 'samples.list': list } as unknown as Handlers), method);
}
function askAll(handlers: Promise<Handlers>, method = 'samples.list'): Promise<ReplyEnvelope> {
  return new Promise((resolve, reject) => {
    const receive = answerRequests(handlers, (envelope) => resolve(envelope as ReplyEnvelope), reject);
    receive({ kind: 'request', id: 7, method, body: {} });
  });
}
const throwing = (error: unknown) => (): never => {
  throw error;
};

describe('answering requests', () => {
  it('replies with what the handler gives', async () => {
    const handlers = { 'samples.list': () => ({ samples: [] }) } as unknown as Handlers;
    expect(await askAll(Promise.resolve(handlers))).toEqual({
      kind: 'reply',
      id: 7,
      isOk: true,
      body: { samples: [] },
    });
  });

  it('replies with an error that a person can act on', async () => {
    const error = new UnrollError('model.missing', { model: 'x' });
    expect(await ask(throwing(error))).toEqual({ kind: 'reply', id: 7, isOk: false, error: error.toMessage() });
  });

  it('says in a sentence that a file stands where a folder is to be made', async () => {
    const place = '/data/recordings';
    const error = Object.assign(new Error('EEXIST'), { code: 'EEXIST', syscall: 'mkdir', path: place });
    expect(await ask(throwing(error))).toMatchObject({
      error: { code: 'data.unusable', params: { reason: 'reason.system.notAFolder', place } },
    });
  });

  it('says in a sentence that the disk cannot be written', async () => {
    const error = Object.assign(new Error('EROFS: read-only'), { code: 'EROFS', path: '/recordings/a' });
    expect(await ask(throwing(error))).toMatchObject({
      isOk: false,
      error: {
        code: 'data.unusable',
        params: { reason: 'reason.system.readOnly', place: '/recordings/a' },
        message:
          'The folder with your recordings could not be read or written. The disk with /recordings/a is read-only.',
      },
    });
  });

  it('refuses a method that is none', async () => {
    expect(await ask(throwing(new Error('never')), 'constructor')).toMatchObject({
      isOk: false,
      error: { code: 'message.refused' },
    });
  });

  it('answers everything with what kept the engine from opening', async () => {
    expect(await askAll(Promise.reject(new UnrollError('data.inUse')))).toMatchObject({
      isOk: false,
      error: { code: 'data.inUse' },
    });
  });

  it('does not answer after a bug, but hands it on', async () => {
    const fault = new TypeError('a fault');
    await expect(ask(throwing(fault))).rejects.toBe(fault);
  });
});
