// node scripts/make-docs.mjs: writes docs/training-config.md from the schema of a training configuration.
import './steps/nodeVersion.mjs';
import { runProgram } from './steps/program.mjs';
import { runMain } from './steps/report.mjs';

runMain(() => runProgram({ name: 'docs', entry: 'scripts/docs/main.ts', args: process.argv.slice(2) }));
