import { describe, expect, test } from 'vitest';
import { openCompiledProgram } from '../../../engine/network/compiled';
import { initialParameters } from '../../../engine/network/initialise';
import { openNativeStream } from '../../../engine/network/nativeStream';
import { liveHandles } from '../../../engine/runtime/tensors';
import { ctcNetwork, expectClose, makeBatch } from './fixtures';

const spec = ctcNetwork(['forward', 'forward', 'forward']);
const parameters = initialParameters(spec, 5);
const T = 40;
const batch = makeBatch(spec, [T], T);
const program = openCompiledProgram(spec, parameters);
const whole = await program.logits(batch);
program.dispose();

/** Pushes the frames in pieces and returns all logits. */
function heard(stream: ReturnType<typeof openNativeStream>, pieces: readonly number[]): number[] {
  let frame = 0;
  return pieces.flatMap((count) => {
    const logits = stream.push(batch.features.subarray(frame * spec.inputSize, (frame + count) * spec.inputSize));
    expect(logits.length).toBe(count * spec.head.classes);
    frame += count;
    return [...logits];
  });
}

describe('a stream', () => {
  test.each([
    ['one by one', Array<number>(T).fill(1)],
    ['all at once', [T]],
    ['in pieces of every size', [1, 2, 0, 7, 1, 1, 13, 15]],
  ])('hears %s what the whole sequence gives', (_, pieces) => {
    const stream = openNativeStream(spec, parameters);
    expectClose(heard(stream, pieces), whole);
    stream.dispose();
  });

  test('starts anew after a reset', () => {
    const stream = openNativeStream(spec, parameters);
    heard(stream, [17, 1]);
    stream.reset();
    expectClose(heard(stream, [T]), whole);
    stream.dispose();
  });

  test('keeps no tensor from push to push, and none after its end', () => {
    const before = liveHandles();
    const stream = openNativeStream(spec, parameters);
    const open = liveHandles();
    for (let k = 0; k < 20; k++) {
      heard(stream, [1, 3]);
      stream.reset();
      expect(liveHandles()).toBe(open);
    }
    stream.dispose();
    expect(liveHandles()).toBe(before);
  });

  test('refuses a network that reads backward', () => {
    const backward = ctcNetwork(['bidirectional']);
    expect(() => openNativeStream(backward, initialParameters(backward, 1))).toThrow('Expected forward layers only');
  });
});
