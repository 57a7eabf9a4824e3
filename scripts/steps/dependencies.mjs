// The locked dependencies: installed with npm where node_modules does not hold what package-lock.json says.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from './run.mjs';
import { root } from './place.mjs';

/** @typedef {Record<string, { version?: string, optional?: boolean, link?: boolean }>} LockedPackages */

/** @param {string} path @returns {LockedPackages | null} */
function packagesOf(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages ?? null;
  } catch (error) {
    if (error instanceof SyntaxError || /** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return null;
    throw error;
  }
}

/**
 * npm writes node_modules/.package-lock.json as the last act of an installation, so an interrupted one has none.
 * Optional packages may be missing: they are those of other platforms.
 * @param {string} folder
 */
export function areDependenciesInstalled(folder) {
  const wanted = packagesOf(join(folder, 'package-lock.json'));
  const installed = packagesOf(join(folder, 'node_modules/.package-lock.json'));
  if (wanted === null || installed === null) return false;
  const isThere = (/** @type {string} */ path) => existsSync(join(folder, path, 'package.json'));
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true;
    const found = installed[path];
    if (found === undefined) return optional === true;
    return found.version === version && isThere(path);
  });
}

/** The npm that called us, else the one on the PATH. @returns {[string, string[]]} */
function npmCommand() {
  const npm = process.env['npm_execpath'];
  if (npm !== undefined && /npm-cli\.c?js$/.test(npm)) return [process.execPath, [npm]];
  // npm is a batch file on Windows, which is only started through a shell; npm-cli.js beside Node needs none.
  const besideNode = join(process.execPath, '../node_modules/npm/bin/npm-cli.js');
  return process.platform === 'win32' && existsSync(besideNode) ? [process.execPath, [besideNode]] : ['npm', []];
}

/** @param {import('./report.mjs').Report} report */
export async function installDependencies(report) {
  if (areDependenciesInstalled(root)) {
    report.skipped('Dependencies', 'already as package-lock.json says');
    return;
  }
  const [command, first] = npmCommand();
  await report.step('Dependencies', 'installing what package-lock.json lists (about 30 s)', () =>
    mustRun(
      'The dependencies could not be installed. Check the network connection and the messages above, then run `npm run setup` again.',
      command,
      [...first, 'ci', '--no-audit', '--no-fund', '--loglevel=error', '--fetch-retry-mintimeout=2000'],
      { cwd: root },
    ),
  );
}
