import { afterAll, describe, expect, it } from 'vitest';
import { isForwardOnly, networkSchema, type NetworkSpec } from '../../../app/contract/network';
import { openCompiledProgram } from '../../../engine/network/compiled';
import { initialParameters } from '../../../engine/network/initialise';
import { openPortableProgram } from '../../../engine/network/portable';
import type { NetworkProgram } from '../../../engine/network/program';
import { expectClose, makeBatch, rowOf } from './fixtures';

const alone: NetworkSpec = {
  inputSize: 6,
  layers: [{ cell: 'lstm', units: 5, direction: 'bidirectional' }],
  dropout: 0,
  head: { kind: 'ctc', classes: 4 },
};
const spec: NetworkSpec = { ...alone, head: { ...alone.head, voteSteps: 5 } };
const LENGTHS = [9, 4, 1, 7];
const parameters = initialParameters(spec, 3);

const opened: NetworkProgram[] = [];
afterAll(() => opened.forEach((program) => program.dispose()));
const open = (of: NetworkSpec): NetworkProgram => {
  const program = openCompiledProgram(of, parameters);
  opened.push(program);
  return program;
};

describe('votes of neighbouring steps', () => {
  it('are the mean of the steps of the sequence around each, and the blank is none of them', async () => {
    const batch = makeBatch(spec, LENGTHS, 11);
    const [own, voted] = [await open(alone).logits(batch), await open(spec).logits(batch)];
    LENGTHS.forEach((length, row) => {
      const a = rowOf(own, 4, 4, row, length);
      const expected = a.map((value, at) => {
        const [t, k] = [Math.floor(at / 4), at % 4];
        if (k === 3) return value;
        const steps = Array.from({ length }, (_, step) => step).filter((step) => Math.abs(step - t) <= 2);
        return steps.reduce((sum, step) => sum + a[step * 4 + k]!, 0) / steps.length;
      });
      expectClose(rowOf(voted, 4, 4, row, length), expected, 1e-5);
    });
  });

  it.each(['ctc', 'framewise'] as const)('have the same losses and gradients on every rung under %s', async (kind) => {
    const of: NetworkSpec = { ...spec, head: { ...spec.head, kind } };
    const batch = makeBatch(of, LENGTHS, 9);
    const compiled = open(of);
    const portable = await openPortableProgram(of, parameters, 'wasm');
    opened.push(portable);
    expectClose(await compiled.losses(batch), await portable.losses(batch));
    const [a, b] = [await compiled.gradients(batch), await portable.gradients(batch)];
    for (const [name, { values }] of b.gradients) expectClose(a.gradients.get(name)!.values, values);
    expectClose(a.inputGradient, b.inputGradient);
  });

  it('need frames that are still to come, and a head that answers at every step', () => {
    const forward: NetworkSpec = { ...spec, layers: [{ cell: 'lstm', units: 5, direction: 'forward' }] };
    expect(isForwardOnly(forward)).toBe(false);
    expect(isForwardOnly({ ...forward, head: alone.head })).toBe(true);
    const once = networkSchema.safeParse({ ...spec, head: { ...spec.head, kind: 'meanPool' } });
    expect(once.error?.issues[0]).toMatchObject({ path: ['head', 'voteSteps'], message: 'reason.network.votes' });
  });
});
