import { EventEmitter } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { utilityProcess as UtilityProcess } from 'electron';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { EngineLink, EngineProgram } from '../../main/engineLink';
import { electronEngine, engineProgram, nodeEngine } from '../../main/engineProgram';
import { builtPlaces } from '../../main/places';
import { buildFakeEngine } from './fixtures/buildFakeEngine';

let fake: Awaited<ReturnType<typeof buildFakeEngine>>;
let folder: string;
let program: EngineProgram;
beforeAll(async () => {
  fake = await buildFakeEngine();
  folder = mkdtempSync(join(tmpdir(), 'unroll-engine-program-'));
  program = { file: fake.file, folder, environment: process.env };
});
afterAll(() => {
  fake.remove();
  rmSync(folder, { recursive: true, force: true });
});

let link: EngineLink | null = null;
afterEach(() => {
  link?.kill();
  link = null;
});

const listen = () => ({ onMessage: vi.fn(), onOutput: vi.fn(), onExit: vi.fn() });
/** Asks the engine behind the link something, as a sign that it is a process that lives. */
async function answers(open: EngineLink, { onMessage }: ReturnType<typeof listen>): Promise<void> {
  open.send({ kind: 'request', id: 1, method: 'models.list', body: {} });
  await vi.waitUntil(() => onMessage.mock.calls.length > 0, { timeout: 20_000 });
  expect(onMessage).toHaveBeenCalledWith({ kind: 'reply', id: 1, isOk: true, body: { models: [] } });
}

describe('the engine of a window', () => {
  it('is a utility process where Electron has such', () => {
    const fork = vi.fn(() =>
      Object.assign(new EventEmitter(), {
        pid: undefined,
        stdout: null,
        stderr: null,
        kill: vi.fn(),
        postMessage: vi.fn(),
      }),
    );
    link = electronEngine(program, { fork } as unknown as typeof UtilityProcess)(listen());
    expect(fork.mock.calls).toEqual([[program.file, [], expect.objectContaining({ cwd: folder })]]);
  });

  it('is a process of the Node on the path where Electron is too old', async () => {
    const events = listen();
    link = electronEngine(program, undefined)(events);
    await answers(link, events);
  });
});

it('the engine of a browser is a process of the Node that serves the page', async () => {
  const events = listen();
  link = nodeEngine(program, process.execPath)(events);
  await answers(link, events);
});

describe('the program of the engine', () => {
  it('gets the folder for its data, which is for the engine to make and to complain of, and the product’s assets', () => {
    const data = join(folder, 'new', 'data');
    const places = builtPlaces(join(folder, 'dist'));
    const { file, environment } = engineProgram(places, data, 'training');
    expect(existsSync(data)).toBe(false);
    expect(file).toBe(places.engine);
    expect(environment).toMatchObject({ UNROLL_ROLE: 'training', UNROLL_DATA: data, UNROLL_ASSETS: places.assets });
  });
});
