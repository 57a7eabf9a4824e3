// The build as a step: stale bundles alone are made.
import { join } from 'node:path';
import { SOURCES } from '../build/sources.mjs';
import { BuildRecord, fingerprintOf } from '../build/fingerprint.mjs';
import { withLock } from './lock.mjs';
import { cacheFolder, inRoot, root } from './place.mjs';
import { StepError } from './report.mjs';

/** @typedef {import('../build/sources.mjs').BundleName} BundleName */
/** @typedef {import('../build/bundles.mjs').Mode} Mode */

/** The folder of each mode's build. */
export const DIST_FOLDERS = /** @type {Readonly<Record<Mode, string>>} */ ({
  production: 'dist',
  electron9: 'dist-electron9',
});

/** @param {string} mode @returns {asserts mode is Mode} */
function requireMode(mode) {
  if (!(mode in DIST_FOLDERS)) throw new StepError(`No build is called ${mode}: there are production and electron9.`);
}

/**
 * @param {import('./report.mjs').Report} report
 * @param {{ mode?: string, only?: readonly string[] | null, isForced?: boolean }} [options] only: names of bundles
 */
export async function buildAll(report, { mode = 'production', only = null, isForced = false } = {}) {
  requireMode(mode);
  const title = mode === 'production' ? 'Build' : `Build for ${mode}`;
  const names = /** @type {BundleName[]} */ (Object.keys(SOURCES));
  const unknown = only?.find((name) => !names.some((known) => known === name));
  if (unknown !== undefined) throw new StepError(`No bundle is called ${unknown}: there are ${names.join(', ')}.`);
  return withLock(
    join(cacheFolder, 'build.lock'),
    () => buildStale(report, title, { mode, names: names.filter((name) => only?.includes(name) ?? true), isForced }),
    () => report.note(title, 'another build is running: waiting for it'),
  );
}

/**
 * @param {import('./report.mjs').Report} report
 * @param {string} title
 * @param {{ mode: Mode, names: readonly BundleName[], isForced: boolean }} options
 */
async function buildStale(report, title, { mode, names, isForced }) {
  const distFolder = inRoot(DIST_FOLDERS[mode]);
  const record = new BuildRecord(distFolder);
  const wanted = names
    .map((name) => ({ name, fingerprint: fingerprintOf(root, SOURCES[name]) }))
    .filter(({ name, fingerprint }) => isForced || !record.has(name, fingerprint));
  if (wanted.length === 0) return report.skipped(title, 'nothing has changed');
  return report.step(title, wanted.map(({ name }) => name).join(', '), async (progress) => {
    const { makeBundle } = await import('../build/bundles.mjs');
    for (const { name, fingerprint } of wanted) {
      progress(name);
      record.set(name, null);
      await makeBundle(name, distFolder, mode).catch((/** @type {Error} */ error) => {
        throw new StepError(
          `The ${name} bundle could not be built: mend what is named above, then run it again.`,
          error.message,
        );
      });
      record.set(name, fingerprint);
    }
  });
}
