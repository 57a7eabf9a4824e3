// Programs of the project that are no part of the product (benchmarks, recipes): bundled like the engine, run with Node.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, inRoot, root } from './place.mjs';
import { StepError } from './report.mjs';
import { start } from './run.mjs';

/**
 * The bundle lies as deep below the root as the product's own, so that paths to assets/ come out the same. Programs that
 * train have the engine's parts beside them: without these, features are computed on one core.
 * @param {{ name: string, entry: string, args: readonly string[], isTraining?: boolean }} program
 * @returns {Promise<number>} its exit code
 */
export async function runProgram({ name, entry, args, isTraining = false }) {
  const source = inRoot(entry);
  await fs.access(source).catch(() => {
    throw new StepError(`${entry} is missing.`);
  });
  const outDir = join(cacheFolder, 'programs');
  const { bundleForNode, ENGINE_PARTS } = await import('../build/bundles.mjs').catch(() => {
    throw new StepError('The dependencies are missing: run `npm run setup`, then the same command again.');
  });
  const bundles = Object.entries({ [name]: entry, ...(isTraining ? ENGINE_PARTS : {}) });
  for (const [file, from] of bundles) await bundleForNode({ name: file, entry: from, outDir });
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: process.env['TF_CPP_MIN_LOG_LEVEL'] ?? '2' };
  const child = start(process.execPath, ['--enable-source-maps', join(outDir, `${name}.cjs`), ...args], {
    cwd: root,
    env,
    stdio: 'inherit',
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}
