// Dropout on the recurrence, against its definition: one mask for a sequence, the same at every step, is a network without
// dropout whose recurrent weights have rows multiplied by that mask.
import { afterAll, describe, expect, test } from 'vitest';
import { directionsOf, type LayerSpec, type NetworkSpec } from '../../../app/contract/network';
import type { Rung } from '../../../app/contract/rung';
import { productsOf } from '../../../engine/cells/products';
import { cellOf } from '../../../engine/cells/registry';
import { initialParameters } from '../../../engine/network/initialise';
import { openProgram } from '../../../engine/network/open';
import type { ParameterSet } from '../../../engine/network/parameters';
import type { LabelledBatch, NetworkProgram } from '../../../engine/network/program';
import { isTaught } from '../../../engine/network/teacherForcing';
import { USUAL_TRAINING, type TrainingRule } from '../../../engine/training/trainingRule';
import { RECURRENT_VARIANTS, type RecurrentVariant } from './cellStacks';
import { expectClose, makeBatch } from './fixtures';

const RATE = 0.5;
const RUNGS = ['compiled', 'native', 'wasm'] as const;
/** The step is the gradient itself. */
const BARE: TrainingRule = {
  ...USUAL_TRAINING,
  optimizer: { kind: 'sgd', momentum: 0 },
  clipping: { kind: 'none' },
};

// Compiling takes most of the time: one program for each network. Whoever moves its parameters puts them back.
const opened = new Map<string, Promise<NetworkProgram>>();
afterAll(async () => (await Promise.all(opened.values())).forEach((program) => program.dispose()));
async function open(spec: NetworkSpec, rung: Rung): Promise<NetworkProgram> {
  const key = JSON.stringify([spec, rung]);
  const program = opened.get(key) ?? openProgram(spec, initialParameters(spec, 1), rung, BARE);
  opened.set(key, program);
  return program;
}
const specOf = (layers: LayerSpec[], dropout = 0): NetworkSpec => ({
  inputSize: 3,
  layers,
  dropout,
  head: { kind: 'framewise', classes: 3 },
});
/**
 * So few units that all masks can be tried; of two normalised ones nothing would be left but their order. A Jordan layer under
 * teacher forcing needs as many outputs as the head has classes.
 */
const small = (variant: RecurrentVariant): RecurrentVariant =>
  variant.cell === 'jordan'
    ? { ...variant, outputs: 'teacherForcing' in variant ? variant.outputs : 2 }
    : {
        ...variant,
        units: hasNormalisation(variant) ? 3 : 2,
        ...(variant.cell === 'clockwork' && { periods: [1, 2] }),
      };
const hasNormalisation = (variant: RecurrentVariant): boolean => 'layerNormalisation' in variant;
const TRIED = Object.entries<RecurrentVariant>(RECURRENT_VARIANTS).filter(
  ([name, variant]) => !hasNormalisation(variant) || name === 'gru, reset before, normalised',
);
/** A bidirectional layer has a mask for each reading, and its forward one is a forward layer's: that is tried by itself but once. */
const directionsTried = (name: string): readonly ('forward' | 'bidirectional')[] =>
  name === 'gru, reset before' ? ['forward', 'bidirectional'] : ['bidirectional'];
const layerOf = (variant: RecurrentVariant, direction: 'forward' | 'bidirectional', rate?: number): LayerSpec => ({
  ...small(variant),
  direction,
  ...(rate !== undefined && { recurrentDropout: rate }),
});
const lossOf = async (program: NetworkProgram, batch: LabelledBatch, seed: number, sequenceSeed = seed) =>
  (await program.trainStep(batch, { learningRate: 0, seed, sequenceSeed })).loss;
const seeds = Array.from({ length: 24 }, (_, k) => 31 * k + 1);

/** All masks of so many values, each 0 or 1 / (1 − rate). */
const masksOf = (size: number): number[][] =>
  Array.from({ length: 2 ** size }, (_, mask) =>
    Array.from({ length: size }, (_, k) => ((mask >> k) & 1) / (1 - RATE)),
  );
/** Parameters whose recurrent weights have the rows of the first layer's directions multiplied by a mask each. */
function scaled(spec: NetworkSpec, parameters: ParameterSet, masks: readonly (readonly number[])[]): ParameterSet {
  const [layer] = spec.layers as [LayerSpec];
  const moved = new Map(parameters);
  directionsOf(layer).forEach((direction, side) => {
    for (const { weights, isRecurrent, to } of productsOf(cellOf(layer))) {
      const name = `layer0.${direction}.${weights}`;
      const parameter = parameters.get(name)!;
      const values = parameter.values.map((value, k) => value * masks[side]![Math.floor(k / to)]!);
      if (isRecurrent) moved.set(name, { ...parameter, values });
    }
  });
  return moved;
}

test('teacher forcing is among what is tried', () => {
  const spec = specOf([layerOf(RECURRENT_VARIANTS['jordan, teacher forcing'], 'bidirectional', RATE)]);
  expect(isTaught(spec.layers[0]!, spec.head)).toBe(true);
});

