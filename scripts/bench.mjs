// npm run bench [-- OPTIONS]: the benchmarks, printed side by side. `inspect` has a Chromium for its machine; all other options go to
// test/bench/main.ts.
import './steps/nodeVersion.mjs';
import { runProgram } from './steps/program.mjs';
import { runMain } from './steps/report.mjs';

const args = process.argv.slice(2);
runMain(async () => {
  if (args[0] !== 'inspect') return runProgram({ name: 'bench', entry: 'test/bench/main.ts', args });
  const { benchInspect } = await import('./steps/inspectBench.mjs');
  return benchInspect();
});
