// The built thread, as the engine starts it.
import { promises as fs } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { writeWav } from '../../../app/audio/wav';
import { augmentationSchema } from '../../../app/contract/trainingConfig';
import { starterConfig } from '../../../app/starterConfig';
import { NO_SOURCES } from '../../../engine/data/augment';
import { makeRandom } from '../../../engine/runtime/random';
import { clipFeatures, type FeatureJob } from '../../../engine/training/clipFeatures';
import { FeaturePool } from '../../../engine/training/featurePool';
import { bundleForNode } from '../../../scripts/build/bundles.mjs';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const root = resolve(import.meta.dirname, '../../..');
let folder: string;
beforeAll(async () => {
  await fs.mkdir(join(root, '.cache'), { recursive: true });
  folder = await fs.mkdtemp(join(root, '.cache/test-features-'));
  await bundleForNode({ name: 'features', entry: 'engine/featureWorker.ts', outDir: folder });
});
afterAll(() => fs.rm(folder, { recursive: true, force: true }));

const job: FeatureJob = {
  settings: { ...starterConfig(['a']).frontEnd, deltas: 0, tailMs: 0 },
  augmentation: augmentationSchema.parse({ reverbChance: 0.5, pitchSemitones: [-2, 2] }),
  seed: 3,
  sources: { ...NO_SOURCES, key: 'a', noises: [Float32Array.from({ length: 900 }, (_, n) => Math.sin(n))] },
};
const recording = (seed: number) => {
  const random = makeRandom(seed);
  const pcm = Int16Array.from({ length: 4000 }, () => 8000 * (random() - 0.5));
  return { bytes: writeWav(pcm, 16_000), name: `${seed}.wav` };
};
function pool(threads: number, file = join(folder, 'features.cjs')): FeaturePool {
  const opened = new FeaturePool(job, { threads, file });
  onTestFinished(() => opened.close());
  return opened;
}

describe('features on several threads', () => {
  it('are those of one', async () => {
    const recordings = [1, 2, 3, 4, 5].map(recording);
    const features = pool(2);
    expect(features.size).toBe(2);
    const [first, second] = [recordings.slice(0, 3), recordings.slice(3)].map(async (some) => {
      const frames: Float32Array[][] = [];
      for (const each of some) frames.push(await features.features(each));
      return frames;
    });
    const expected = await Promise.all(recordings.map((each) => clipFeatures(each, job)));
    expect([...(await first!), ...(await second!)]).toEqual(expected);
  });

  it('name a recording that is no sound, and go on', async () => {
    const features = pool(2);
    const bad = features.features({ bytes: new TextEncoder().encode('no sound'), name: 'bad.wav' });
    await expect(bad).rejects.toMatchObject({ code: 'audio.unreadable', params: { file: 'bad.wav' } });
    expect(await features.features(recording(1))).toHaveLength(4);
  });

  it('say that a thread died', async () => {
    const file = join(folder, 'dying.cjs');
    await fs.writeFile(file, "require('node:worker_threads').parentPort.once('message', () => process.exit(3));");
    await expect(pool(2, file).features(recording(1))).rejects.toThrow('the thread ended with 3');
  });

  it('are computed here where there is but one core or no built thread', async () => {
    expect([pool(1).size, pool(4, join(folder, 'none.cjs')).size]).toEqual([1, 1]);
    expect(await pool(1).features(recording(1))).toEqual(await clipFeatures(recording(1), job));
  });
});
