// How long a network's first training steps take, with and without the programs that an earlier start has kept.
import { spawn } from 'node:child_process';
import { promises as fs } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { initialParameters } from '../../engine/network/initialise';
import { openProgram } from '../../engine/network/open';
import { openCompileCache } from '../../engine/runtime/compileCache';
import type { Goal } from './goals';
import { quantile, timed } from './measure';
import { batchFor, LEARNING_RATE, SEED, sizeText, specFor, type LayerSize } from './size';

const ONE: LayerSize = { cell: 'lstm', depth: 1, T: 100, N: 16, D: 39, H: 128, direction: 'bidirectional' };
const SIZES: readonly LayerSize[] = [ONE, { ...ONE, depth: 3 }, { ...ONE, cell: 'scrn' }];
const NEXT_LENGTH = 200;
/** Each is two processes. */
const MAX_ROUNDS = 5;
const MAX_FIRST_MS = 1_000;
/** Tells the process that it is one start: the number of its size, and the folder of kept programs or nothing. */
const START = 'UNROLL_BENCH_START';

const startSchema = z.object({
  firstMs: z.number(),
  /** Of all threads, which the clock on a busy machine says little of. */
  firstProcessorMs: z.number(),
  secondMs: z.number(),
  nextShapeMs: z.number(),
});
type Start = z.infer<typeof startSchema>;
interface Spread {
  readonly minMs: number;
  readonly medianMs: number;
}
export interface FirstSteps {
  readonly title: string;
  /** Without kept programs and with them. */
  readonly opened: readonly {
    readonly name: string;
    /** The first step of the process, the same once more, and the first of another length. */
    readonly firstMs: Spread;
    readonly firstProcessorMs: Spread;
    readonly secondMs: Spread;
    readonly nextShapeMs: Spread;
  }[];
}

/** Every start is a process of its own. */
export async function measureFirstSteps(rounds: number): Promise<readonly FirstSteps[]> {
  const all: FirstSteps[] = [];
  for (const [index, size] of SIZES.entries()) {
    const folder = await fs.mkdtemp(join(tmpdir(), 'unroll-bench-'));
    try {
      await startAnew(index, folder);
      const anew: Start[] = [];
      const known: Start[] = [];
      for (let round = 0; round < Math.min(rounds, MAX_ROUNDS); round++) {
        anew.push(await startAnew(index, ''));
        known.push(await startAnew(index, folder));
      }
      const opened = [spreadsOf('compiled anew', anew), spreadsOf('programs kept', known)];
      all.push({ title: `${sizeText(size)}; next T ${NEXT_LENGTH}`, opened });
    } finally {
      await fs.rm(folder, { recursive: true, force: true });
    }
  }
  return all;
}

export const firstStepGoal = ({ opened }: FirstSteps): Goal => ({
  text: 'to the first step of a known network, median',
  unit: 'ms',
  sense: 'at most',
  limit: MAX_FIRST_MS,
  value: opened[1]!.firstMs.medianMs,
});

function spreadsOf(name: string, starts: readonly Start[]): FirstSteps['opened'][number] {
  const spread = (of: (start: Start) => number): Spread => {
    const values = starts.map(of);
    return { minMs: Math.min(...values), medianMs: quantile(values, 0.5) };
  };
  return {
    name,
    firstMs: spread(({ firstMs }) => firstMs),
    firstProcessorMs: spread(({ firstProcessorMs }) => firstProcessorMs),
    secondMs: spread(({ secondMs }) => secondMs),
    nextShapeMs: spread(({ nextShapeMs }) => nextShapeMs),
  };
}

async function startAnew(index: number, folder: string): Promise<Start> {
  const child = spawn(process.execPath, [...process.execArgv, __filename, 'compilation'], {
    env: { ...process.env, [START]: `${index} ${folder}` },
    // TensorFlow's reader of kept programs complains of each before it reads it.
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const answer = await text(child.stdout);
  if (answer === '') throw new Error('Expected the times of a start, but its process ended without them');
  return startSchema.parse(JSON.parse(answer));
}

/** Where this process is one start: takes its steps and says how long they took. @returns false where it is none */
export async function tookStart(): Promise<boolean> {
  const given = process.env[START];
  if (given === undefined) return false;
  const space = given.indexOf(' ');
  const size = SIZES[Number(given.slice(0, space))]!;
  const folder = given.slice(space + 1);
  const cache = folder === '' ? null : await openCompileCache(folder);
  const spec = specFor(size, 'ctc');
  const program = await openProgram(spec, initialParameters(spec, SEED), 'compiled');
  const step = (T: number): Promise<number> => {
    const batch = batchFor({ ...size, T }, 'ctc');
    return timed(() => program.trainStep(batch, { learningRate: LEARNING_RATE, seed: SEED }))();
  };
  const before = process.cpuUsage();
  const firstMs = await step(size.T);
  const { user, system } = process.cpuUsage(before);
  const start: Start = {
    firstMs,
    firstProcessorMs: (user + system) / 1000,
    secondMs: await step(size.T),
    nextShapeMs: await step(NEXT_LENGTH),
  };
  program.dispose();
  await cache?.close();
  process.stdout.write(`${JSON.stringify(start)}\n`);
  return true;
}
