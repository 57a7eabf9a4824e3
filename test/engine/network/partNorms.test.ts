// Which part of a network its gradient comes from.
import { expect, it } from 'vitest';
import type { NetworkSpec } from '../../../app/contract/network';
import { initialParameters } from '../../../engine/network/initialise';
import { openProgram } from '../../../engine/network/open';
import { networkParts } from '../../../engine/network/parts';
import { globalNorm } from '../../../engine/training/clipping';
import { USUAL_TRAINING } from '../../../engine/training/trainingRule';
import { makeBatch } from './fixtures';

const layers: NetworkSpec['layers'] = [
  { cell: 'lstm', units: 3, direction: 'bidirectional' },
  { cell: 'gru', units: 4, direction: 'forward' },
];
const spec: NetworkSpec = { inputSize: 4, layers, dropout: 0, head: { kind: 'ctc', classes: 3 } };
const convolution = { filters: 2, frames: 3, bands: 3, pool: 1 };
const withFront: NetworkSpec = { ...spec, front: { bands: 4, convolutions: [convolution] } };

it('a network has the parts that it learns', () => {
  const cells = (of: NetworkSpec) => networkParts(of).map(({ layer }) => layer?.cell ?? null);
  expect(cells(spec)).toEqual(['lstm', 'gru', null]);
  expect(cells(withFront)).toEqual([null, 'lstm', 'gru', null]);
  const names = networkParts(withFront).flatMap(({ parameters }) => parameters.map(({ name }) => name));
  expect(names).toEqual([...initialParameters(withFront, 1).keys()]);
});

it.each(
  (['compiled', 'native', 'wasm'] as const).flatMap((rung) => [
    ['without', spec, rung] as const,
    ['with', withFront, rung] as const,
  ]),
)(
  'norms of the parts are those of their gradients, together the global one (%s convolutions, %s)',
  async (...given) => {
    const [, of, rung] = given;
    const program = await openProgram(of, initialParameters(of, 3), rung, {
      ...USUAL_TRAINING,
      clipping: { kind: 'norm', threshold: 1e-3 },
    });
    const batch = makeBatch(of, [6, 5], 6);
    const { gradients } = await program.gradients(batch);
    const { gradientNorm, partNorms } = await program.trainStep(batch, { learningRate: 0.1, seed: 1 });
    const expected = networkParts(of).map(({ parameters }) =>
      globalNorm(parameters.map(({ name }) => gradients.get(name)!.values)),
    );
    expect(partNorms).toHaveLength(expected.length);
    expected.forEach((norm, k) => expect(partNorms[k]! / norm).toBeCloseTo(1, 4));
    expect(Math.hypot(...partNorms) / gradientNorm).toBeCloseTo(1, 5);
    program.dispose();
  },
);
