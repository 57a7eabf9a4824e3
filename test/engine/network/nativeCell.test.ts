import { expect, test } from 'vitest';
import type { NetworkSpec } from '../../../app/contract/network';
import { initialParameters } from '../../../engine/network/initialise';
import { openStream } from '../../../engine/network/open';
import { makeRandom } from '../../../engine/runtime/random';
import { liveHandles } from '../../../engine/runtime/tensors';
import { expectClose } from './fixtures';

const FRAMES = 5;
const D = 4;

test('a layer whose weights do not fit into one fast product hears the same as on the portable rung', async () => {
  const spec: NetworkSpec = {
    inputSize: D,
    layers: [{ cell: 'gru', units: 300, direction: 'forward', reset: 'after' }],
    dropout: 0,
    head: { kind: 'framewise', classes: 3 },
  };
  const parameters = initialParameters(spec, 2);
  const random = makeRandom(3);
  const frames = Float32Array.from({ length: FRAMES * D }, () => 2 * random() - 1);
  const before = liveHandles();
  const [own, portable] = [await openStream(spec, parameters, 'compiled'), await openStream(spec, parameters, 'wasm')];
  const expected = portable.push(frames);
  expectClose(own.push(frames), expected);
  own.reset();
  expectClose(
    Array.from({ length: FRAMES }, (_, t) => [...own.push(frames.slice(t * D, (t + 1) * D))]).flat(),
    expected,
  );
  own.dispose();
  portable.dispose();
  expect(liveHandles()).toBe(before);
});
