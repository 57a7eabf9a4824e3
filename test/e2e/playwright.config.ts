import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from '@playwright/test';

const MINUTE_MS = 60_000;

// The app as a person has it: real windows, the real engine, a recording for a microphone. One after another: they need
// the processor for themselves. Run by `npm test -- e2e`, which gets what they need and names it in the environment.
export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: join(tmpdir(), 'unroll-e2e'),
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: true,
  timeout: 2 * MINUTE_MS,
  globalTimeout: 20 * MINUTE_MS,
  expect: { timeout: MINUTE_MS / 2 },
  reporter: 'list',
});
