import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { trainableRows } from '../../../engine/data/setFiles';
import { expectedSeconds, learningSeconds } from '../../../engine/runs/expectedTime';
import type { Costs } from '../../../engine/runs/runCosts';
import { config, place } from './digitSet';

const FREE: Costs = {
  ...{ perFrame: 0, perStep: 0, compiling: 0, perValidatedFrame: 0, compilingValidation: 0 },
  ...{ perEpoch: 0, perHearings: 0, perSave: 0 },
};
const plan = { planned: [{ T: 100, N: 4 }], plannedEpochs: 1, validated: [{ T: 50, N: 2 }] };
const training = (change: Partial<typeof config.training> = {}) => ({
  training: { ...config.training, epochs: 10, checkpointSteps: null, checkpointSeconds: 1e6, ...change },
});

describe('the time that a run is expected to take', () => {
  it('counts learning, writing down, and validation after every epoch', () => {
    expect(learningSeconds(plan, training(), { ...FREE, perFrame: 0.01 })).toBeCloseTo(40);
    expect(learningSeconds(plan, training(), { ...FREE, perStep: 0.1, perEpoch: 1 })).toBeCloseTo(11);
    expect(learningSeconds(plan, training(), { ...FREE, perValidatedFrame: 0.01 })).toBeCloseTo(10);
  });

  it('counts what was heard once an epoch, and at most once a second', () => {
    expect(learningSeconds(plan, training(), { ...FREE, perFrame: 0.01, perHearings: 0.5 })).toBeCloseTo(45);
    expect(learningSeconds(plan, training(), { ...FREE, perFrame: 0.001, perHearings: 0.5 })).toBeCloseTo(6.5);
  });

  it('counts what is compiled for a flat start of its own, which is not validated', () => {
    const flat = training({ flatStart: { epochs: 4, corpora: [] } });
    expect(learningSeconds(plan, flat, { ...FREE, compiling: 3, compilingValidation: 1 })).toBeCloseTo(7);
    expect(learningSeconds(plan, flat, { ...FREE, perValidatedFrame: 0.01 })).toBeCloseTo(6);
  });

  it('counts checkpoints by time, by steps, and the last one', () => {
    const costs = { ...FREE, perFrame: 0.01, perSave: 1 };
    expect(learningSeconds(plan, training(), costs)).toBeCloseTo(41);
    expect(learningSeconds(plan, training({ checkpointSeconds: 10 }), costs)).toBeCloseTo(45);
    expect(learningSeconds(plan, training({ checkpointSteps: 2 }), costs)).toBeCloseTo(46);
    expect(learningSeconds(plan, training({ checkpointSeconds: 0 }), costs)).toBeCloseTo(51);
  });

  it('is tried on the recordings and the disk, and leaves nothing behind', async () => {
    const { data } = await place();
    const cache = join(data, 'features');
    const rows = await trainableRows(join(data, 'sets'), 'digits');
    const seconds = await expectedSeconds(rows, config, { rung: 'wasm', cache });
    expect(seconds).toBeGreaterThan(0);
    expect(await fs.readdir(cache)).toEqual([]);
    const lost = rows.map((row) => ({ ...row, path: `${row.path}.lost` }));
    expect(await expectedSeconds(lost, config, { rung: 'wasm', cache })).toBeNull();
  });
});
