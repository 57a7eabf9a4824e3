import { mkdtempSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withLock } from '../../scripts/steps/lock.mjs';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unroll-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The number of a process that has ended. */
const endedProcess = (): number => spawnSync(process.execPath, ['-e', '']).pid;

describe('the set-up lock', () => {
  test('lets one work at a time, in any order', async () => {
    const path = join(folder, 'a/setup.lock');
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      most = Math.max(most, ++inside);
      await sleep(20);
      inside -= 1;
    };
    await Promise.all([1, 2, 3].map(() => withLock(path, work)));
    expect(most).toBe(1);
  });

  test('is let go when the work fails', async () => {
    const path = join(folder, 'setup.lock');
    await expect(withLock(path, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('tells once whom it waits for', async () => {
    const path = join(folder, 'setup.lock');
    const told: number[][] = [];
    const first = withLock(path, () => sleep(700));
    await sleep(50);
    await withLock(
      path,
      async () => undefined,
      (pids) => told.push(pids),
    );
    await first;
    expect(told).toEqual([[process.pid]]);
  });

  test('is taken over from a process that has ended', async () => {
    const path = join(folder, 'setup.lock');
    writeFileSync(path, `${endedProcess()}\n`);
    const holder = await withLock(path, async () => readFileSync(path, 'utf8'));
    expect(holder).toBe(`${process.pid}\n`);
  });

  test('is held by a child that outlived its parent', async () => {
    const path = join(folder, 'setup.lock');
    writeFileSync(path, `${endedProcess()}\n${process.pid}\n`);
    let isTaken = false;
    const second = withLock(path, async () => {
      isTaken = true;
    });
    await sleep(500);
    expect(isTaken).toBe(false);
    rmSync(path);
    await second;
  });

  test('is taken over when nobody has touched it for a long time', async () => {
    const path = join(folder, 'setup.lock');
    writeFileSync(path, `${process.pid}\n`);
    const long = Date.now() / 1000 - 3_600;
    utimesSync(path, long, long);
    expect(await withLock(path, async () => 'taken')).toBe('taken');
  });
});
