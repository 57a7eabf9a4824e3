import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { checkProgramFiles, filesBelow, programFileHash, readProgramFileList } from '../../main/programFiles';

const FILES = {
  'dist/engine/process.cjs': 'run()',
  'node_modules/@a/b/index.js': 'code',
  'node_modules/@a/b/package.json': '{ "main": "index.js" }',
};
const folders: string[] = [];

function put(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

async function program(): Promise<{ folder: string; list: Record<string, string> }> {
  const folder = mkdtempSync(join(tmpdir(), 'unroll-program-'));
  folders.push(folder);
  put(folder, FILES);
  const hashes = (await filesBelow(folder)).map(async (path) => [path, await programFileHash(folder, path)] as const);
  return { folder, list: Object.fromEntries(await Promise.all(hashes)) };
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe('files beside the archive', () => {
  it('pass as they were packaged', async () => {
    const { folder, list } = await program();
    expect(Object.keys(list)).toEqual(Object.keys(FILES).sort());
    await expect(checkProgramFiles(list, folder)).resolves.toBeUndefined();
  });

  it.each([
    ['was changed', { 'dist/engine/process.cjs': 'run();' }, 'dist/engine/process.cjs'],
    ['was added', { 'node_modules/@a/b/more.js': '' }, 'node_modules/@a/b/more.js'],
    ['has the name of what every object has', { constructor: '' }, 'constructor'],
  ])('are refused by name where one %s', async (_what, changes, named) => {
    const { folder, list } = await program();
    put(folder, changes);
    await expect(checkProgramFiles(list, folder)).rejects.toThrow(`Its file ${named} is not the one`);
  });

  it('are refused where one became a link', async () => {
    const { folder, list } = await program();
    rmSync(join(folder, 'dist/engine/process.cjs'));
    symlinkSync(join(folder, 'node_modules/@a/b/index.js'), join(folder, 'dist/engine/process.cjs'));
    await expect(checkProgramFiles(list, folder)).rejects.toThrow('dist/engine/process.cjs');
  });

  it('are refused where a link points elsewhere', async () => {
    const { folder, list } = await program();
    const link = join(folder, 'library.so');
    symlinkSync('dist/engine/process.cjs', link);
    list['library.so'] = await programFileHash(folder, 'library.so');
    await expect(checkProgramFiles(list, folder)).resolves.toBeUndefined();
    rmSync(link);
    symlinkSync('node_modules/@a/b/index.js', link);
    await expect(checkProgramFiles(list, folder)).rejects.toThrow('library.so');
  });

  it('are held against a list of paths and hashes, and nothing else', async () => {
    const { folder } = await program();
    writeFileSync(join(folder, 'list.json'), '{ "a.js": "none" }');
    await expect(readProgramFileList(join(folder, 'list.json'))).rejects.toThrow();
  });
});
