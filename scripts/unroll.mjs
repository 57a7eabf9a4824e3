#!/usr/bin/env node
// unroll: the engine as a command. In this process, so that streams, signals and the exit code are its own.
import './steps/nodeVersion.mjs';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cacheFolder, inRoot } from './steps/place.mjs';

const program = inRoot('dist/engine/cli.cjs');

if (process.argv[2] === 'self-check') {
  // The window's, not the engine's: it is Electron that looks at itself.
  const { selfCheck } = await import('./selfCheck.mjs');
  process.exitCode = await selfCheck(process.argv.slice(3));
} else if (existsSync(program)) {
  // Stdout belongs to the command's answer: TensorFlow's own messages are kept to its errors, and they go to stderr.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  process.env['UNROLL_CACHE'] ??= cacheFolder;
  process.argv[1] = program;
  createRequire(import.meta.url)(program);
} else {
  console.error('Unroll is not built yet: run `npm run setup` in its folder, then the same command again.');
  process.exitCode = 1;
}
