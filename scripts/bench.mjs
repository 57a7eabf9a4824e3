// npm run bench [-- OPTIONS]: the benchmarks, printed side by side. Options go to test/bench/main.ts.
import './steps/nodeVersion.mjs';
import { runProgram } from './steps/program.mjs';
import { runMain } from './steps/report.mjs';

runMain(() => runProgram({ name: 'bench', entry: 'test/bench/main.ts', args: process.argv.slice(2) }));
