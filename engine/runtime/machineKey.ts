// What this machine and its native library are: whatever was found out or compiled on another one is worth nothing here.
import { createHash } from 'node:crypto';
import { promises as fs } from 'node:fs';
import { cpus, release } from 'node:os';
import { dirname, join } from 'node:path';
import packageInfo from '../../package.json';
import { isMissing, sizeOf } from '../library/recordingFiles';
import { tensorflowPath } from './native';

/** 64 hexadecimal digits that change with the library's version, this program's, Node's, the system's and the processor. */
export async function machineKey(): Promise<string> {
  const parts = [packageInfo.version, process.version, release(), cpus()[0]?.model ?? ''];
  return createHash('sha256')
    .update(JSON.stringify([...parts, ...(await libraryMarks())]))
    .digest('hex');
}

/** Changes with the library; empty where there is none. */
async function libraryMarks(): Promise<string[]> {
  const path = tensorflowPath();
  if (path === null) return [];
  const libraries = join(dirname(path), '../deps/lib');
  const names = await fs.readdir(libraries).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const sizes = await Promise.all(names.sort().map(async (name) => `${name} ${await sizeOf(join(libraries, name))}`));
  return [path, ...sizes];
}
