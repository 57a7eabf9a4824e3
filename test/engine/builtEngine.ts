// Programs of the engine, built for a test.
import { promises as fs } from 'node:fs';
import { join, resolve } from 'node:path';
import { bundleForNode } from '../../scripts/build/bundles.mjs';

const root = resolve(import.meta.dirname, '../..');

/** Builds one entry of the engine where its modules are found; the caller removes the folder. */
export const buildEngine = (name: 'process' | 'cli'): Promise<{ file: string; folder: string }> =>
  buildProgram(name, `engine/${name}.ts`);
/** The same of any program. @param entry from the project's folder */
export async function buildProgram(name: string, entry: string): Promise<{ file: string; folder: string }> {
  await fs.mkdir(join(root, '.cache'), { recursive: true });
  const folder = await fs.mkdtemp(join(root, '.cache/test-engine-'));
  await bundleForNode({ name, entry, outDir: folder });
  return { file: join(folder, `${name}.cjs`), folder };
}
