// The built process, as a training run starts it, beside TensorFlow in this one.
import { promises as fs } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { networkSchema } from '../../../app/contract/network';
import { initialParameters } from '../../../engine/network/initialise';
import { openProgram } from '../../../engine/network/open';
import type { CompiledShape } from '../../../engine/network/program';
import { openCompileCache } from '../../../engine/runtime/compileCache';
import { blankBatch } from '../../../engine/training/blankBatch';
import { isSameShape, ProgramsAhead } from '../../../engine/training/programsAhead';
import { USUAL_TRAINING } from '../../../engine/training/trainingRule';
import { bundleForNode } from '../../../scripts/build/bundles.mjs';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const root = resolve(import.meta.dirname, '../../..');
const spec = networkSchema.parse({
  inputSize: 3,
  layers: [{ cell: 'elman', units: 4, direction: 'bidirectional' }],
  dropout: 0,
  head: { kind: 'ctc', classes: 3 },
});
const FIRST: CompiledShape = { T: 16, N: 1 };
const SECOND: CompiledShape = { T: 20, N: 2 };

let folder: string;
let file: string;
let programs: string;
beforeAll(async () => {
  await fs.mkdir(join(root, '.cache'), { recursive: true });
  folder = await fs.mkdtemp(join(root, '.cache/test-ahead-'));
  await bundleForNode({ name: 'ahead', entry: 'engine/aheadProcess.ts', outDir: folder });
  file = join(folder, 'ahead.cjs');
  vi.stubEnv('TF_XLA_FLAGS', undefined);
  const cache = await openCompileCache(folder);
  if (cache === null) throw new Error('Expected a folder for programs');
  programs = cache.folder;
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await fs.rm(folder, { recursive: true, force: true });
});

const kept = async (): Promise<string[]> => (await fs.readdir(programs)).filter((name) => name.endsWith('.pb')).sort();

const OTHER: CompiledShape = { T: 25, N: 2 };

/** Shapes in the order in which they were made ahead; settled with the last of them. */
function compiling(shapes: readonly CompiledShape[], leftOut: CompiledShape): Promise<CompiledShape[]> {
  return new Promise((settle) => {
    const made: CompiledShape[] = [];
    const ahead = new ProgramsAhead({
      file,
      onCompiled: (shape) => {
        made.push(shape);
        if (isSameShape(shape, shapes.at(-1)!)) settle(made);
      },
    });
    onTestFinished(() => ahead.close());
    ahead.compile(spec, USUAL_TRAINING, shapes);
    ahead.leaveOut(leftOut);
  });
}

describe('programs compiled ahead', () => {
  it('are those that the steps need, without what the steps make themselves', async () => {
    expect(ProgramsAhead.canHelp({ file, cores: 4 })).toBe(true);
    expect(await compiling([FIRST, OTHER, SECOND], OTHER)).toEqual([FIRST, SECOND]);
    const made = await kept();
    expect(made.length).toBeGreaterThan(0);
    const program = await openProgram(spec, initialParameters(spec, 1), 'compiled');
    onTestFinished(() => program.dispose());
    const step = async (shape: CompiledShape) =>
      program.trainStep(blankBatch(spec, shape), { learningRate: 0.1, seed: 1 });
    for (const shape of [FIRST, SECOND]) await step(shape);
    expect(await kept()).toEqual(made);
    await step(OTHER);
    expect((await kept()).length).toBeGreaterThan(made.length);
  });

  it('are not made where the process is missing, where the steps need all cores, or where nothing is kept', () => {
    expect(ProgramsAhead.canHelp({ file: join(folder, 'none.cjs'), cores: 4 })).toBe(false);
    expect(ProgramsAhead.canHelp({ file, cores: 2 })).toBe(false);
    vi.stubEnv('TF_XLA_FLAGS', '');
    expect(ProgramsAhead.canHelp({ file, cores: 4 })).toBe(false);
  });
});
