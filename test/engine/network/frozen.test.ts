// Layers that stay as they are while those above them learn.
import { expect, it } from 'vitest';
import type { NetworkSpec } from '../../../app/contract/network';
import { initialParameters } from '../../../engine/network/initialise';
import { openProgram } from '../../../engine/network/open';
import { frozenNames } from '../../../engine/network/parts';
import { globalNorm } from '../../../engine/training/clipping';
import { USUAL_TRAINING, type TrainingRule } from '../../../engine/training/trainingRule';
import { makeBatch } from './fixtures';

const convolution = { filters: 2, frames: 3, bands: 3, pool: 1, normalisation: 'batch' } as const;
const spec: NetworkSpec = {
  inputSize: 4,
  front: { bands: 4, convolutions: [convolution] },
  layers: [
    { cell: 'lstm', units: 3, direction: 'bidirectional' },
    { cell: 'lstm', units: 3, direction: 'bidirectional' },
  ],
  dropout: 0,
  head: { kind: 'ctc', classes: 3 },
};
/** What would move a weight that has no gradient: decay, moments, statistics, an average. */
const rule: TrainingRule = {
  ...USUAL_TRAINING,
  optimizer: { kind: 'adamw', weightDecay: 0.5 },
  averageDecay: 0.9,
  frozenLayers: 1,
};

it('the frozen are the first layers and what lies below them', () => {
  expect([...frozenNames(spec, 0)]).toEqual([]);
  const all = [...initialParameters(spec, 1).keys()];
  expect([...frozenNames(spec, 1)]).toEqual(all.filter((name) => !/^(layer1|head)\./.test(name)));
  expect([...frozenNames(spec, 2)]).toEqual(all.filter((name) => !name.startsWith('head.')));
});

it.each(['compiled', 'native', 'wasm'] as const)(
  'what is frozen stays bit by bit, and what the optimiser keeps of it, on the %s rung',
  async (rung) => {
    const initial = initialParameters(spec, 3);
    const program = await openProgram(spec, initial, rung, rule);
    const before = program.optimizerState();
    const batch = makeBatch(spec, [6, 5], 6);
    const { gradients } = await program.gradients(batch);
    const first = await program.trainStep(batch, { learningRate: 0.1, seed: 1 });
    await program.trainStep(batch, { learningRate: 0.1, seed: 2 });
    const frozen = frozenNames(spec, 1);
    const after = program.optimizerState();
    expect(after.step).toBe(2);
    for (const [name, parameter] of initial) {
      const isFrozen = frozen.has(name);
      const same = (value: unknown, other: unknown): void => {
        if (isFrozen) expect(value).toEqual(other);
        else expect(value).not.toEqual(other);
      };
      same(program.parameters().get(name), parameter);
      same(program.recognitionParameters().get(name), parameter);
      for (const [slot, kept] of after.slots) same(kept.get(name), before.slots.get(slot)!.get(name));
    }
    const learned = [...gradients].filter(([name]) => !frozen.has(name)).map(([, { values }]) => values);
    expect(first.gradientNorm / globalNorm(learned)).toBeCloseTo(1, 4);
    expect([...first.partNorms.subarray(0, 2)]).toEqual([0, 0]);
    expect(first.partNorms[2]).toBeGreaterThan(0);
    program.dispose();
  },
);
