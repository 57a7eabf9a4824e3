// npm run bench [-- OPTIONS]: the benchmarks, printed side by side. `inspect`, `window` and `lab` have a Chromium for their machine,
// `library` a program of its own; all other options go to test/bench/main.ts.
import './steps/nodeVersion.mjs';
import { runProgram } from './steps/program.mjs';
import { runMain } from './steps/report.mjs';

const args = process.argv.slice(2);
runMain(async () => {
  if (args[0] === 'inspect') return (await import('./steps/inspectBench.mjs')).benchInspect();
  if (args[0] === 'lab') return (await import('./steps/labBench.mjs')).benchLab();
  if (args[0] === 'window') return (await import('./steps/windowBench.mjs')).benchWindow();
  if (args[0] === 'library')
    return runProgram({ name: 'bench-library', entry: 'test/bench/library/main.ts', args: args.slice(1) });
  return runProgram({ name: 'bench', entry: 'test/bench/main.ts', args });
});
