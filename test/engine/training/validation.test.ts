import { expect, it } from 'vitest';
import type { NetworkSpec } from '../../../app/contract/network';
import type { NetworkProgram } from '../../../engine/network/program';
import { validate } from '../../../engine/training/validation';

const spec: NetworkSpec = {
  inputSize: 1,
  layers: [{ cell: 'lstm', units: 1, direction: 'forward' }],
  dropout: 0,
  head: { kind: 'ctc', classes: 3 },
};
const BLANK = 2;
/** Writes the class that each frame's one value names. */
const program = {
  losses: ({ N }: { N: number }) => Promise.resolve(new Float32Array(N).fill(0.5)),
  logits: ({ features }: { features: Float32Array }) =>
    Promise.resolve(Float32Array.from([...features].flatMap((named) => [0, 1, 2].map((k) => (k === named ? 9 : 0))))),
} as unknown as NetworkProgram;
// Said is "0 1 0", heard is "0 1".
const examples = [{ frames: 4, features: Float32Array.of(0, BLANK, 1, BLANK), labels: Int32Array.of(0, 1, 0) }];

it('counts letters between separators as words', async () => {
  const result = await validate({ spec, labels: ['a', 'b'] }, examples, program);
  expect([result?.symbolError, result?.wordError, result?.words]).toEqual([1 / 3, 1, 1]);
});

it('counts each symbol as a word where it is one', async () => {
  const result = await validate({ spec, labels: ['one', 'two'], between: ' ' }, examples, program);
  expect([result?.symbolError, result?.wordError, result?.words]).toEqual([1 / 3, 1 / 3, 3]);
});
