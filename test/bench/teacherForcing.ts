// Teacher forcing against free running, for Jordan's network: a task whose every answer depends on the answer before.
import type { LayerOf, NetworkSpec } from '../../app/contract/network';
import { initialParameters } from '../../engine/network/initialise';
import { openProgram } from '../../engine/network/open';
import type { LabelledBatch, NetworkProgram } from '../../engine/network/program';
import { makeRandom } from '../../engine/runtime/random';
import { USUAL_TRAINING } from '../../engine/training/trainingRule';

/** y[t] = (y[t−1] + x[t]) mod CLASSES, with x[t] one of CLASSES inputs and y[−1] = 0. */
const CLASSES = 3;
const UNITS = 16;
const T = 20;
const LONG_T = 100;
const N = 16;
const TEST_N = 64;
const MAX_STEPS = 2_000;
const LOOK_EVERY = 50;
const TEST_SEED = 999;
const SEEDS = [1, 2, 3] as const;

export interface TaughtTrial {
  readonly isTaught: boolean;
  readonly seed: number;
  /** Updates after which every frame of every test sequence was right, the network hearing itself; null: never. */
  readonly steps: number | null;
  /** Frames wrong at the end, of T and of LONG_T frames. */
  readonly wrong: number;
  readonly wrongWhenLong: number;
}
export const TAUGHT_TITLE = `Running sum modulo ${CLASSES}, Jordan of ${UNITS} units, T ${T}, at most ${MAX_STEPS} updates; tested hearing itself, T ${T} and T ${LONG_T}`;

export async function compareTeaching(): Promise<readonly TaughtTrial[]> {
  const trials: TaughtTrial[] = [];
  for (const seed of SEEDS) for (const isTaught of [false, true]) trials.push(await trial(isTaught, seed));
  return trials;
}

async function trial(isTaught: boolean, seed: number): Promise<TaughtTrial> {
  const layer: LayerOf<'jordan'> = {
    cell: 'jordan',
    units: UNITS,
    outputs: CLASSES,
    direction: 'forward',
    teacherForcing: isTaught,
  };
  const head = { kind: 'framewise', classes: CLASSES } as const;
  const spec: NetworkSpec = { inputSize: CLASSES, layers: [layer], dropout: 0, head };
  const program = await openProgram(spec, initialParameters(spec, seed), 'compiled', {
    ...USUAL_TRAINING,
    optimizer: { kind: 'adam' },
  });
  const random = makeRandom(seed);
  const test = sums(TEST_N, T, makeRandom(TEST_SEED));
  let steps: number | null = null;
  for (let step = 1; step <= MAX_STEPS && steps === null; step++) {
    await program.trainStep(sums(N, T, random), { learningRate: 1e-2, seed: step });
    if (step % LOOK_EVERY === 0 && (await shareWrong(program, test)) === 0) steps = step;
  }
  const wrong = await shareWrong(program, test);
  const wrongWhenLong = await shareWrong(program, sums(TEST_N, LONG_T, makeRandom(TEST_SEED)));
  program.dispose();
  return { isTaught, seed, steps, wrong, wrongWhenLong };
}

function sums(rows: number, frames: number, random: () => number): LabelledBatch {
  const features = new Float32Array(frames * rows * CLASSES);
  const labels = Array.from({ length: rows }, (_, n) => {
    let sum = 0;
    return Int32Array.from({ length: frames }, (__, t) => {
      const addend = Math.floor(random() * CLASSES);
      features[(t * rows + n) * CLASSES + addend] = 1;
      return (sum = (sum + addend) % CLASSES);
    });
  });
  const lengths = new Int32Array(rows).fill(frames);
  return {
    features,
    T: frames,
    N: rows,
    D: CLASSES,
    lengths,
    labels,
    rowWeights: new Float32Array(rows).fill(1 / rows),
  };
}

async function shareWrong(program: NetworkProgram, batch: LabelledBatch): Promise<number> {
  const logits = await program.logits(batch);
  const frames = batch.T * batch.N;
  const wrong = Array.from({ length: frames }, (_, frame) => {
    const own = logits.subarray(frame * CLASSES, (frame + 1) * CLASSES);
    const label = batch.labels[frame % batch.N]![Math.floor(frame / batch.N)];
    return own.indexOf(Math.max(...own)) === label ? 0 : 1;
  }).reduce<number>((sum, isWrong) => sum + isWrong, 0);
  return wrong / frames;
}
