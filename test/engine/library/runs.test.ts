import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunStatus } from '../../../app/contract/runs';
import { Runs, STATUS_FILE } from '../../../engine/library/runs';
import { config } from '../runs/fakeTraining';
import { temporaryFolder } from '../temporary';

const statusOf = (id: string, change: Partial<RunStatus> = {}): RunStatus => ({
  format: 'unroll-run',
  version: 1,
  id,
  name: id,
  notes: '',
  createdAt: '2026-01-01T00:00:00.000Z',
  state: 'paused',
  setId: null,
  fromModelId: null,
  place: null,
  parameters: null,
  progress: null,
  best: null,
  error: null,
  modelId: null,
  deletedAt: null,
  ...change,
});

describe('the runs of a folder', () => {
  it('are none where there is no folder', async () => {
    expect(await new Runs(join(await temporaryFolder(), 'none')).all()).toEqual([]);
  });

  it('are told the newest first, the trash apart', async () => {
    const runs = new Runs(await temporaryFolder());
    await runs.create(statusOf('older'), config);
    await runs.create(statusOf('newer', { createdAt: '2026-02-01T00:00:00.000Z' }), config);
    await runs.create(statusOf('trash', { deletedAt: '2026-03-01T00:00:00.000Z' }), config);
    expect((await runs.list()).map(({ id }) => id)).toEqual(['newer', 'older']);
    expect(await runs.all()).toHaveLength(3);
    expect(await runs.config('older')).toEqual(config);
  });

  it('are not what has no status', async () => {
    const root = await temporaryFolder();
    await fs.mkdir(join(root, 'compiled'));
    await fs.writeFile(join(root, 'engine.lock'), '');
    expect(await new Runs(root).all()).toEqual([]);
  });

  it.each([
    ['no JSON', '{', 'reason.file.json'],
    ['null', 'null', 'reason.file.json'],
    ['a field that is missing', '{}', 'reason.field.missing'],
    ['another run’s', JSON.stringify(statusOf('other')), 'reason.run.other'],
  ])('with a status that is %s are told as failed, with the reason', async (_what, text, reason) => {
    const root = await temporaryFolder();
    await fs.mkdir(join(root, 'broken'));
    await fs.writeFile(join(root, 'broken', STATUS_FILE), text);
    expect(await new Runs(root).list()).toMatchObject([
      { id: 'broken', state: 'failed', error: { code: 'run.damaged', params: { run: 'broken', reason } } },
    ]);
  });

  it('say what is wrong with a configuration', async () => {
    const root = await temporaryFolder();
    const runs = new Runs(root);
    await runs.create(statusOf('a'), config);
    const broken = { ...config, training: { ...config.training, epochs: 0 } };
    await fs.writeFile(join(root, 'a', 'config.json'), JSON.stringify(broken));
    await expect(runs.config('a')).rejects.toMatchObject({
      code: 'run.damaged',
      params: { place: 'config.json: training.epochs', reason: 'reason.field.least' },
    });
  });

  it.each(['../runs', 'a/b', '', '.', 'A', '..'])('are never sought at %j', (id) => {
    expect(() => new Runs('/runs').folder(id)).toThrow();
  });
});
