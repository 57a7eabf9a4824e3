// Every head that has a class to choose, with label smoothing and class weights, against PyTorch in double precision: a
// bidirectional nn.RNN over sequences of three lengths, a linear layer, cross_entropy.
import { describe, expect, test } from 'vitest';
import type { HeadSpec, NetworkSpec } from '../../../app/contract/network';
import type { Rung } from '../../../app/contract/rung';
import { openProgram } from '../../../engine/network/open';
import { parameterShapes, type ParameterSet } from '../../../engine/network/parameters';
import type { LabelledBatch } from '../../../engine/network/program';
import { USUAL_TRAINING, type LossSettings } from '../../../engine/training/trainingRule';
import { expectClose, flat, readReference, rowOf, shapeOf, TOLERANCE, type Nested } from './fixtures';

interface Case extends LossSettings {
  readonly kind: Exclude<HeadSpec['kind'], 'ctc'>;
  readonly loss: number;
  /** By row, [frames or 1, C]; where the loss is plain. */
  readonly logits?: readonly Nested[];
  readonly inputGrad: Nested;
  readonly grads: Readonly<Record<string, Nested>>;
}
interface Reference {
  readonly lengths: readonly number[];
  readonly units: number;
  readonly classes: number;
  readonly input: Nested;
  readonly rowWeights: readonly number[];
  readonly labels: readonly number[];
  readonly frameLabels: readonly (readonly number[])[];
  readonly weights: Readonly<Record<string, Nested>>;
  readonly cases: readonly Case[];
}
const reference = readReference<Reference>('heads');
const RUNGS: readonly Rung[] = ['compiled', 'native', 'wasm'];

const [T = 0, N = 0, D = 0] = shapeOf(reference.input);
const specOf = (kind: Case['kind']): NetworkSpec => ({
  inputSize: D,
  layers: [{ cell: 'elman', units: reference.units, direction: 'bidirectional' }],
  dropout: 0,
  head: { kind, classes: reference.classes },
});
const batchOf = (kind: Case['kind']): LabelledBatch => ({
  features: flat(reference.input),
  T,
  N,
  D,
  lengths: Int32Array.from(reference.lengths),
  labels:
    kind === 'framewise'
      ? reference.frameLabels.map((row) => Int32Array.from(row))
      : reference.labels.map((label) => Int32Array.of(label)),
  rowWeights: Float32Array.from(reference.rowWeights),
});
const weightsOf = (spec: NetworkSpec): ParameterSet =>
  new Map(
    parameterShapes(spec).map(({ name, shape }) => [name, { name, shape, values: flat(reference.weights[name]!) }]),
  );

const cases = reference.cases.flatMap((one) => RUNGS.map((rung) => ({ ...one, rung })));
describe.each(cases)(
  'a $kind head, smoothing $labelSmoothing, class weights $classWeights, on the $rung rung',
  ({ kind, rung, labelSmoothing, classWeights, loss, logits, inputGrad, grads }) => {
    test('has the outputs, the loss and the gradients of PyTorch', async () => {
      const spec = specOf(kind);
      const batch = batchOf(kind);
      const program = await openProgram(spec, weightsOf(spec), rung, {
        ...USUAL_TRAINING,
        loss: { labelSmoothing, classWeights },
      });
      const answers = await program.logits(batch);
      const computed = await program.gradients(batch);
      program.dispose();
      logits?.forEach((expected, row) =>
        expectClose(rowOf(answers, N, spec.head.classes, row, shapeOf(expected)[0]!), flat(expected)),
      );
      expect(Math.abs(computed.loss - loss)).toBeLessThan(TOLERANCE);
      expectClose(computed.inputGradient, flat(inputGrad));
      for (const [name, { values }] of computed.gradients) expectClose(values, flat(grads[name]!));
    });
  },
);

test('the reference has every head with every loss', () => {
  const told = reference.cases.map(({ kind, labelSmoothing, classWeights }) =>
    [kind, labelSmoothing > 0, classWeights !== null].join(),
  );
  expect(new Set(told).size).toBe(16);
});
