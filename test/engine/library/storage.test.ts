import { promises as fs } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { FeatureCache } from '../../../engine/data/featureCache';
import { emptyFeatures, storageUse } from '../../../engine/library/storage';
import { temporaryFolder } from '../temporary';

async function folder(): Promise<string> {
  const data = await temporaryFolder();
  for (const [place, bytes] of [
    ['recordings/one/audio.wav', 1_000],
    ['recordings.sqlite', 10],
    ['sets/a/clips/x.wav', 200],
    ['models/mine/weights.safetensors', 300],
    ['training/compiled/key/program', 40],
    ['compiled/key/program', 2],
    ['logs/newest.log', 5],
  ] as const) {
    await fs.mkdir(dirname(join(data, place)), { recursive: true });
    await fs.writeFile(join(data, place), new Uint8Array(bytes));
  }
  await new FeatureCache(join(data, 'training', 'features')).getOrCompute(['x'], () => [new Float32Array(100)]);
  return data;
}

test('the room that each kind takes is told, the features apart from the programs', async () => {
  const use = Object.fromEntries((await storageUse(await folder())).map(({ kind, byteLength }) => [kind, byteLength]));
  expect(use).toMatchObject({ recordings: 1_010, sets: 200, runs: 0, models: 300, programs: 42, other: 5 });
  expect(use['features']).toBeGreaterThan(400);
});

test('emptied features are made anew, and nothing else is touched', async () => {
  const data = await folder();
  const before = await storageUse(data);
  const freed = await emptyFeatures(data);
  expect(freed).toBe(before.find(({ kind }) => kind === 'features')!.byteLength);
  expect(await storageUse(data)).toEqual(
    before.map((each) => (each.kind === 'features' ? { ...each, byteLength: 0 } : each)),
  );
  expect(await emptyFeatures(join(data, 'nothing'))).toBe(0);
  const cache = new FeatureCache(join(data, 'training', 'features'));
  expect(await cache.getOrCompute(['x'], () => [Float32Array.of(7)])).toEqual([Float32Array.of(7)]);
});
