// What `npm test` found for these tests. Missing things are failures that say what to do, never reasons to skip.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

export const root = resolve(import.meta.dirname, '../../..');
export const fixture = (name: string): string => join(root, 'test/fixtures/audio', name);

function fromEnvironment(name: string, what: string): string {
  const path = process.env[name];
  if (!path || !existsSync(path))
    throw new Error(`Expected ${what} in ${name}, but got ${path || 'nothing'}: run \`npm test -- e2e\``);
  return path;
}

export const chromiumProgram = (): string => fromEnvironment('UNROLL_CHROMIUM', 'a Chromium');
export const electronProgram = (): string => fromEnvironment('UNROLL_TEST_ELECTRON', 'an Electron');
/** The build for that Electron. */
export const electronMain = (): string =>
  join(fromEnvironment('UNROLL_TEST_DIST', 'the build for that Electron'), 'main/main.cjs');
/** The packaged app's program. */
export const packagedProgram = (): string => fromEnvironment('UNROLL_TEST_PACKAGED', 'the packaged app');
/** True where it is Electron 9, because no current Electron can be had. */
export const isVehicle = (): boolean => process.env['UNROLL_TEST_IS_VEHICLE'] === '1';
/** What keeps a program from speaking to another machine; fails it where it tries. */
export const networkRefusal = pathToFileURL(join(root, 'test/fixtures/refuseNetwork.mjs')).href;
export const browserHostProgram = (): string => join(root, 'dist/browser/host.cjs');

/** The system's root may not use Chromium's sandbox. */
export const CHROMIUM_ARGUMENTS = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--lang=en-GB',
] as const;

/** Chromium's own microphone, which plays a file once. @param file a WAV of 16-bit samples */
export const microphoneArguments = (file: string): string[] => [
  '--use-fake-device-for-media-stream',
  `--use-file-for-fake-audio-capture=${file}%noloop`,
];
