// How long the first epoch of a network takes that nobody trained here before, with and without a process that compiles the
// programs behind its steps.
import { spawn } from 'node:child_process';
import { existsSync, promises as fs } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { initialParameters } from '../../engine/network/initialise';
import { openProgram } from '../../engine/network/open';
import { openCompileCache } from '../../engine/runtime/compileCache';
import { makeRandom } from '../../engine/runtime/random';
import { shuffle } from '../../engine/training/plan';
import { ProgramsAhead } from '../../engine/training/programsAhead';
import { USUAL_TRAINING } from '../../engine/training/trainingRule';
import { quantile } from './measure';
import { batchFor, LEARNING_RATE, SEED, sizeText, specFor, type LayerSize } from './size';

const SIZE: LayerSize = { cell: 'lstm', depth: 3, T: 100, N: 16, D: 39, H: 128, direction: 'bidirectional' };
const LENGTHS = [50, 64, 80, 100, 125, 160, 200, 250];
const STEPS_PER_LENGTH = 8;
const MAX_ROUNDS = 5;
/** The product's own process, beside which this program lies as deep. */
const AHEAD_FILE = join(__dirname, '../../dist/engine/ahead.cjs');
/** Tells the process that it is one epoch: whether programs are compiled behind, and the folder where they are kept. */
const EPOCH = 'UNROLL_BENCH_EPOCH';
const BEHIND = 'behind';
const ALONE = 'alone';

const epochSchema = z.object({ epochMs: z.number(), madeBehind: z.number() });
type Epoch = z.infer<typeof epochSchema>;
export interface FirstEpoch {
  readonly title: string;
  readonly rows: readonly {
    readonly name: string;
    readonly minMs: number;
    readonly medianMs: number;
    /** Programs that were ready before the steps needed them, median. */
    readonly madeBehind: number;
  }[];
}

/** Every epoch is a process of its own with an empty folder for its programs. */
export async function measureFirstEpoch(rounds: number): Promise<FirstEpoch> {
  if (!existsSync(AHEAD_FILE)) throw new Error('Expected the built engine: run npm run build first');
  const epochs: Record<typeof ALONE | typeof BEHIND, Epoch[]> = { [ALONE]: [], [BEHIND]: [] };
  for (let round = 0; round < Math.min(rounds, MAX_ROUNDS); round++)
    for (const way of [ALONE, BEHIND] as const) epochs[way].push(await epochAnew(way));
  const rowOf = (name: string, all: readonly Epoch[]): FirstEpoch['rows'][number] => ({
    name,
    minMs: Math.min(...all.map(({ epochMs }) => epochMs)),
    medianMs: quantile(
      all.map(({ epochMs }) => epochMs),
      0.5,
    ),
    madeBehind: quantile(
      all.map(({ madeBehind }) => madeBehind),
      0.5,
    ),
  });
  return {
    title: `${sizeText(SIZE)}; ${STEPS_PER_LENGTH} steps of each of T ${LENGTHS.join(', ')}`,
    rows: [rowOf('compiled when needed', epochs.alone), rowOf('compiled behind the steps', epochs.behind)],
  };
}

async function epochAnew(way: string): Promise<Epoch> {
  const folder = await fs.mkdtemp(join(tmpdir(), 'unroll-bench-'));
  try {
    const child = spawn(process.execPath, [...process.execArgv, __filename, 'compilation'], {
      env: { ...process.env, [EPOCH]: `${way} ${folder}` },
      // TensorFlow's reader of kept programs complains of each before it reads it.
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const answer = await text(child.stdout);
    if (answer === '') throw new Error('Expected the time of an epoch, but its process ended without it');
    return epochSchema.parse(JSON.parse(answer));
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

/** Where this process is one epoch: takes its steps and says how long they took. @returns false where it is none */
export async function tookEpoch(): Promise<boolean> {
  const given = process.env[EPOCH];
  if (given === undefined) return false;
  const space = given.indexOf(' ');
  const cache = await openCompileCache(given.slice(space + 1));
  if (cache === null) throw new Error('Expected a folder for programs');
  const isBehind = given.slice(0, space) === BEHIND;
  const spec = specFor(SIZE, 'ctc');
  const lengths = shuffle(
    LENGTHS.flatMap((T) => new Array<number>(STEPS_PER_LENGTH).fill(T)),
    makeRandom(SEED),
  );
  let madeBehind = 0;
  const ahead = new ProgramsAhead({ file: AHEAD_FILE, onCompiled: () => madeBehind++ });
  const program = await openProgram(spec, initialParameters(spec, SEED), 'compiled');
  const startedAt = performance.now();
  const shapes = [...new Set(lengths)].map((T) => ({ T, N: SIZE.N }));
  if (isBehind) ahead.compile(spec, USUAL_TRAINING, shapes.slice(1));
  for (const T of lengths) {
    const batch = batchFor({ ...SIZE, T }, 'ctc');
    const shape = program.shapeToCompile(batch);
    if (shape !== null) ahead.leaveOut(shape);
    await program.trainStep(batch, { learningRate: LEARNING_RATE, seed: SEED });
    // As between the steps of a run, which writes each down.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const epoch: Epoch = { epochMs: performance.now() - startedAt, madeBehind };
  ahead.close();
  program.dispose();
  await cache.close();
  process.stdout.write(`${JSON.stringify(epoch)}\n`);
  return true;
}
