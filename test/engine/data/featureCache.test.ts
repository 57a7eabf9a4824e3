import { promises as fs } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FeatureCache } from '../../../engine/data/featureCache';

let folder = '';
beforeEach(async () => {
  folder = join(await fs.mkdtemp(join(tmpdir(), 'unroll-cache-')), 'features');
});
afterEach(() => fs.rm(join(folder, '..'), { recursive: true }));

const arrays = [new Float32Array([1, 2.5, -3]), new Float32Array(0), new Float32Array([Math.PI])];
const sound = new Uint8Array([1, 2, 3]);
/** Counts how often the features had to be made. */
async function madeOf(dependencies: readonly unknown[], cache = new FeatureCache(folder)): Promise<number> {
  let made = 0;
  const got = await cache.getOrCompute(dependencies, () => {
    made++;
    return arrays;
  });
  expect(got).toEqual(arrays);
  return made;
}
const entries = async (): Promise<string[]> => (await fs.readdir(folder)).map((name) => join(folder, name));

it('makes features once, also for the next start', async () => {
  expect(await madeOf([sound, { hopMs: 10 }])).toBe(1);
  expect(await madeOf([sound, { hopMs: 10 }])).toBe(0);
});

it.each<[string, unknown[]]>([
  ['another sound', [new Uint8Array([1, 2, 4]), { hopMs: 10 }]],
  ['other settings', [sound, { hopMs: 5 }]],
  ['another seed', [sound, { hopMs: 10 }, 7]],
])('makes features anew for %s', async (_what, dependencies) => {
  await madeOf([sound, { hopMs: 10 }]);
  expect(await madeOf(dependencies)).toBe(1);
});

it('does not take bytes for text', async () => {
  await madeOf(['ab']);
  expect(await madeOf([new TextEncoder().encode('"ab"')])).toBe(1);
});

it.each<[string, (entry: Buffer) => Buffer]>([
  ['cut short', (entry) => entry.subarray(0, entry.length - 5)],
  ['empty', () => Buffer.alloc(0)],
  ['changed in one bit', (entry) => Buffer.from(entry.map((byte, at) => (at === 20 ? byte ^ 1 : byte)))],
  ['of another kind', () => Buffer.from('This is something else altogether, and long enough for a header.')],
])('makes features anew where the entry is %s', async (_what, damage) => {
  await madeOf([sound]);
  for (const path of await entries()) await fs.writeFile(path, damage(await fs.readFile(path)));
  expect(await madeOf([sound])).toBe(1);
  expect(await madeOf([sound])).toBe(0);
});

it('keeps nothing of a computation that failed', async () => {
  const cache = new FeatureCache(folder);
  await expect(cache.getOrCompute([sound], () => Promise.reject(new Error('too short')))).rejects.toThrow('too short');
  expect(await madeOf([sound], cache)).toBe(1);
});

it('gives up what was not used for longest when it grows too large', async () => {
  const cache = new FeatureCache(folder);
  for (const name of ['a', 'b', 'c']) {
    await madeOf([name], cache);
    const newest = (await entries()).map(async (path) => ({ path, at: (await fs.stat(path)).mtimeMs }));
    for (const { path, at } of await Promise.all(newest)) await fs.utimes(path, at / 1000 - 60, at / 1000 - 60);
  }
  const size = (await fs.stat((await entries())[0]!)).size;
  expect(await madeOf(['a'], cache)).toBe(0);
  expect(await cache.prune(2 * size)).toBe(2 * size);
  expect(await entries()).toHaveLength(2);
  expect([await cache.has(['a']), await cache.has(['b']), await cache.has(['c'])]).toEqual([true, false, true]);
  expect(await cache.prune(0)).toBe(0);
  expect(await madeOf(['a'], cache)).toBe(1);
});

it('is pruned while it is read: every reader has whole features', async () => {
  const cache = new FeatureCache(folder);
  const names = Array.from({ length: 20 }, (_, index) => `sound ${index}`);
  let isReading = true;
  const pruning = (async () => {
    while (isReading) await cache.prune(0);
  })();
  for (let round = 0; round < 5; round++)
    for (const got of await Promise.all(names.map((name) => cache.getOrCompute([name], () => arrays))))
      expect(got).toEqual(arrays);
  isReading = false;
  await pruning;
});

it('clears away what writers that were killed left, once they are surely dead', async () => {
  await madeOf([sound]);
  const [old, fresh] = ['.old.features.tmp', '.fresh.features.tmp'].map((name) => join(folder, name));
  for (const path of [old!, fresh!]) await fs.writeFile(path, 'x');
  await fs.utimes(old!, 0, 0);
  await new FeatureCache(folder).prune();
  expect((await fs.readdir(folder)).filter((name) => name.startsWith('.'))).toEqual(['.fresh.features.tmp']);
  expect(await madeOf([sound])).toBe(0);
});

it('that is not there yet has nothing to prune', async () => {
  expect(await new FeatureCache(join(folder, 'none')).prune()).toBe(0);
});
