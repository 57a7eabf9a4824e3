// How cells declare their parameters.
import type { CellParameter, ParameterRole } from './cell';

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** Uniform in ±1/√fanIn, as PyTorch's recurrent layers with fanIn = H. */
export const uniform =
  (shape: readonly number[], fanIn: number) =>
  (random: () => number): Float32Array =>
    Float32Array.from({ length: sizeOf(shape) }, () => (2 * random() - 1) / Math.sqrt(fanIn));

/** A parameter that starts uniform in ±1/√fanIn. */
export const drawn = (name: string, role: ParameterRole, shape: readonly number[], fanIn: number): CellParameter => ({
  name,
  role,
  shape,
  mask: null,
  initial: uniform(shape, fanIn),
});

/** A parameter that starts with one value everywhere. */
export const constant = (
  name: string,
  role: ParameterRole,
  shape: readonly number[],
  value: number,
): CellParameter => ({ name, role, shape, mask: null, initial: () => new Float32Array(sizeOf(shape)).fill(value) });

/** Weights of the matrices, the input's and those of the step. */
export const weightCount = (parameters: readonly CellParameter[]): number =>
  parameters
    .filter(({ role }) => role === 'input' || role === 'product')
    .reduce((sum, { shape }) => sum + sizeOf(shape), 0);
