// Electron's binary. The npm package brings none: it is downloaded on demand, from a host that not every network reaches.
import { existsSync, readFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { recall, remember } from './memory.mjs';
import { inRoot } from './place.mjs';
import { StepError } from './report.mjs';
import { run } from './run.mjs';

const packageFolder = inRoot('node_modules/electron');
const CONNECT_MS = 5_000;
const DOWNLOAD_MS = 15 * 60_000;
const DEFAULT_HOST = 'https://github.com';

/** @returns {string} */
const wantedVersion = () => JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')).version;

const EXECUTABLE =
  { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }[/** @type {string} */ (process.platform)] ??
  'electron';

/** @returns {string | null} path of the binary of the locked Electron version, or null where it is not there */
export function findElectron() {
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (override !== undefined) {
    const path = join(override, EXECUTABLE);
    return existsSync(path) ? path : null;
  }
  const folder = join(packageFolder, 'dist');
  const versionFile = join(folder, 'version');
  if (!existsSync(versionFile)) return null;
  const isWanted = readFileSync(versionFile, 'utf8').trim().replace(/^v/, '') === wantedVersion();
  const path = join(folder, EXECUTABLE);
  return isWanted && existsSync(path) ? path : null;
}

/** Fails within seconds where a download could hang for minutes. @returns {Promise<boolean>} */
function canReachHost() {
  const hasProxy = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'].some((name) => process.env[name]);
  if (hasProxy) return Promise.resolve(true);
  const { hostname, port } = new URL(
    process.env['ELECTRON_MIRROR'] ?? process.env['npm_config_electron_mirror'] ?? DEFAULT_HOST,
  );
  return new Promise((resolve) => {
    const socket = createConnection({ host: hostname, port: Number(port) || 443, timeout: CONNECT_MS });
    const answer = (/** @type {boolean} */ isReached) => {
      socket.destroy();
      resolve(isReached);
    };
    socket.once('connect', () => answer(true));
    socket.once('timeout', () => answer(false));
    socket.once('error', () => answer(false));
    // A name that is never looked up gives no event of its own.
    setTimeout(() => answer(false), CONNECT_MS).unref();
  });
}

/** @throws StepError that says why there is no binary */
async function download() {
  if (!(await canReachHost())) throw new StepError('its download host cannot be reached');
  const outcome = await run(process.execPath, [join(packageFolder, 'install.js')], { timeoutMs: DOWNLOAD_MS });
  if (outcome.isTimedOut) throw new StepError('its download took too long');
  if (outcome.code !== 0 || findElectron() === null) {
    throw new StepError(`its download failed (${outcome.output.trim().split('\n')[0] ?? ''})`);
  }
}

/**
 * Does without where it cannot be had: the browser shows the same window.
 * @param {import('./report.mjs').Report} report
 * @param {{ isRetry: boolean }} options retry: try again what could not be had the last time
 * @returns {Promise<void>}
 */
export async function installElectron(report, { isRetry }) {
  const version = wantedVersion();
  if (findElectron() !== null) return report.skipped('Electron', 'already there');
  const known = recall().electronUnavailable;
  if (known?.version === version && !isRetry) return report.without('Electron', known.reason);
  try {
    await report.step('Electron', `getting version ${version} (about 130 MB)`, download);
    remember({ electronUnavailable: undefined });
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    const reason = `not to be had here: ${error.message}. Unroll opens in the browser instead; \`npm run setup -- --retry\` tries again.`;
    remember({ electronUnavailable: { version, reason } });
    report.note('Electron', reason);
  }
}
