import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runEpochSchema, runStepsSchema } from '../../../app/contract/runs';
import { RunFolder } from '../../../engine/training/runFolder';
import { RunReader } from '../../../engine/training/runReader';
import { train } from '../../../engine/training/train';
import { temporaryFolder } from '../temporary';
import { input, withTraining } from './tinyRun';

const run = { ...withTraining({ epochs: 3 }), validationPaths: ['one.wav', 'two.wav'] };

it('a run can be read while it goes on, each step once', async () => {
  const folder = await temporaryFolder();
  const reader = new RunReader(folder);
  expect(await reader.steps('x', 0, 10)).toMatchObject({ total: 0 });
  const losses: number[] = [];
  const onStep = ({ loss }: { readonly loss: number | null }): void => void losses.push(loss!);
  await train(run, new RunFolder(folder), { onStep, control: () => (losses.length >= 3 ? 'pause' : 'goOn') });
  const third = await reader.steps('x', 2, 10);
  expect(third).toMatchObject({ total: 3, parts: 2, steps: { runId: 'x', first: 2 } });
  await train(run, new RunFolder(folder), { onStep });
  const { steps, total, parts } = await reader.steps('x', 0, 100);
  expect(runStepsSchema.safeParse(steps).success).toBe(true);
  expect(total).toBe(losses.length);
  expect([...steps.loss]).toEqual(losses.map(Math.fround));
  expect(steps.partNorms).toHaveLength(total * parts);
  steps.gradientNorm.forEach((norm, k) =>
    expect(Math.hypot(...steps.partNorms.subarray(k * parts, (k + 1) * parts)) / norm).toBeCloseTo(1, 4),
  );
});

it('a run that was cut back is read anew, and its last line only when it is whole', async () => {
  const folder = await temporaryFolder();
  await train(run, new RunFolder(folder));
  const reader = new RunReader(folder);
  const { total } = await reader.steps('x', 0, 100);
  const file = join(folder, 'steps.jsonl');
  const text = await fs.readFile(file, 'utf8');
  await fs.writeFile(file, text.slice(0, -5));
  expect(await reader.steps('x', 0, 100)).toMatchObject({ total: total - 1 });
  await fs.writeFile(file, text);
  expect(await reader.steps('x', 0, 100)).toMatchObject({ total });
});

it('epochs and hearings are told as the window expects them', async () => {
  const folder = await temporaryFolder();
  await train(run, new RunFolder(folder));
  const reader = new RunReader(folder);
  const epochs = await reader.epochs();
  expect(epochs).toHaveLength(3);
  for (const epoch of epochs) expect(runEpochSchema.safeParse(epoch).success).toBe(true);
  expect(epochs[0]).toMatchObject({ epoch: 1, isBest: true, words: 2 });
  const { epoch, hearings } = (await reader.hearings())!;
  expect(epoch).toBe(3);
  expect(hearings.map(({ path }) => path).sort()).toEqual(['one.wav', 'two.wav']);
  expect(hearings.map(({ reference }) => reference).sort()).toEqual(['a', 'b']);
});

it('a run without validation has no hearings', async () => {
  const folder = await temporaryFolder();
  await train({ ...input, validation: [] }, new RunFolder(folder));
  const reader = new RunReader(folder);
  expect(await reader.hearings()).toBeNull();
  const [epoch] = await reader.epochs();
  expect(epoch).toMatchObject({ validationLoss: null, symbolError: null, wordError: null, words: 0, isBest: true });
});

it('a line that is no record is named', async () => {
  const folder = await temporaryFolder();
  await fs.writeFile(join(folder, 'steps.jsonl'), '{"epoch": 1}\n');
  await expect(new RunReader(folder).steps('x', 0, 1)).rejects.toThrow('steps.jsonl, line 1');
});
