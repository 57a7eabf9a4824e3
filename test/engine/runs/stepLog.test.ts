import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { StepLog } from '../../../engine/runs/stepLog';
import type { StepReport } from '../../../engine/training/records';
import { temporaryFolder } from '../temporary';

const lineOf = (runStep: number, change: Partial<StepReport> = {}): string =>
  `${JSON.stringify({
    ...{ epoch: 1, step: runStep, stepsPerEpoch: 1_000_000, runStep, learningRate: 0.5, loss: runStep },
    ...{ gradientNorm: 2, partNorms: [1, 3], isSkipped: false, utterances: 4 },
    ...change,
  } satisfies StepReport)}\n`;
const linesOf = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, index) => lineOf(from + index)).join('');

async function log() {
  const folder = await temporaryFolder();
  const file = join(folder, 'steps.jsonl');
  return { folder, file, steps: new StepLog(folder) };
}

describe('the steps of a run on disk', () => {
  it('are none before the first', async () => {
    const { steps } = await log();
    expect(await steps.steps(0, 10)).toMatchObject({
      total: 0,
      parts: 0,
      steps: { first: 0, loss: new Float32Array(0) },
    });
  });

  it('are read as columns, as many as there are', async () => {
    const { file, steps } = await log();
    await fs.writeFile(file, linesOf(1, 5_000));
    const read = await steps.steps(4_990, 100);
    expect(read).toMatchObject({ total: 4_999, parts: 2 });
    expect([...read.steps.loss]).toEqual([4_991, 4_992, 4_993, 4_994, 4_995, 4_996, 4_997, 4_998, 4_999]);
    expect(read.steps.partNorms).toHaveLength(18);
    expect(read.steps.gradientNorm[0]).toBe(2);
  });

  it('grow with the file, and a line that is being written waits', async () => {
    const { file, steps } = await log();
    await fs.writeFile(file, linesOf(1, 4) + lineOf(4).slice(0, 20));
    expect((await steps.steps(0, 10)).total).toBe(3);
    await fs.appendFile(file, lineOf(4).slice(20) + lineOf(5));
    expect((await steps.steps(0, 10)).total).toBe(5);
  });

  it('are those that are left where a run went back to its checkpoint', async () => {
    const { file, steps } = await log();
    await fs.writeFile(file, linesOf(1, 100));
    await steps.steps(0, 1);
    await fs.writeFile(file, linesOf(1, 50));
    expect((await steps.steps(40, 100)).steps.loss).toHaveLength(9);
  });

  it('say what was not finite', async () => {
    const { file, steps } = await log();
    await fs.writeFile(file, lineOf(1, { loss: null, gradientNorm: null, partNorms: [null, 1], isSkipped: true }));
    expect((await steps.steps(0, 1)).steps).toMatchObject({
      loss: Float32Array.of(NaN),
      gradientNorm: Float32Array.of(NaN),
      partNorms: Float32Array.of(NaN, 1),
      isSkipped: Uint8Array.of(1),
    });
  });

  it('in which nothing was learned are told with the names of their recordings, the newest of many', async () => {
    const { file, steps } = await log();
    const broken = { isSkipped: true, recordings: ['/far/away/a.wav'] };
    await fs.writeFile(file, lineOf(1, broken) + lineOf(2) + lineOf(3, broken) + lineOf(4, { isSkipped: true }));
    expect(await steps.skipped(2)).toEqual([
      { runStep: 3, recordings: ['a.wav'] },
      { runStep: 4, recordings: [] },
    ]);
  });

  it.each([
    ['no JSON', 'x\n'],
    ['another step', lineOf(7)],
    ['a field too few', '{"runStep": 3}\n'],
  ])('with %s on a line are refused with its number, now and the next time', async (_what, line) => {
    const { file, steps } = await log();
    await fs.writeFile(file, linesOf(1, 3) + line);
    for (let time = 0; time < 2; time++)
      await expect(steps.steps(0, 10)).rejects.toMatchObject({
        code: 'run.damaged',
        params: { place: 'steps.jsonl: 3' },
      });
  });

  it('leave others a turn while a hundred thousand are read', async () => {
    const { file, steps } = await log();
    await fs.writeFile(file, linesOf(1, 100_001));
    let turns = 0;
    let isRead = false;
    const count = (): void => {
      turns++;
      if (!isRead) setImmediate(count);
    };
    setImmediate(count);
    expect((await steps.steps(0, 1)).total).toBe(100_000);
    isRead = true;
    expect(turns).toBeGreaterThan(400);
  });
});
