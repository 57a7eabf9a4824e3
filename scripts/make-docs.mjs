// node scripts/make-docs.mjs: writes docs/training-config.md and docs/shortcuts.md from what the product itself reads.
import './steps/nodeVersion.mjs';
import { runProgram } from './steps/program.mjs';
import { runMain } from './steps/report.mjs';

runMain(() => runProgram({ name: 'docs', entry: 'scripts/docs/main.ts', args: process.argv.slice(2) }));
