// A program that takes the tiny run in the folder that is its argument, with a checkpoint after every other step; each step is told.
import { RunFolder } from '../../../engine/training/runFolder';
import { train } from '../../../engine/training/train';
import { programRun } from './tinyRun';

const [, , folder] = process.argv;
train(programRun, new RunFolder(folder!), { onStep: () => void process.stdout.write('.') }).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
