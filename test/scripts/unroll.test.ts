import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const scripts = resolve(import.meta.dirname, '../../scripts');
let checkout = '';
beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'unroll-command-'));
  cpSync(join(scripts, 'unroll.mjs'), join(checkout, 'scripts/unroll.mjs'));
  for (const name of ['nodeVersion.mjs', 'place.mjs'])
    cpSync(join(scripts, 'steps', name), join(checkout, 'scripts/steps', name));
});
afterEach(() => rmSync(checkout, { recursive: true, force: true }));

const unroll = (...args: string[]) =>
  spawnSync(process.execPath, [join(checkout, 'scripts/unroll.mjs'), ...args], { encoding: 'utf8' });

describe('the unroll command', () => {
  test('says what to run where nothing is built, on stderr alone', () => {
    const { status, stdout, stderr } = unroll('transcribe', 'a.wav');
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr.trim()).toMatch(/^Unroll is not built yet: run `npm run setup`[^\n]*$/);
  });

  test('hands its arguments, output and exit code through', () => {
    mkdirSync(join(checkout, 'dist/engine'), { recursive: true });
    const program = 'process.stdout.write(JSON.stringify(process.argv.slice(2))); process.exitCode = 2;';
    writeFileSync(join(checkout, 'dist/engine/cli.cjs'), program);
    const { status, stdout, stderr } = unroll('train', '--out', 'a b');
    expect([status, stdout, stderr]).toEqual([2, '["train","--out","a b"]', '']);
  });
});
