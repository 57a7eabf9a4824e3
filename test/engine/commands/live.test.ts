import { expect, it } from 'vitest';
import { extractFeatures } from '../../../app/features/frontEnd';
import { transcribeLive } from '../../../engine/commands/live';
import { OpenModel } from '../../../engine/listen/openModel';
import { babble, fakeManifest, fakeOpeners } from '../listen/fakeNetwork';

/** Frames of each push that a forward network is given while a sound is heard. */
async function pushesFor(pcm: Int16Array): Promise<number[]> {
  const pushes: number[] = [];
  const openers = fakeOpeners();
  const model = new OpenModel({ manifest: fakeManifest(), parameters: new Map() }, 'wasm', {
    ...openers,
    openStream: async (...opening) => {
      const stream = await openers.openStream(...opening);
      const push = stream.push.bind(stream);
      stream.push = (frames) => {
        pushes.push(frames.length / fakeManifest().network.inputSize);
        return push(frames);
      };
      return stream;
    },
  });
  await transcribeLive(model, pcm);
  return pushes;
}

it('a forward network hears each frame once, and no more of them at a time the longer it listens', async () => {
  for (const seconds of [2, 8]) {
    const pcm = babble(seconds);
    const pushes = await pushesFor(pcm);
    const { count } = extractFeatures(pcm, fakeManifest().frontEnd);
    expect(pushes.reduce((sum, frames) => sum + frames, 0)).toBe(count);
    // 100 ms of sound, and at the end what deltas and tail held back.
    expect(Math.max(...pushes.slice(0, -1))).toBeLessThanOrEqual(12);
  }
});
