// npm run recipe -- NAME --speech DIR: trains a bundled model anew. Arguments go to engine/training/recipe.ts.
import './steps/nodeVersion.mjs';
import { runProgram } from './steps/program.mjs';
import { runMain } from './steps/report.mjs';

const args = process.argv.slice(2);
runMain(() => runProgram({ name: 'recipe', entry: 'engine/training/recipe.ts', args, isTraining: true }));
