// Nothing leaves the machine: the built engine does all its work where every connection is refused.
import { spawnSync } from 'node:child_process';
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { writeWav } from '../../app/audio/wav';
import { buildEngine } from './builtEngine';
import { babble } from './listen/fakeNetwork';
import { tinyManifest, writeTinyAssets } from './tinyModel';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const REFUSAL = new URL('../fixtures/refuseNetwork.mjs', import.meta.url).href;
let built: { file: string; folder: string };
beforeAll(async () => {
  built = await buildEngine('cli');
  await writeTinyAssets(join(built.folder, 'assets'));
  await fs.writeFile(join(built.folder, 'one.wav'), writeWav(babble(1.2), 16_000));
});
afterAll(() => fs.rm(built.folder, { recursive: true, force: true }));

const inFolder = (name: string): string => join(built.folder, name);
const runOffline = (...parameters: string[]) =>
  spawnSync(process.execPath, ['--import', REFUSAL, ...parameters], {
    encoding: 'utf8',
    env: { ...process.env, UNROLL_ASSETS: inFolder('assets') },
  });

async function writeTrainingPlace(): Promise<void> {
  const { frontEnd } = tinyManifest('forward');
  const config = {
    id: 'little',
    name: { en: 'Little', zh: '小' },
    understands: { en: 'a and b.', zh: 'a 和 b。' },
    frontEnd: { ...frontEnd, normalisation: { kind: 'none' } },
    vocabulary: null,
    network: { layers: [{ cell: 'lstm', units: 4, direction: 'forward' }], dropout: 0 },
    training: { epochs: 1, learningRate: 0.01, validationFraction: 0 },
    augmentation: { copies: 1 },
  };
  await fs.writeFile(inFolder('config.json'), JSON.stringify(config));
  await fs.writeFile(inFolder('data.tsv'), 'one.wav\tab a\n');
}

describe('without a network', () => {
  it('a connection is indeed refused', () => {
    const ask = "require('node:net').connect(9, '127.0.0.1')";
    const { status, stderr } = runOffline('--eval', ask);
    expect(status).not.toBe(0);
    expect(stderr).toContain('network refused: a connection to 127.0.0.1:9');
  });

  it.each([
    ['a file becomes text', ['transcribe', 'one.wav', '--json']],
    ['a file becomes text as it is heard', ['transcribe', 'one.wav', '--json', '--stream']],
    ['a model is measured', ['evaluate', '--data', 'data.tsv', '--json']],
    ['a model is trained', ['train', '--config', 'config.json', '--data', 'data.tsv', '--out', 'run', '--json']],
  ])('%s, and nothing asks for one', async (_what, [command = '', ...rest]) => {
    await writeTrainingPlace();
    const names = new Set(['one.wav', 'data.tsv', 'config.json', 'run']);
    const parameters = rest.map((each) => (names.has(each) ? inFolder(each) : each));
    const { status, stdout, stderr } = runOffline(built.file, command, ...parameters);
    expect({ status, refusals: stderr.match(/network refused.*/g) }).toEqual({ status: 0, refusals: null });
    expect(() => void JSON.parse(stdout)).not.toThrow();
  });
});
