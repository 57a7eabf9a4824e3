// The built command with a folder of models and sounds, as a shell runs it.
import { spawn, type ChildProcess } from 'node:child_process';
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, vi } from 'vitest';
import { writeWav } from '../../app/audio/wav';
import { readModel, writeModel } from '../../engine/library/modelFiles';
import { buildEngine } from './builtEngine';
import { babble } from './listen/fakeNetwork';
import { writeTinyAssets } from './tinyModel';

let built: { file: string; folder: string };
let assets: string;
let sounds: string;

/** Builds it before the tests of the file that calls this. Each command is a process that loads what it needs. */
export function withBuiltCommand(): void {
  vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });
  beforeAll(async () => {
    built = await buildEngine('cli');
    assets = join(built.folder, 'assets');
    sounds = join(built.folder, 'sounds');
    await writeTinyAssets(assets);
    await writeModelWithoutWordsFor(join(assets, 'models/tiny-live'), strangerFolder());
    await fs.mkdir(sounds);
    await fs.writeFile(sound('one.wav'), writeWav(babble(2), 16_000));
    await fs.writeFile(sound('two.wav'), writeWav(babble(1.2), 16_000));
    await fs.writeFile(sound('bad.wav'), 'This is no sound.');
  });
  afterAll(() => fs.rm(built.folder, { recursive: true, force: true }));
}
export const assetsFolder = (): string => assets;
export const soundsFolder = (): string => sounds;
export const sound = (name: string): string => join(sounds, name);
export const strangerFolder = (): string => join(built.folder, 'stranger');

/** The same network, whose card lists but one word, which it never says. */
async function writeModelWithoutWordsFor(source: string, target: string): Promise<void> {
  const { manifest, parameters } = await readModel(source);
  const card = { ...manifest.card, words: ['⁂'] };
  await writeModel(target, { ...manifest, card }, parameters, { dtype: 'F32' });
}

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}
export const unroll = (...parameters: string[]): Promise<Outcome> => start(parameters);
/** @param heard is given all of stderr so far, and the process */
export function start(
  parameters: readonly string[],
  heard: (stderr: string, child: ChildProcess) => void = () => undefined,
): Promise<Outcome> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [built.file, ...parameters], {
      env: { ...process.env, UNROLL_ASSETS: assets },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => heard((stderr += text), child));
    child.once('error', fail);
    child.once('close', (code) => done({ code, stdout, stderr }));
  });
}
/** TensorFlow says these to stderr whatever it is told; they are no sentence of ours. */
const CHATTER = /^(WARNING: All log messages before absl|I0000 )/;
export const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '' && !CHATTER.test(line));
/** The one line that a command with --json prints. */
export function onlyLine({ stdout }: Outcome): unknown {
  expect(stdout.endsWith('\n')).toBe(true);
  expect(lines(stdout)).toHaveLength(1);
  return JSON.parse(stdout);
}

/** The lightest way to a text, where it does not matter which. */
export const LIGHT = ['--model', 'tiny-live', '--backend', 'wasm'];
