// Runs that are paused or killed, and go on as though nothing had happened.
import { spawn } from 'node:child_process';
import { promises as fs, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { initialParameters } from '../../../engine/network/initialise';
import { makeRandom } from '../../../engine/runtime/random';
import { RunFolder } from '../../../engine/training/runFolder';
import { train, type TrainInput, type Wish } from '../../../engine/training/train';
import { buildProgram } from '../builtEngine';
import { temporaryFolder } from '../temporary';
import { recordsOf, standingOf, trained, withTraining } from './tinyRun';

const run = withTraining({ epochs: 5, averageDecay: 0.9, checkpointSeconds: 3600 });

/** Takes `steps` steps and pauses. */
async function takeSteps(input: TrainInput, path: string, steps: number): Promise<'paused' | 'finished'> {
  let taken = 0;
  const control = (): Wish => (taken >= steps ? 'pause' : 'goOn');
  const { kind } = await train(input, new RunFolder(path), { onStep: () => void taken++, control });
  if (kind !== 'paused' && kind !== 'finished') throw new Error(`Expected a run that goes on, but it ${kind}`);
  return kind;
}

describe('a run', () => {
  it.each([1, 2, 3])('that is paused after random steps ends as one that was not (%i)', async (seed) => {
    const folder = await temporaryFolder();
    const random = makeRandom(seed);
    await trained(run, join(folder, 'whole'));
    let pauses = 0;
    while ((await takeSteps(run, join(folder, 'parts'), 1 + Math.floor(5 * random()))) === 'paused') pauses++;
    expect(pauses).toBeGreaterThan(2);
    expect(await standingOf(join(folder, 'parts'))).toEqual(await standingOf(join(folder, 'whole')));
    expect(await recordsOf(join(folder, 'parts'))).toEqual(await recordsOf(join(folder, 'whole')));
  });

  it('whose first layer stays as it was ends with just that layer, paused or not', async () => {
    const folder = await temporaryFolder();
    const beginning = initialParameters(run.spec, 9);
    const frozen = { ...withTraining({ epochs: 5, averageDecay: 0.9, frozenLayers: 1 }), beginning };
    const whole = await trained(frozen, join(folder, 'whole'));
    await takeSteps(frozen, join(folder, 'parts'), 3);
    expect(await trained(frozen, join(folder, 'parts'))).toEqual(whole);
    expect(await standingOf(join(folder, 'parts'))).toEqual(await standingOf(join(folder, 'whole')));
    for (const [name, value] of beginning)
      if (name.startsWith('head.')) expect(whole.get(name)).not.toEqual(value);
      else expect(whole.get(name)).toEqual(value);
  });

  it('is the same when it is run again', async () => {
    const folder = await temporaryFolder();
    await trained(run, join(folder, 'one'));
    await trained(run, join(folder, 'two'));
    expect(await recordsOf(join(folder, 'one'))).toEqual(await recordsOf(join(folder, 'two')));
    expect(await standingOf(join(folder, 'one'))).toEqual(await standingOf(join(folder, 'two')));
  });

  it('that is stopped leaves the weights of its best epoch', async () => {
    const folder = await temporaryFolder();
    let best = 0;
    let taken = 0;
    const outcome = await train(run, new RunFolder(folder), {
      onStep: () => void taken++,
      onEpoch: ({ epoch, isBest }) => void (best = isBest ? epoch : best),
      control: () => (taken >= 7 ? 'stop' : 'goOn'),
    });
    expect(outcome).toMatchObject({ kind: 'stopped', best: { epoch: best } });
    expect(best).toBeGreaterThan(0);
  });

  it('keeps the last checkpoints and goes on from the one before a damaged one', async () => {
    const folder = await temporaryFolder();
    const often = withTraining({ epochs: 3, checkpointSteps: 1, keepCheckpoints: 2 });
    await trained(often, join(folder, 'whole'));
    await takeSteps(often, join(folder, 'parts'), 5);
    const checkpoints = join(folder, 'parts', 'checkpoints');
    const names = (await fs.readdir(checkpoints)).sort();
    expect(names).toEqual(['step-000000004.safetensors', 'step-000000005.safetensors']);
    await fs.truncate(join(checkpoints, names[1]!), 1000);
    await trained(often, join(folder, 'parts'));
    expect(await standingOf(join(folder, 'parts'))).toEqual(await standingOf(join(folder, 'whole')));
    expect(await recordsOf(join(folder, 'parts'))).toEqual(await recordsOf(join(folder, 'whole')));
  });

  it('writes a checkpoint when its time has come', async () => {
    const folder = await temporaryFolder();
    const saves: number[] = [];
    let steps = 0;
    const hooks = {
      onStep: () => void steps++,
      onActivity: (activity: string) => void (activity === 'saving' && saves.push(steps)),
    };
    await train(withTraining({ epochs: 6, checkpointSteps: 4, checkpointSeconds: 3600 }), new RunFolder(folder), hooks);
    expect(saves.slice(0, 2)).toEqual([4, 8]);
  });
});

it('a folder that vanishes stops the run in a sentence that names it', async () => {
  const folder = join(await temporaryFolder(), 'run');
  const onEpoch = ({ epoch }: { readonly epoch: number }): void => {
    if (epoch === 2) rmSync(folder, { recursive: true });
  };
  await expect(train(run, new RunFolder(folder), { onEpoch })).rejects.toMatchObject({
    code: 'training.disk',
    params: { folder },
  });
});

describe('a run whose process is killed', { timeout: 180_000 }, () => {
  /** @returns whether it ended by itself */
  function runFor(program: string, folder: string, ms: number): Promise<boolean> {
    return new Promise((done, fail) => {
      const child = spawn(process.execPath, [program, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
      let timer: NodeJS.Timeout | undefined;
      // From its first step on, so that the start of the process does not count.
      child.stdout.once('data', () => (timer = setTimeout(() => child.kill('SIGKILL'), ms)));
      child.once('error', fail);
      child.once('exit', (code) => {
        clearTimeout(timer);
        if (code === null) done(false);
        else if (code === 0) done(true);
        else fail(new Error(`The run ended with ${code}`));
      });
    });
  }

  it('again and again, in the midst of steps and checkpoints, ends as one that was not', async () => {
    const folder = await temporaryFolder();
    const built = await buildProgram('tinyRunProcess', 'test/engine/training/tinyRunProcess.ts');
    onTestFinished(() => fs.rm(built.folder, { recursive: true }));
    const program = built.file;
    expect(await runFor(program, join(folder, 'whole'), 100_000)).toBe(true);
    const random = makeRandom(11);
    let kills = 0;
    while (kills < 40 && !(await runFor(program, join(folder, 'killed'), 40 * random()))) kills++;
    expect(kills).toBeGreaterThan(3);
    expect(await runFor(program, join(folder, 'killed'), 100_000)).toBe(true);
    expect(await standingOf(join(folder, 'killed'))).toEqual(await standingOf(join(folder, 'whole')));
    expect(await recordsOf(join(folder, 'killed'))).toEqual(await recordsOf(join(folder, 'whole')));
  });
});
