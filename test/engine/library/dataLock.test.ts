import { spawn } from 'node:child_process';
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LOCK_FILE, lockDataFolder } from '../../../engine/library/dataLock';
import { temporaryFolder } from '../temporary';

const ignore = (): void => undefined;

/** The number of a process that is alive and not this one. */
function otherProcess(): number {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child.pid as number;
}
const heldBy = (folder: string, pid: number): Promise<void> =>
  fs.writeFile(join(folder, LOCK_FILE), JSON.stringify({ pid, token: 'theirs' }));

describe('the data folder', () => {
  it('is taken, and free again when released', async () => {
    const folder = await temporaryFolder();
    const lock = await lockDataFolder(folder, ignore);
    expect(await fs.readdir(folder)).toEqual([LOCK_FILE]);
    await lock.release();
    expect(await fs.readdir(folder)).toEqual([]);
  });

  it('is refused while another engine holds it', async () => {
    const folder = await temporaryFolder();
    await heldBy(folder, otherProcess());
    await expect(lockDataFolder(folder, ignore)).rejects.toMatchObject({ code: 'data.inUse' });
  });

  it('is taken over from an engine that was killed', async () => {
    const folder = await temporaryFolder();
    await heldBy(folder, 2 ** 22 + 12_345); // beyond any process number that is given out
    await (await lockDataFolder(folder, ignore)).release();
  });

  it('is taken over where the number belongs to another program by now', async () => {
    const folder = await temporaryFolder();
    await heldBy(folder, otherProcess());
    const longAgo = new Date(Date.now() - 60_000);
    await fs.utimes(join(folder, LOCK_FILE), longAgo, longAgo);
    await (await lockDataFolder(folder, ignore)).release();
  });

  it('is taken over from an engine that died while it wrote its lock', async () => {
    const folder = await temporaryFolder();
    await fs.writeFile(join(folder, LOCK_FILE), '{"pid": 1');
    const before = new Date(Date.now() - 2_000);
    await fs.utimes(join(folder, LOCK_FILE), before, before);
    await (await lockDataFolder(folder, ignore)).release();
  });

  it('is refused while another engine writes its lock', async () => {
    const folder = await temporaryFolder();
    await fs.writeFile(join(folder, LOCK_FILE), '');
    await expect(lockDataFolder(folder, ignore)).rejects.toMatchObject({ code: 'data.inUse' });
  });

  it('keeps the lock of the engine that has taken it over', async () => {
    const folder = await temporaryFolder();
    const lock = await lockDataFolder(folder, ignore);
    await heldBy(folder, otherProcess());
    await lock.release();
    expect(await fs.readdir(folder)).toEqual([LOCK_FILE]);
  });
});
