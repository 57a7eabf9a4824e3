import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readyFeatures } from '../../../engine/runs/readyFeatures';
import { readManifest } from '../../../engine/data/manifest';
import { prepareRun } from '../../../engine/training/prepareRun';
import { config, place } from './digitSet';

it('the features of a set are ready once a run has read it, those of its test aside', async () => {
  const { data } = await place();
  const cache = join(data, 'features');
  const sets = join(data, 'sets');
  const ready = () => readyFeatures({ sets, cache }, { setId: 'digits', config });
  expect(await ready()).toEqual({ ready: 0, of: 9, bytes: 0 });
  const rows = (await readManifest(join(sets, 'digits', 'manifest.tsv'))).filter(({ part }) => part !== 'test');
  await prepareRun(config, rows, { cache, rung: 'native' });
  const files = await fs.readdir(cache);
  const sizes = await Promise.all(files.map(async (name) => (await fs.stat(join(cache, name))).size));
  expect(await ready()).toEqual({ ready: 9, of: 9, bytes: sizes.reduce((sum, size) => sum + size, 0) });
  const other = { ...config, frontEnd: { ...config.frontEnd, coefficients: 4 } };
  expect(await readyFeatures({ sets, cache }, { setId: 'digits', config: other })).toMatchObject({ ready: 0 });
});
