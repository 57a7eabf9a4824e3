import { describe, expect, it } from 'vitest';
import { OpenModel } from '../../../engine/listen/openModel';
import type { NetworkStream } from '../../../engine/network/program';
import { fakeManifest, fakeOpeners, openFakeModel } from './fakeNetwork';

const FRAME = new Float32Array(fakeManifest().network.inputSize).fill(20);

/** A model that keeps the streams it opened. */
function countingModel() {
  const opened: NetworkStream[] = [];
  const openers = fakeOpeners();
  const model = new OpenModel({ manifest: fakeManifest(), parameters: new Map() }, 'wasm', {
    ...openers,
    openStream: async (...model_) => {
      const stream = await openers.openStream(...model_);
      opened.push(stream);
      return stream;
    },
  });
  return { model, opened };
}

describe('an open model', () => {
  it('once warm, opens no stream for its first listener', async () => {
    const { model, opened } = countingModel();
    await model.warmUp();
    await model.openReader();
    expect(opened).toHaveLength(1);
  });

  it('gives every listener a stream that has heard nothing', async () => {
    const { model } = countingModel();
    const first = await model.openReader();
    const atFirst = await first.push(FRAME);
    for (let n = 0; n < 50; n++) await first.push(FRAME);
    first.dispose();
    expect(await (await model.openReader()).push(FRAME)).toEqual(atFirst);
  });

  it('gives listeners at the same time streams of their own', async () => {
    const { model, opened } = countingModel();
    await Promise.all([model.openReader(), model.openReader(), model.openReader()]);
    expect(new Set(opened).size).toBe(3);
  });

  it('lets go of its streams', async () => {
    const { model, opened } = countingModel();
    const readers = await Promise.all([model.openReader(), model.openReader(), model.openReader()]);
    for (const reader of readers) reader.dispose();
    await model.dispose();
    expect(opened.map((stream) => (stream as NetworkStream & { isDisposed: boolean }).isDisposed)).toEqual([
      true,
      true,
      true,
    ]);
  });

  it('that reads backward too is warm for the one length that its listeners use', async () => {
    const lengths: number[] = [];
    const model = openFakeModel('bidirectional', lengths);
    await model.warmUp();
    const [warm] = lengths;
    const reader = await model.openReader();
    for (let n = 0; n < 400; n++) await reader.push(FRAME);
    await reader.finish();
    expect(lengths.length).toBeGreaterThan(3);
    expect(new Set(lengths)).toEqual(new Set([warm]));
  });
});
