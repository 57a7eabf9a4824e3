// npm start [-- --browser]: sets up what is missing, builds what is stale, opens the app.
import './steps/nodeVersion.mjs';
import { parseArgs } from 'node:util';
import { findElectron } from './steps/electron.mjs';
import { inRoot, root } from './steps/place.mjs';
import { createReport, runMain } from './steps/report.mjs';
import { endTree, start } from './steps/run.mjs';
import { setUp } from './steps/setUp.mjs';

const HELP = `npm start [-- --browser] [--no-open]

Opens Unroll in a window of its own, or in the browser where no Electron can be had.

  --browser  opens it in the browser, served on 127.0.0.1
  --no-open  with --browser: serves it and opens nothing
  --no-setup starts what is there`;

/** An Electron that ends within this time with an error never showed its window. */
const STARTING_MS = 5_000;

/**
 * @param {string} command
 * @param {string[]} args
 * @returns {Promise<{ code: number, ms: number }>}
 */
function runToTheEnd(command, args) {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const child = start(command, args, { cwd: root, stdio: 'inherit' });
    child.once('error', reject);
    child.once('close', (code) => {
      endTree(child); // helpers of it that are still there
      resolve({ code: code ?? 1, ms: performance.now() - startedAt });
    });
  });
}

/** @returns {string | null} why a window cannot be opened here, or null */
function windowProblem() {
  if (findElectron() === null) return 'No Electron can be had here';
  if (process.platform !== 'linux') return null;
  if (!process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) return 'There is no display';
  if (process.getuid?.() === 0) return "Electron's sandbox does not run as root";
  return null;
}

/** @param {boolean} isOpened */
async function openInBrowser(isOpened) {
  const args = [inRoot('dist/browser/host.cjs'), ...(isOpened ? [] : ['--no-open'])];
  return (await runToTheEnd(process.execPath, args)).code;
}

runMain(async () => {
  const { values } = parseArgs({
    options: {
      browser: { type: 'boolean', default: false },
      'no-open': { type: 'boolean', default: false },
      'no-setup': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  if (!values['no-setup']) await setUp(createReport({ isQuiet: true }));
  if (values.browser) return openInBrowser(!values['no-open']);
  const problem = windowProblem();
  if (problem !== null) {
    console.log(`${problem}: Unroll opens in the browser.`);
    return openInBrowser(!values['no-open']);
  }
  const { code, ms } = await runToTheEnd(/** @type {string} */ (findElectron()), ['.']);
  if (code === 0 || ms > STARTING_MS) return code;
  console.log('Electron could not open a window here (see above): Unroll opens in the browser.');
  return openInBrowser(!values['no-open']);
});
