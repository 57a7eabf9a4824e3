import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const scripts = resolve(import.meta.dirname, '../../scripts');
const run = (name: string, ...args: string[]) =>
  spawnSync(process.execPath, [join(scripts, `${name}.mjs`), ...args], { encoding: 'utf8' });

describe.each(['setup', 'start', 'build', 'test', 'package', 'dev'])('the script %s', (name) => {
  test('explains itself', () => {
    const { status, stdout, stderr } = run(name, '--help');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^npm /);
  });

  test('refuses an option that there is not, in one sentence, and does nothing', () => {
    const { status, stdout, stderr } = run(name, '--nonsense');
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toBe("Unknown option '--nonsense': --help lists what there is.\n");
  });
});