describe.each(RUNGS)('dropout on the recurrence on the %s rung', (rung) => {
  describe.each(TRIED)('of %s', (name, variant) => {
    test.each(directionsTried(name))('has one mask for all steps of a sequence, %s', async (direction) => {
      const spec = specOf([layerOf(variant, direction, RATE)]);
      const batch = makeBatch(spec, [6], 6);
      const program = await open(spec, rung);
      const own = program.parameters();
      // The loss alone takes less than its gradients. Where it is compiled, those are there already; a taught layer hears its
      // targets in training alone.
      const isLossPlain = rung !== 'compiled' && !isTaught(spec.layers[0]!, spec.head);
      const all = masksOf(cellOf(spec.layers[0]!).states[0]!.size);
      const sides = all.flatMap((first) =>
        direction === 'forward' ? [[first]] : all.map((second) => [first, second]),
      );
      const expected: number[] = [];
      for (const masks of sides) {
        program.setParameters(scaled(spec, own, masks));
        expected.push(isLossPlain ? (await program.losses(batch))[0]! : (await program.gradients(batch)).loss);
      }
      program.setParameters(own);
      const drawn = new Set<number>();
      for (const seed of seeds) {
        const loss = await lossOf(program, batch, seed);
        const nearest = expected.findIndex((candidate) => Math.abs(candidate - loss) < 2e-6);
        expect(nearest).toBeGreaterThanOrEqual(0);
        drawn.add(nearest);
      }
      expect(drawn.size).toBeGreaterThan(2);
    });

    test('has the gradient of what it computes', async () => {
      const layer = { ...variant, direction: 'bidirectional', recurrentDropout: RATE } as LayerSpec;
      const spec = specOf([layer, layer], 0.2);
      const program = await open(spec, rung);
      const batch = makeBatch(spec, [5, 3, 1, 6], 6);
      const start = program.parameters();
      const seed = 11;
      await program.trainStep(batch, { learningRate: 1, seed });
      const moved = program.parameters();
      const gradients = [...start].map(([name, { values }]) => values.map((v, k) => v - moved.get(name)!.values[k]!));
      const length = Math.hypot(...gradients.flatMap((gradient) => [...gradient]));
      const lossAt = async (distance: number): Promise<number> => {
        program.setParameters(
          new Map(
            [...start].map(([name, parameter], p) => [
              name,
              { ...parameter, values: parameter.values.map((v, k) => v + (distance * gradients[p]![k]!) / length) },
            ]),
          ),
        );
        return lossOf(program, batch, seed);
      };
      const slope = ((await lossAt(0.002)) - (await lossAt(-0.002))) / 0.004;
      program.setParameters(start);
      expect(Math.abs(slope - length) / length).toBeLessThan(0.01);
    });
  });

  const layer = layerOf(RECURRENT_VARIANTS['gru, reset before'], 'bidirectional', RATE);
  const spec = specOf([{ ...layer, units: 6 }]);

  test('pays no heed to padding', async () => {
    const program = await open(spec, rung);
    const exact = await lossOf(program, makeBatch(spec, [5, 3], 5), 3);
    expect(await lossOf(program, makeBatch(spec, [5, 3], 9), 3)).toBeCloseTo(exact, 5);
  });

  test('drops the same for the same seed, other values for another and for each row', async () => {
    const program = await open(spec, rung);
    const one = makeBatch(spec, [6], 6);
    const twice: LabelledBatch = {
      ...makeBatch(spec, [6, 6], 6),
      features: Float32Array.from({ length: 6 * 2 * 3 }, (_, k) => one.features[Math.floor(k / 6) * 3 + (k % 3)]!),
      labels: [one.labels[0]!, one.labels[0]!],
    };
    const rowLoss = async (rowWeights: number[]) =>
      lossOf(program, { ...twice, rowWeights: Float32Array.from(rowWeights) }, 3);
    expect(await lossOf(program, one, 3)).toBe(await lossOf(program, one, 3));
    expect(await lossOf(program, one, 4)).not.toBeCloseTo(await lossOf(program, one, 3), 4);
    expect(await rowLoss([1, 0])).not.toBeCloseTo(await rowLoss([0, 1]), 4);
  });

  test('takes its mask from the sequence’s seed, not the step’s', async () => {
    const program = await open(spec, rung);
    const batch = makeBatch(spec, [6, 4], 6);
    expect(await lossOf(program, batch, 8, 3)).toBe(await lossOf(program, batch, 3));
    expect(await lossOf(program, batch, 3, 8)).not.toBeCloseTo(await lossOf(program, batch, 3), 4);
  });

  test('drops nothing where a network recognises or its gradients are asked for', async () => {
    const plainSpec = specOf(spec.layers.map((given) => ({ ...given, recurrentDropout: 0 }) as LayerSpec));
    const [program, plain] = [await open(spec, rung), await open(plainSpec, rung)];
    const batch = makeBatch(spec, [6, 4], 6);
    expectClose(await program.logits(batch), await plain.logits(batch), 1e-6);
    const [thinned, whole] = [await program.gradients(batch), await plain.gradients(batch)];
    for (const [name, { values }] of whole.gradients) expectClose(thinned.gradients.get(name)!.values, values, 1e-6);
  });
});
