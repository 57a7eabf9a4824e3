// A process that compiles programs ahead of their use: asked by engine/training/programsAhead.ts.
import { constants, setPriority } from 'node:os';
import { initialParameters } from './network/initialise';
import { openProgram } from './network/open';
import type { CompiledShape } from './network/program';
import { blankBatch } from './training/blankBatch';
import { isSameShape, type AheadAnswer, type AheadRequest } from './training/programsAhead';

const ANY_SEED = 1;
const leftOut: CompiledShape[] = [];

const tell = (answer: AheadAnswer): Promise<void> =>
  new Promise((resolve) => process.send?.(answer, undefined, undefined, () => resolve()));
/** Messages that came during a call are read only between two calls. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function compile({ spec, rule, shapes }: Extract<AheadRequest, { kind: 'compile' }>): Promise<void> {
  const program = await openProgram(spec, initialParameters(spec, ANY_SEED), 'compiled', rule);
  for (const shape of shapes) {
    await turn();
    if (leftOut.some((other) => isSameShape(other, shape))) continue;
    await program.trainStep(blankBatch(spec, shape), { learningRate: 0, seed: ANY_SEED });
    await tell({ kind: 'compiled', shape });
  }
}

function take(request: AheadRequest): void {
  switch (request.kind) {
    case 'compile':
      compile(request).catch((error: unknown) =>
        tell({ kind: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
      );
      break;
    case 'leaveOut':
      leftOut.push(request.shape);
  }
}

// Before anything starts a thread: the steps come first.
setPriority(constants.priority.PRIORITY_LOW);
process.on('message', take);
process.once('disconnect', () => process.exit(0));
