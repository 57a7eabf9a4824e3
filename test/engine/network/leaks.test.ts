// Many training steps leave behind what was there before them: as many tensors, and the memory of the process.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import type { LayerSpec, NetworkSpec } from '../../../app/contract/network';
import type { Rung } from '../../../app/contract/rung';
import { initialParameters } from '../../../engine/network/initialise';
import { openProgram } from '../../../engine/network/open';
import { openPortableBackend } from '../../../engine/network/portableBackend';
import { liveHandles } from '../../../engine/runtime/tensors';
import { makeBatch } from './fixtures';

interface Run {
  readonly rung: Rung;
  readonly steps: number;
  /** Until caches and buffers have their size. */
  readonly warmUpSteps: number;
}
/** The portable rungs call each kernel by itself: a thousand steps of all layers would take minutes. */
const RUNS: readonly Run[] = [
  { rung: 'compiled', steps: 1000, warmUpSteps: 100 },
  { rung: 'native', steps: 100, warmUpSteps: 30 },
  { rung: 'wasm', steps: 200, warmUpSteps: 40 },
];
/** A leak grows in every part of a run, an allocator in some: the part that grew least is looked at. */
const PARTS = 4;
/** What the allocators of JavaScript and TensorFlow may move by in each part: 8 layers that leave 4 KiB each at each of a thousand steps would show. */
const MEMORY_BOUND_BYTES = (32 << 20) / PARTS;

const common = { direction: 'forward', recurrentDropout: 0.2, initialState: 'learned' } as const;
/** In one network, which is compiled once. A reading in reverse is the same code for every cell: two of them have one. */
const LAYERS: readonly LayerSpec[] = [
  { cell: 'feedForward', units: 3, activation: 'tanh', layerNormalisation: true },
  { cell: 'elman', units: 3, ...common, direction: 'bidirectional', layerNormalisation: true },
  { cell: 'jordan', units: 3, outputs: 3, ...common },
  { cell: 'lstm', units: 3, direction: 'bidirectional' },
  { cell: 'lstm', units: 3, ...common, peepholes: true, layerNormalisation: true },
  { cell: 'gru', units: 3, ...common },
  { cell: 'clockwork', units: 4, periods: [1, 2], ...common },
  { cell: 'scrn', units: 3, contextUnits: 2, ...common, decay: 'learned' },
];
const spec: NetworkSpec = {
  inputSize: 2,
  stack: { frames: 2, step: 1 },
  layers: [...LAYERS],
  dropout: 0.2,
  head: { kind: 'ctc', classes: 3 },
};

setFlagsFromString('--expose_gc');
const collect = runInNewContext('gc') as () => void;
/** Without what JavaScript's heap keeps for later: that comes and goes. */
function residentBytes(): number {
  collect();
  const { rss, heapTotal, heapUsed } = process.memoryUsage();
  return rss - (heapTotal - heapUsed);
}
async function tensorCount(rung: Rung): Promise<number> {
  if (rung === 'compiled') return liveHandles();
  return (await openPortableBackend(rung)).tidy((tf) => tf.memory().numTensors);
}

describe.each(RUNS)('$steps training steps of every cell on the $rung rung', ({ rung, steps, warmUpSteps }) => {
  test('leave no tensor and no memory behind', async () => {
    const before = await tensorCount(rung);
    const program = await openProgram(spec, initialParameters(spec, 1), rung);
    const batch = { ...makeBatch(spec, [2, 1], 2), labels: [Int32Array.of(0), Int32Array.of()] };
    const train = async (count: number): Promise<void> => {
      for (let seed = 1; seed <= count; seed++) await program.trainStep(batch, { learningRate: 0.001, seed });
    };
    await train(warmUpSteps);
    const tensors = await tensorCount(rung);
    const bytes = [residentBytes()];
    for (let part = 0; part < PARTS; part++) {
      await train(steps / PARTS);
      bytes.push(residentBytes());
    }
    expect(await tensorCount(rung)).toBe(tensors);
    const growths = bytes.slice(1).map((after, part) => after - bytes[part]!);
    expect(Math.min(...growths)).toBeLessThan(MEMORY_BOUND_BYTES);
    program.dispose();
    expect(await tensorCount(rung)).toBe(before);
  }, 300_000);
});
