import { describe, expect, test } from 'vitest';
import { initialParameters } from '../../../engine/network/initialise';
import { openPortableProgram } from '../../../engine/network/portable';
import { openPortableBackend } from '../../../engine/network/portableBackend';
import { openPortableStream } from '../../../engine/network/portableStream';
import type { NetworkStream } from '../../../engine/network/program';
import { ctcNetwork, expectClose, makeBatch } from './fixtures';

const spec = ctcNetwork(['forward', 'forward']);
const parameters = initialParameters(spec, 5);
const T = 40;
const batch = makeBatch(spec, [T], T);

/** Pushes the frames in pieces and returns all logits. */
function heard(stream: NetworkStream, pieces: readonly number[]): number[] {
  let frame = 0;
  return pieces.flatMap((count) => {
    const logits = stream.push(batch.features.subarray(frame * spec.inputSize, (frame + count) * spec.inputSize));
    expect(logits.length).toBe(count * spec.head.classes);
    frame += count;
    return [...logits];
  });
}

describe.each(['native', 'wasm'] as const)('a stream on the %s rung', (rung) => {
  const whole = openPortableProgram(spec, parameters, rung).then((program) => program.logits(batch));

  test.each([
    ['one by one', new Array<number>(T).fill(1)],
    ['all at once', [T]],
    ['in pieces of every size', [1, 2, 0, 7, 1, 1, 13, 15]],
  ])('hears %s what the whole sequence gives', async (_, pieces) => {
    const stream = await openPortableStream(spec, parameters, rung);
    expectClose(heard(stream, pieces), await whole);
    stream.dispose();
  });

  test('starts anew after a reset', async () => {
    const stream = await openPortableStream(spec, parameters, rung);
    heard(stream, [17, 1]);
    stream.reset();
    expectClose(heard(stream, [T]), await whole);
    stream.dispose();
  });

  test('keeps no tensor from push to push, and none after its end', async () => {
    const backend = await openPortableBackend(rung);
    const alive = (): number => backend.tidy((tf) => tf.memory().numTensors);
    const before = alive();
    const stream = await openPortableStream(spec, parameters, rung);
    heard(stream, [1, 3]);
    const open = alive();
    heard(stream, [2, 1, 5]);
    expect(alive()).toBe(open);
    stream.dispose();
    expect(alive()).toBe(before);
  });

  test('refuses a network that reads backward', async () => {
    const backward = ctcNetwork(['bidirectional']);
    await expect(openPortableStream(backward, initialParameters(backward, 1), rung)).rejects.toThrow(
      'forward layers only',
    );
  });
});
