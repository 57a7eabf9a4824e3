import { describe, expect, test } from 'vitest';
import { rungSchema } from '../../../app/contract/rung';
import { initialParameters } from '../../../engine/network/initialise';
import { openProgram, openStream } from '../../../engine/network/open';
import { tensorflowNode } from '../../../engine/runtime/native';
import { liveHandles } from '../../../engine/runtime/tensors';
import { ctcNetwork, expectClose, makeBatch } from './fixtures';

const spec = ctcNetwork(['forward', 'forward']);
const parameters = initialParameters(spec, 7);
const T = 30;
const batch = makeBatch(spec, [T], T);
const frames = (from: number, to: number): Float32Array =>
  batch.features.subarray(from * spec.inputSize, to * spec.inputSize);

describe('a stream on any rung', () => {
  const whole = openProgram(spec, parameters, 'wasm').then((program) => program.logits(batch));

  test.each(rungSchema.options)('hears what the whole sequence gives: %s', async (rung) => {
    const stream = await openStream(spec, parameters, rung);
    expectClose(
      [...stream.push(frames(0, 1)), ...stream.push(frames(1, 12)), ...stream.push(frames(12, T))],
      await whole,
    );
    stream.dispose();
  });
});

test('a stream runs kernels by name wherever the native library loads, XLA or not', async () => {
  const known = tensorflowNode().memory().numTensors;
  const before = liveHandles();
  const stream = await openStream(spec, parameters, 'native');
  stream.push(frames(0, 5));
  // Its weights and state are handles of the library itself, which TensorFlow.js does not know.
  expect(liveHandles()).toBeGreaterThan(before);
  expect(tensorflowNode().memory().numTensors).toBe(known);
  stream.dispose();
  expect(liveHandles()).toBe(before);
});
