// npm run soak [-- PART… OPTIONS]: the long tests, before an engine that is built anew. Arguments go to test/soak/main.ts.
import './steps/nodeVersion.mjs';
import { join } from 'node:path';
import { cacheFolder } from './steps/place.mjs';
import { runProgram } from './steps/program.mjs';
import { runMain } from './steps/report.mjs';

runMain(async () => {
  const { bundleForNode, ENGINE_PARTS } = await import('./build/bundles.mjs');
  // The engine lies as deep below the root as the product's own; its feature workers lie beside it.
  const outDir = join(cacheFolder, 'soak');
  const engine = Object.entries({ process: 'engine/process.ts', ...ENGINE_PARTS });
  for (const [name, entry] of engine) await bundleForNode({ name, entry, outDir });
  return runProgram({ name: 'soak', entry: 'test/soak/main.ts', args: process.argv.slice(2) });
});
