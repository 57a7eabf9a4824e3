// Runs whose disk is full: they stop, their last checkpoint is whole, and with room made they end as though nothing had happened.
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { promises as fs } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { diskWriter, type RunWriter } from '../../../engine/training/journal';
import { RunFolder } from '../../../engine/training/runFolder';
import { train } from '../../../engine/training/train';
import { buildProgram } from '../builtEngine';
import { temporaryFolder } from '../temporary';
import { programRun, recordsOf, standingOf, trained, withTraining } from './tinyRun';

/** Runs shell commands where they may mount a file system that nobody else sees; it is gone when they end. */
const mounting = (commands: string, parameters: readonly string[]): SpawnSyncReturns<string> =>
  spawnSync('unshare', ['--user', '--map-root-user', '--mount', 'sh', '-euc', commands, 'sh', ...parameters], {
    encoding: 'utf8',
  });
const canMount = mounting('mount -t tmpfs -o size=64k none /tmp', []).status === 0;

describe('a full disk', { timeout: 60_000 }, () => {
  /** Has room for so many bytes. */
  function smallDisk(bytes: number): RunWriter {
    let free = bytes;
    const take = (path: string, data: string | Uint8Array): void => {
      free -= data.length;
      if (free >= 0) return;
      const error = new Error('ENOSPC: no space left on device, write');
      throw Object.assign(error, { code: 'ENOSPC', syscall: 'write', path });
    };
    return {
      async replace(path, data) {
        take(path, data);
        await diskWriter.replace(path, data);
      },
      /** What still fits is written. */
      async append(path, data) {
        if (data.length > free) await diskWriter.append(path, data.slice(0, free));
        take(path, data);
        await diskWriter.append(path, data);
      },
    };
  }
  const often = withTraining({ epochs: 5, checkpointSteps: 1, keepCheckpoints: 1 });

  let whole: { standing: unknown; records: unknown };
  beforeAll(async () => {
    const folder = await fs.mkdtemp(join(tmpdir(), 'unroll-test-'));
    await trained(often, folder);
    whole = { standing: await standingOf(folder), records: await recordsOf(folder) };
    await fs.rm(folder, { recursive: true });
  }, 60_000);

  it.each([4000, 20_000, 30_500, 45_000])(
    'stops the run after %i bytes in a sentence, its last checkpoint whole',
    async (bytes) => {
      const path = join(await temporaryFolder(), 'parts');
      await expect(train(often, new RunFolder(path, smallDisk(bytes)))).rejects.toMatchObject({
        code: 'training.diskFull',
        params: { folder: path },
      });
      await trained(often, path);
      expect(await standingOf(path)).toEqual(whole.standing);
      expect(await recordsOf(path)).toEqual(whole.records);
    },
  );

  /** $1: where the small disk is mounted, $2: its size, $3: where results are put, $4: Node, $5: the program. */
  const ON_A_SMALL_DISK = `
    mount -t tmpfs -o "size=$2" none "$1"
    if "$4" "$5" "$1/run" >/dev/null; then echo "It never was full." >&2; exit 1; fi
    ls "$1/run/checkpoints"
    mount -o remount,size=16m "$1"
    "$4" "$5" "$1/run" >/dev/null
    cp -r "$1/run" "$3"`;
  const onASmallDisk = async (): Promise<void> => {
    const folder = await temporaryFolder();
    const built = await buildProgram('tinyRunProcess', 'test/engine/training/tinyRunProcess.ts');
    onTestFinished(() => fs.rm(built.folder, { recursive: true }));
    const [disk, whole, result] = ['disk', 'whole', 'result'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    await fs.mkdir(disk);
    await trained(programRun, whole);
    const told = mounting(ON_A_SMALL_DISK, [disk, '40k', result, process.execPath, built.file]);
    expect(told).toMatchObject({ status: 0, stderr: expect.stringContaining("code: 'training.diskFull'") as unknown });
    expect(told.stdout).toMatch(/^step-\d+\.safetensors$/m);
    expect(await standingOf(result)).toEqual(await standingOf(whole));
    expect(await recordsOf(result)).toEqual(await recordsOf(whole));
  };
  if (canMount) it('of a real file system stops the run, its last checkpoint whole', onASmallDisk);
  else console.warn('No small file system can be mounted here: a full disk is tried with a made one alone.');
});
