// unroll self-check: the app looks at itself and says what it found.
import { existsSync } from 'node:fs';
import { findElectron } from './steps/electron.mjs';
import { inRoot, root } from './steps/place.mjs';
import { start } from './steps/run.mjs';

const LINES = ['engine', 'sample', 'fuses', 'archive', 'files', 'sandbox', 'protocol', 'network', 'navigation'];

/**
 * @param {readonly string[]} args --json prints one line of JSON
 * @returns {Promise<number>} 0 where nothing is wrong, or where nothing could be looked at
 */
export function selfCheck(args) {
  const electron = findElectron();
  const main = inRoot('dist/main/main.cjs');
  const why =
    electron === null
      ? 'Electron could not be had here: `npm run setup -- --retry` tries again.'
      : existsSync(main)
        ? null
        : 'Unroll is not built yet: run `npm run setup`.';
  if (electron === null || why !== null) {
    const lines = LINES.map((name) => ({ name, state: 'notRun', detail: why ?? '' }));
    console.log(
      args.includes('--json')
        ? JSON.stringify(lines)
        : lines.map(({ name, detail }) => `– ${name}: not run here. ${detail}`).join('\n'),
    );
    return Promise.resolve(0);
  }
  const isRoot = process.getuid?.() === 0;
  const child = start(electron, [main, '--self-check', ...(isRoot ? ['--no-sandbox'] : []), ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}
