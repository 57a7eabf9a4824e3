// The steps of set-up in their order, one set-up at a time.
import { join } from 'node:path';
import { buildAll } from './build.mjs';
import { installDependencies } from './dependencies.mjs';
import { installElectron } from './electron.mjs';
import { withLock } from './lock.mjs';
import { installNativeLibrary } from './nativeLibrary.mjs';
import { cacheFolder } from './place.mjs';
import { findTestElectron, installTestTools } from './testTools.mjs';

/**
 * @param {import('./report.mjs').Report} report
 * @param {{ isForTests?: boolean, isRetry?: boolean }} [options]
 * @throws import('./report.mjs').StepError with a sentence and its cure
 */
export function setUp(report, { isForTests = false, isRetry = false } = {}) {
  const path = join(cacheFolder, 'setup.lock');
  const work = async () => {
    await installDependencies(report);
    await installNativeLibrary(report, { isRetry });
    await installElectron(report, { isRetry });
    await buildAll(report);
    if (!isForTests) return;
    await installTestTools(report);
    if (findTestElectron()?.isVehicle === true) await buildAll(report, { mode: 'electron9' });
  };
  const onInterrupt = () => report.note('Set-up', 'stopped; the same command goes on from here');
  process.once('SIGINT', onInterrupt);
  return withLock(path, work, (pids) =>
    report.note('Set-up', `another one is running (process ${pids.join(', ')}): waiting for it`),
  ).finally(() => process.off('SIGINT', onInterrupt));
}
