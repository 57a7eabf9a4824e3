import { describe, expect, test } from 'vitest';
import { initialParameters } from '../../../engine/network/initialise';
import { parameterShapes, sizeOf } from '../../../engine/network/parameters';
import { ctcNetwork } from './fixtures';

const spec = ctcNetwork(['bidirectional', 'forward']);
const parameters = initialParameters(spec, 3);

describe('initial parameters', () => {
  test('have the names, order and shapes of the spec', () => {
    expect([...parameters.values()].map(({ name, shape }) => ({ name, shape }))).toEqual(parameterShapes(spec));
    for (const { shape, values } of parameters.values()) expect(values.length).toBe(sizeOf(shape));
  });
  test('are the same for the same seed, others for another', () => {
    expect(initialParameters(spec, 3)).toEqual(parameters);
    expect(initialParameters(spec, 4)).not.toEqual(parameters);
  });
  test('open the forget gate and lie within ±1/√H elsewhere', () => {
    const H = 6;
    const bias = [...(parameters.get('layer0.reverse.bias')?.values ?? [])];
    const isForget = (k: number) => k >= H && k < 2 * H;
    bias.forEach((value, k) => expect(Math.abs(value - (isForget(k) ? 1 : 0))).toBeLessThanOrEqual(1 / Math.sqrt(H)));
  });
});
