// The list of what lies beside a packaged app's archive, by hash. The app holds those files against it (main/programFiles.ts).
import { promises as fs } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { bundleForNode } from '../build/bundles.mjs';
import { cacheFolder } from './place.mjs';

/** The list's name in the build's folder. */
export const PROGRAM_FILES = 'programFiles.json';
const BESIDE_ARCHIVE = 'app.asar.unpacked';

/** @returns {Promise<typeof import('../../main/programFiles')>} the app's own code, so that both hash alike */
async function appCode() {
  const outDir = join(cacheFolder, 'programs');
  await bundleForNode({ name: 'programFiles', entry: 'main/programFiles.ts', outDir });
  return createRequire(import.meta.url)(join(outDir, 'programFiles.cjs'));
}

/**
 * @param {string} app the folder of a packaged app
 * @returns {Promise<Record<string, string>>} hash by path
 */
export async function hashProgramFiles(app) {
  const { filesBelow, programFileHash } = await appCode();
  const entries = await fs.readdir(app, { recursive: true });
  const beside = entries.find((path) => path.endsWith(BESIDE_ARCHIVE));
  if (beside === undefined) throw new Error(`Expected ${app} to hold ${BESIDE_ARCHIVE}`);
  const folder = join(app, beside);
  /** @type {Record<string, string>} */
  const list = {};
  for (const path of await filesBelow(folder)) list[path] = await programFileHash(folder, path);
  return list;
}
