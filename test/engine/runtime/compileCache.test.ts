import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { openCompileCache } from '../../../engine/runtime/compileCache';
import { temporaryFolder } from '../temporary';

const LIBRARY = async () => 'library-1';
const modeOf = async (path: string): Promise<number> => (await fs.stat(path)).mode & 0o777;
async function opened(data: string, key = LIBRARY) {
  const cache = await openCompileCache(data, key);
  if (cache === null) throw new Error('Expected a cache');
  return cache;
}
/** A start that leaves one program behind. */
async function oneRun(data: string): Promise<string> {
  const cache = await opened(data);
  const program = join(cache.folder, 'program.pb');
  await fs.writeFile(program, 'machine code');
  await cache.close();
  return program;
}
const isThere = (path: string): Promise<boolean> =>
  fs.stat(path).then(
    () => true,
    () => false,
  );

beforeEach(() => {
  vi.stubEnv('TF_XLA_FLAGS', undefined);
  onTestFinished(() => void vi.unstubAllEnvs());
});

describe('compiled programs', () => {
  it('lie in folders that are closed to others, and TensorFlow is told where', async () => {
    const data = await temporaryFolder();
    const { folder } = await opened(data);
    expect(folder).toBe(join(data, 'compiled', 'library-1'));
    expect(await modeOf(folder)).toBe(0o700);
    expect(await modeOf(join(data, 'compiled'))).toBe(0o700);
    expect(process.env['TF_XLA_FLAGS']).toBe(`--tf_xla_persistent_cache_directory='${folder}'`);
  });
  it('take away the rights that others have to the folders', async () => {
    const data = await temporaryFolder();
    const program = await oneRun(data);
    for (const path of [join(data, 'compiled'), join(program, '..')]) await fs.chmod(path, 0o777);
    const { folder } = await opened(data);
    expect([await modeOf(folder), await modeOf(join(data, 'compiled'))]).toEqual([0o700, 0o700]);
  });
  it('stay from start to start', async () => {
    const data = await temporaryFolder();
    const program = await oneRun(data);
    await opened(data);
    expect(await isThere(program)).toBe(true);
  });
  it('go when the library is another one', async () => {
    const data = await temporaryFolder();
    const program = await oneRun(data);
    const { folder } = await opened(data, async () => 'library-2');
    expect(await isThere(program)).toBe(false);
    expect(await fs.readdir(join(folder, '..'))).toEqual(['library-2']);
  });
  it('go after a run that did not end in order: one of them may have ended it', async () => {
    const data = await temporaryFolder();
    const { folder } = await opened(data);
    await fs.writeFile(join(folder, 'program.pb'), 'torn');
    await opened(data);
    expect(await isThere(join(folder, 'program.pb'))).toBe(false);
  });
  it('are left alone while another process uses them', async () => {
    const data = await temporaryFolder();
    const program = await oneRun(data);
    await fs.writeFile(join(program, '../in-use'), String(process.ppid));
    expect(await openCompileCache(data, LIBRARY)).toBeNull();
    expect(await isThere(program)).toBe(true);
  });
  it('are not kept where the folder leads elsewhere', async () => {
    const data = await temporaryFolder();
    await fs.symlink(await temporaryFolder(), join(data, 'compiled'));
    expect(await openCompileCache(data, LIBRARY)).toBeNull();
    expect(process.env['TF_XLA_FLAGS']).toBeUndefined();
  });
  it('leave flags that the person gave', async () => {
    vi.stubEnv('TF_XLA_FLAGS', '--tf_xla_clustering_debug');
    await opened(await temporaryFolder());
    expect(process.env['TF_XLA_FLAGS']).toMatch(/^--tf_xla_clustering_debug --tf_xla_persistent/);
  });
});
