// npm start [-- --browser]: sets up what is missing, builds what is stale, opens the app.
import './steps/nodeVersion.mjs';
import { parseArgs } from 'node:util';
import { findElectron } from './steps/electron.mjs';
import { inRoot, root } from './steps/place.mjs';
import { createReport, runMain } from './steps/report.mjs';
import { endTree, start } from './steps/run.mjs';
import { setUp } from './steps/setUp.mjs';
import { hadWindow, windowProblem } from './steps/windowChoice.mjs';

const HELP = `npm start [-- --browser] [--no-open]

Opens Unroll in a window of its own, or in the browser where no Electron can be had.

  --browser  opens it in the browser, served on 127.0.0.1
  --no-open  with --browser: serves it and opens nothing
  --no-setup starts what is there`;

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
  const electron = findElectron();
  const problem = windowProblem({
    electron,
    platform: process.platform,
    environment: process.env,
    userId: process.getuid?.(),
  });
  if (problem !== null) {
    console.log(`${problem}: Unroll opens in the browser.`);
    return openInBrowser(!values['no-open']);
  }
  const end = await runToTheEnd(/** @type {string} */ (electron), ['.']);
  if (hadWindow(end)) return end.code;
  console.log('Electron could not open a window here (see above): Unroll opens in the browser.');
  return openInBrowser(!values['no-open']);
});
