import { join } from 'node:path';
import { expect, it } from 'vitest';
import { trainingConfigSchema } from '../../../app/contract/trainingConfig';
import { readRecogniser } from '../../../engine/library/modelFiles';
import { RunStarter } from '../../../engine/runs/runStarter';
import { openFakeEngine } from './fakeTraining';
import { config, place } from './digitSet';

async function starter() {
  const { data, assets } = await place();
  const engine = await openFakeEngine();
  const options = {
    queue: engine.queue,
    sets: join(data, 'sets'),
    cache: join(data, 'features'),
    rung: 'wasm',
  } as const;
  const openModel = (id: string) => readRecogniser(join(assets, 'models', id));
  return { engine, starter: new RunStarter({ ...options, openModel }) };
}

it('refuses at once a model whose network does not fit, naming the field, and begins nothing', async () => {
  const { engine, starter: runs } = await starter();
  const asked = { name: 'Mine', setId: 'digits', config, fromModelId: 'tiny-live' };
  const refusal = { code: 'training.fromMisfit', params: { model: 'tiny-live' } };
  await expect(runs.start(asked)).rejects.toMatchObject(refusal);
  await expect(runs.start(asked)).rejects.toThrow('network.layers');
  expect(engine.list.shown()).toEqual([]);
  const layers = [{ cell: 'lstm', units: 12, direction: 'forward' }];
  const fitting = trainingConfigSchema.parse({ ...config, network: { layers } });
  const run = await runs.start({ ...asked, config: fitting });
  expect(run).toMatchObject({ state: 'queued', fromModelId: 'tiny-live' });
  // Its folder may only go when nothing is written into it any more.
  await engine.reaches(run.id, 'running');
});

it('refuses at once a taught layer that has not an output for every symbol of the set', async () => {
  const { engine, starter: runs } = await starter();
  const layers = [{ cell: 'jordan', units: 8, outputs: 3, direction: 'forward', teacherForcing: true }];
  const taught = { ...config, network: { layers }, training: { ...config.training, flatStart: { epochs: 1 } } };
  const asked = { name: 'Mine', setId: 'digits', config: trainingConfigSchema.parse(taught), fromModelId: null };
  await expect(runs.start(asked)).rejects.toMatchObject({ code: 'training.teacherOutputs' });
  await expect(runs.start(asked)).rejects.toThrow('network.layers');
  expect(engine.list.shown()).toEqual([]);
});
