// Every cell heard frame by frame, in pieces of any size: what the equations give for the whole sequence.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { initialParameters } from '../../../engine/network/initialise';
import { openStream } from '../../../engine/network/open';
import type { NetworkStream } from '../../../engine/network/program';
import { liveHandles } from '../../../engine/runtime/tensors';
import { shapesOf, stackOf, VARIANTS, type CellVariant } from './cellStacks';
import { expectClose, makeBatch } from './fixtures';
import { float64Inputs, readNetwork } from './float64Network';

const T = 23;
const RUNGS = ['native', 'wasm'] as const;
const MANY_PERIODS: CellVariant = { cell: 'clockwork', units: 6, periods: [2, 3, 5, 7, 11, 13] };
const FORWARD = Object.entries({ ...VARIANTS, 'clockwork of many periods': MANY_PERIODS }).flatMap(([cell, variant]) =>
  Object.entries(shapesOf(variant))
    .filter(([, { direction }]) => direction === 'forward')
    .map(([shape, sizes]) => ({ name: `${cell}, ${shape}`, spec: stackOf(variant, sizes) })),
);

/** Pieces that add up to T frames. */
const pieces = fc
  .array(fc.integer({ min: 0, max: 6 }), { maxLength: 8 })
  .map((sizes) => sizes.filter((_, k) => sizes.slice(0, k + 1).reduce((sum, size) => sum + size, 0) <= T))
  .map((sizes) => [...sizes, T - sizes.reduce((sum, size) => sum + size, 0)]);

describe.each(FORWARD)('$name', ({ spec }) => {
  const parameters = new Map(
    [...initialParameters(spec, 3)].map(([name, parameter]) => [
      name,
      // first states other than zero
      name.includes('initial') ? { ...parameter, values: parameter.values.map((_, k) => Math.sin(k + 1)) } : parameter,
    ]),
  );
  const batch = makeBatch(spec, [T], T);
  const whole = readNetwork(spec, float64Inputs(parameters, batch), batch.lengths).flatMap(({ values }) => [...values]);
  const hear = (stream: NetworkStream, sizes: readonly number[]): number[] => {
    let at = 0;
    return sizes.flatMap((size) => {
      const frames = batch.features.subarray(at * spec.inputSize, (at + size) * spec.inputSize);
      at += size;
      return [...stream.push(frames)];
    });
  };

  test.each(RUNGS)('in pieces of any size, with a reset between, on the %s rung', async (rung) => {
    const stream = await openStream(spec, parameters, rung);
    fc.assert(
      fc.property(pieces, (sizes) => {
        stream.reset();
        expectClose(hear(stream, sizes), whole);
      }),
      { numRuns: 6, seed: 1 },
    );
    stream.dispose();
  });

  test('leaves no tensor behind', async () => {
    const before = liveHandles();
    const stream = await openStream(spec, parameters, 'native');
    hear(stream, [1, 4]);
    const open = liveHandles();
    hear(stream, [1, 1, 6, 3]);
    stream.reset();
    hear(stream, [2]);
    expect(liveHandles()).toBe(open);
    stream.dispose();
    expect(liveHandles()).toBe(before);
  });
});
