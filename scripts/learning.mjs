// npm run learning [-- OPTIONS]: which cell remembers how long. Options go to engine/learning/learning.ts.
import './steps/nodeVersion.mjs';
import { runProgram } from './steps/program.mjs';
import { runMain } from './steps/report.mjs';

runMain(() => runProgram({ name: 'learning', entry: 'engine/learning/learning.ts', args: process.argv.slice(2) }));
