// Native TensorFlow under @tensorflow/tfjs-node. The ways to it, best first:
//   1. it loads already;
//   2. libtensorflow out of the tensorflow-cpu wheel (Linux x64): years newer than what the package brings, with oneDNN
//      and XLA; the addon is compiled against it here;
//   3. the package's own installer (libtensorflow 2.9.1 and a prebuilt addon);
//   4. none: the engine computes with WebAssembly.
// Tried on Linux x64; macOS and Windows take way 3, as the package's authors describe it.
import { existsSync, promises as fs, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { recall, remember } from './memory.mjs';
import { cacheFolder, inRoot } from './place.mjs';
import { StepError, megabytes } from './report.mjs';
import { mustRun, run, works } from './run.mjs';
import { TENSORFLOW_WHEEL, downloadWheel, findPip } from './wheel.mjs';
import { unpack } from './zip.mjs';

/** @typedef {(text: string) => void} Progress */

const packageFolder = inRoot('node_modules/@tensorflow/tfjs-node');
const depsFolder = join(packageFolder, 'deps');
const addonPath = join(packageFolder, 'lib/napi-v8/tfjs_binding.node');
/** The stripped library and the compiled addon, kept: a reinstall of the package drops its own copies. */
const kit = join(cacheFolder, 'tensorflow-2.20.0');
const logPath = join(cacheFolder, 'setup.log');
const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
const LIBRARY_BYTES = 779_485_312;
const LINK_NAMES = {
  'libtensorflow.so': 'libtensorflow_cc.so.2',
  'libtensorflow_framework.so': 'libtensorflow_framework.so.2',
};
/** Licences that travel with the library, also into the packaged app. */
const NOTICES = {
  'tensorflow/include/LICENSE': 'LICENSE',
  'tensorflow/THIRD_PARTY_NOTICES.txt': 'THIRD_PARTY_NOTICES.txt',
};
/** What the addon's two sources include, transitively. */
const HEADERS =
  /^tensorflow\/(include\/(?:tensorflow\/c|tensorflow\/core\/platform|tsl\/platform|xla\/tsl\/(?:c|platform))\/.+\.h)$/;

async function loads() {
  const outcome = await run(process.execPath, [join(import.meta.dirname, 'probeTensorflow.mjs')], {
    timeoutMs: 120_000,
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' },
  });
  return outcome.code === 0;
}

/** Sizes and times of the files that the addon needs: when they are as they were, it still loads. */
function fingerprint() {
  const files = [addonPath, ...LIBRARIES.map((name) => join(depsFolder, 'lib', name))];
  const stats = files.map((path) => statSync(path, { throwIfNoEntry: false }));
  return stats.map((stat) => (stat === undefined ? '-' : `${stat.size}@${Math.round(stat.mtimeMs)}`)).join(' ');
}

/** @returns {string | null} why the wheel's library cannot run on this machine, or null */
function wheelProblem() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'the TensorFlow wheel used here is for Linux x64';
  const { header } = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (process.report.getReport());
  if (header.glibcVersionRuntime === undefined) return 'the TensorFlow wheel needs glibc';
  if (!/^flags\s*:.*\bavx\b/m.test(readFileSync('/proc/cpuinfo', 'utf8')))
    return 'this processor has no AVX instructions';
  return null;
}

/** @returns {Promise<string[]>} */
async function missingTools() {
  const missing = [];
  if ((await findPip()) === null) missing.push('Python with pip');
  const hasCompiler = (await works('c++')) || (await works('g++'));
  if (!hasCompiler || !(await works('make'))) missing.push('a C++ compiler with make');
  return missing;
}

/** A second name for the same bytes where the file system can, else a copy. @param {string} from @param {string} to */
async function linkOrCopy(from, to) {
  await fs.rm(to, { force: true });
  await fs.link(from, to).catch(() => fs.copyFile(from, to));
}

/** @param {string} folder a kit, whole or in the making */
async function placeLibraries(folder) {
  await fs.rm(depsFolder, { recursive: true, force: true });
  const target = join(depsFolder, 'lib');
  await fs.mkdir(target, { recursive: true });
  for (const name of [...LIBRARIES, ...Object.values(NOTICES)]) {
    await linkOrCopy(join(folder, 'lib', name), join(target, name));
  }
  for (const [name, library] of Object.entries(LINK_NAMES)) await fs.symlink(library, join(target, name));
}

async function placeFromKit() {
  await placeLibraries(kit);
  await fs.mkdir(dirname(addonPath), { recursive: true });
  await fs.copyFile(join(kit, 'tfjs_binding.node'), addonPath);
}

/** Compiles the addon against the library and headers in deps/. @param {Progress} progress */
async function compileAddon(progress) {
  progress('compiling the addon');
  const fromPackage = createRequire(join(packageFolder, 'package.json'));
  const nodePreGyp = join(dirname(fromPackage.resolve('@mapbox/node-pre-gyp/package.json')), 'bin/node-pre-gyp');
  // node-gyp would download Node's headers; those that came with this Node will do where they are.
  const prefix = dirname(dirname(process.execPath));
  const hasHeaders = existsSync(join(prefix, 'include/node/node_api.h'));
  await mustRun('the addon could not be compiled', process.execPath, [nodePreGyp, 'install', '--build-from-source'], {
    cwd: packageFolder,
    env: { ...process.env, ...(hasHeaders ? { npm_config_nodedir: prefix } : {}) },
  });
}

