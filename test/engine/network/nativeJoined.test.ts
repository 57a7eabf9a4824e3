import { describe, expect, test } from 'vitest';
import type { LayerOf, NetworkSpec } from '../../../app/contract/network';
import { cellOf } from '../../../engine/cells/registry';
import { initialParameters } from '../../../engine/network/initialise';
import { NativeCell } from '../../../engine/network/nativeCell';
import { isFastJoined, joinedElman, NativeJoined } from '../../../engine/network/nativeJoined';
import type { NativeLayer } from '../../../engine/network/nativeLayer';
import { makeRandom } from '../../../engine/runtime/random';
import { liveHandles, readFloats, withHandles } from '../../../engine/runtime/tensors';
import { expectClose } from './fixtures';

const [D, H] = [5, 7];
const random = makeRandom(2);
const frames = Array.from({ length: 9 }, () => Float32Array.from({ length: D }, () => 2 * random() - 1));
const first = [Float32Array.from({ length: H }, () => 2 * random() - 1)];

function heard(layer: NativeLayer): number[] {
  return frames.flatMap((frame) =>
    withHandles((scope) => [...readFloats(layer.push(scope, scope.shared([1, D], frame), 1))]),
  );
}
const layers: readonly LayerOf<'elman'>[] = [
  { cell: 'elman', units: H, direction: 'forward' },
  { cell: 'elman', units: H, direction: 'forward', activation: 'relu' },
];
function both(layer: LayerOf<'elman'>) {
  const spec: NetworkSpec = { inputSize: D, layers: [layer], dropout: 0, head: { kind: 'framewise', classes: 2 } };
  const parameters = initialParameters(spec, 4);
  const valuesOf = (name: string) => parameters.get(`layer0.forward.${name}`)!.values;
  const step = joinedElman(H, layer.activation ?? 'tanh', valuesOf);
  return {
    stepwise: () => new NativeCell({ cell: cellOf(layer), inputs: D, valuesOf, first }),
    joined: () => new NativeJoined(step, first),
  };
}

describe.each(layers)('$cell $activation, its products joined', (layer) => {
  test('hears what the equations give, from the first state on, and again after a reset', () => {
    const { stepwise, joined } = both(layer);
    const [expected, own] = [stepwise(), joined()];
    const whole = heard(expected);
    expectClose(heard(own), whole, 1e-6);
    own.reset();
    expectClose(heard(own), whole, 1e-6);
    for (const opened of [expected, own]) opened.dispose();
  });
  test('keeps no tensor from push to push, and none after its end', () => {
    const before = liveHandles();
    const own = both(layer).joined();
    heard(own);
    const open = liveHandles();
    heard(own);
    expect(liveHandles()).toBe(open);
    own.dispose();
    expect(liveHandles()).toBe(before);
  });
});

test('products too large for the fast kernel are not joined', () => {
  expect(isFastJoined(39, 480)).toBe(true);
  expect(isFastJoined(39, 500)).toBe(false);
});
