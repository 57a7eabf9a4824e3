// npm run bench [-- OPTIONS]: the benchmarks, printed side by side. `inspect`, `window` and `lab` have a Chromium for their machine; all
// other options go to test/bench/main.ts.
import './steps/nodeVersion.mjs';
import { runProgram } from './steps/program.mjs';
import { runMain } from './steps/report.mjs';

const args = process.argv.slice(2);
runMain(async () => {
  if (args[0] === 'inspect') return (await import('./steps/inspectBench.mjs')).benchInspect();
  if (args[0] === 'lab') return (await import('./steps/labBench.mjs')).benchLab();
  if (args[0] === 'window') return (await import('./steps/windowBench.mjs')).benchWindow();
  return runProgram({ name: 'bench', entry: 'test/bench/main.ts', args });
});