/** Where an entry of the wheel stands in the kit; null: it is left out. @param {string} name */
function kitPathOf(name) {
  const library = LIBRARIES.find((file) => name === `tensorflow/${file}`);
  const kept = library ?? Object.entries(NOTICES).find(([entry]) => entry === name)?.[1];
  return kept === undefined ? (HEADERS.exec(name)?.[1] ?? null) : join('lib', kept);
}

/** @param {Progress} progress */
async function makeKit(progress) {
  const python = await findPip();
  if (python === null) throw new StepError('Python with pip is missing');
  const downloads = join(cacheFolder, 'download-tensorflow');
  const wheel = await downloadWheel(python, TENSORFLOW_WHEEL, downloads, progress);
  const making = `${kit}.making`;
  await fs.rm(making, { recursive: true, force: true });
  let written = 0;
  await unpack(wheel, making, kitPathOf, (bytes) =>
    progress(`unpacking ${megabytes(Math.min((written += bytes), LIBRARY_BYTES))} of ${megabytes(LIBRARY_BYTES)}`),
  );
  progress('stripping symbols');
  // A quarter smaller; without the tool it runs just as well.
  for (const name of LIBRARIES) await run('strip', ['--strip-unneeded', join(making, 'lib', name)]);
  await placeLibraries(making);
  await fs.rename(join(making, 'include'), join(depsFolder, 'include'));
  await compileAddon(progress);
  await fs.rm(join(depsFolder, 'include'), { recursive: true, force: true });
  await removeBuildFolders();
  await fs.copyFile(addonPath, join(making, 'tfjs_binding.node'));
  progress('trying it');
  if (!(await loads())) throw new StepError('the library was built and does not load');
  await fs.rename(making, kit);
  await fs.rm(downloads, { recursive: true, force: true });
}

async function removeBuildFolders() {
  const folders = (await fs.readdir(packageFolder)).filter((name) => /^build(-tmp|$)/.test(name));
  for (const name of folders) await fs.rm(join(packageFolder, name), { recursive: true, force: true });
}

/** @param {Progress} progress */
async function installFromWheel(progress) {
  const problem = wheelProblem();
  if (problem !== null) throw new StepError(problem);
  if (existsSync(kit)) {
    progress('putting the kept library back');
    await placeFromKit();
    if (await loads()) return;
    await fs.rm(kit, { recursive: true, force: true });
  }
  const missing = await missingTools();
  if (missing.length > 0) throw new StepError(`${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} missing`);
  await makeKit(progress);
}

/** @param {Progress} progress */
async function installByPackage(progress) {
  progress("the package's own installer");
  const env = { ...process.env, PATH: [inRoot('node_modules/.bin'), process.env['PATH']].join(delimiter) };
  const outcome = await run(process.execPath, ['scripts/install.js'], { cwd: packageFolder, env, timeoutMs: 600_000 });
  if (outcome.code === 0 && (await loads())) return;
  const host = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH/.test(outcome.output);
  throw new StepError(
    host ? "the host of the package's own download cannot be reached" : "the package's own installer failed",
    outcome.output,
  );
}

/** Electron 9, the older test vehicle, looks for N-API 5; the addon is the same. */
async function copyForOldNapi() {
  if (!existsSync(addonPath)) return;
  const target = join(packageFolder, 'lib/napi-v5/tfjs_binding.node');
  await fs.mkdir(dirname(target), { recursive: true });
  await fs.copyFile(addonPath, target);
}

/**
 * Does without where no way leads to it: the engine then computes with WebAssembly.
 * @param {import('./report.mjs').Report} report
 * @param {{ isRetry: boolean }} options retry: try again what could not be had the last time
 * @returns {Promise<void>}
 */
export async function installNativeLibrary(report, { isRetry }) {
  const title = 'Native TensorFlow';
  const known = recall().tensorflow;
  if (known?.kind === 'native' && known.print === fingerprint()) return report.skipped(title, 'already there');
  if (known?.kind === 'portable' && !isRetry) return report.without(title, known.reason);
  remember({ tensorflow: undefined });
  try {
    await report.step(title, 'looking for a library that runs here', findAWay);
    await copyForOldNapi();
    remember({ tensorflow: { kind: 'native', print: fingerprint() } });
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    const reason = `not to be had here (${error.message}), so Unroll computes with WebAssembly, which is slower. What was tried stands in .cache/setup.log; \`npm run setup -- --retry\` tries again.`;
    remember({ tensorflow: { kind: 'portable', reason } });
    report.note(title, reason);
  }
}

/**
 * @param {Progress} progress
 * @throws StepError that says why each way is closed
 */
async function findAWay(progress) {
  if (existsSync(addonPath) && (await loads())) return;
  const reasons = [];
  for (const way of [installFromWheel, installByPackage]) {
    try {
      await way(progress);
      return;
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error));
      await fs.appendFile(logPath, `${way.name}: ${error instanceof StepError ? error.details : String(error)}\n`);
      // Half a library must not be taken for a whole one.
      await fs.rm(depsFolder, { recursive: true, force: true });
    }
  }
  throw new StepError(reasons.join('; '));
}
