import { describe, expect, test } from 'vitest';
import type { NetworkSpec } from '../../../app/contract/network';
import { openCompiledProgram } from '../../../engine/network/compiled';
import type { LabelledBatch } from '../../../engine/network/program';
import { DataType } from '../../../engine/graph/attributes';
import { FunctionLibrary } from '../../../engine/graph/functions';
import { Graph } from '../../../engine/graph/graph';
import { GraphSession } from '../../../engine/graph/session';
import { buildLoss } from '../../../engine/network/compiledLoss';
import { batchLoss } from '../../../engine/network/portableLoss';
import { PLAIN_LOSS, type LossSettings } from '../../../engine/training/trainingRule';
import { initialParameters } from '../../../engine/network/initialise';
import { makeRandom } from '../../../engine/runtime/random';
import { readFloats, withHandles } from '../../../engine/runtime/tensors';
import { ctcNetwork, expectClose, flat, makeBatch, readReference, shapeOf, type Nested } from './fixtures';

interface LossCase {
  readonly kind: NetworkSpec['head']['kind'];
  readonly logits: Nested;
  readonly lengths: readonly number[];
  readonly labelIndices: readonly number[];
  readonly labelValues: readonly number[];
  readonly isEmpty: readonly number[];
}
function runLoss(
  { kind, logits, lengths, labelIndices, labelValues, isEmpty }: LossCase,
  settings: LossSettings = PLAIN_LOSS,
) {
  const [T = 0, N = 0, C = 0] = shapeOf(logits);
  const graph = new Graph();
  const inputs = {
    lengths: graph.placeholder('lengths', DataType.int32),
    labelIndices: graph.placeholder('labelIndices', DataType.int32),
    labelValues: graph.placeholder('labelValues', DataType.int32),
    isEmpty: graph.placeholder('isEmpty', DataType.int32),
  };
  const library = new FunctionLibrary();
  const head = { kind, classes: C };
  const pass = { head, logits: graph.placeholder('logits', DataType.float) };
  const loss = buildLoss(graph, library, pass, inputs, settings);
  graph.identity(loss.losses, { name: 'losses' });
  graph.identity(loss.logitsGradient, { name: 'gradient' });
  const session = new GraphSession(graph, library);
  const [losses, gradient] = withHandles((scope) => {
    const ints = (shape: number[], values: readonly number[]) => scope.shared(shape, Int32Array.from(values));
    const inputs = {
      logits: scope.shared([T, N, C], flat(logits)),
      lengths: ints([N], lengths),
      labelValues: ints([labelValues.length], labelValues),
      ...(kind === 'ctc'
        ? { labelIndices: ints([labelValues.length, 2], labelIndices), isEmpty: ints([N], isEmpty) }
        : {}),
    };
    return scope.ownAll(session.run(inputs, ['losses', 'gradient'])).map(readFloats) as [Float32Array, Float32Array];
  });
  session.close();
  return { losses, gradient };
}

interface CtcReference {
  readonly logits: readonly (readonly (readonly number[])[])[];
  readonly inputLengths: readonly number[];
  readonly labels: readonly (readonly number[])[];
  readonly negLogLikelihood: readonly number[];
  readonly logitsGrad: readonly (readonly (readonly number[])[])[];
}
/** The reference has its blank first, we have it last. */
const blankLast = (values: CtcReference['logits']): Nested =>
  values.map((rows) => rows.map(([blank = NaN, ...symbols]) => [...symbols, blank]));

describe.each(readReference<CtcReference[]>('ctc').map((reference, index) => ({ reference, index })))(
  'CTC, reference case $index',
  ({ reference: { logits, inputLengths, labels, negLogLikelihood, logitsGrad } }) => {
    const filled = labels.map((row) => (row.length > 0 ? row.map((label) => label - 1) : [0]));
    const result = runLoss({
      kind: 'ctc',
      logits: blankLast(logits),
      lengths: inputLengths,
      labelIndices: filled.flatMap((row, n) => row.flatMap((_, k) => [n, k])),
      labelValues: filled.flat(),
      isEmpty: labels.map((row) => (row.length > 0 ? 0 : 1)),
    });
    test('losses equal PyTorch', () => expectClose(result.losses, negLogLikelihood));
    test('gradients equal PyTorch', () => expectClose(result.gradient, flat(blankLast(logitsGrad))));
  },
);

describe('framewise cross-entropy', () => {
  const reference = readReference<{
    logits: Nested;
    labels: number[][];
    mask: number[][];
    meanCrossEntropy: number;
    logitsGrad: Nested;
  }>('framewise-cross-entropy');
  const lengths = (reference.mask[0] ?? []).map((_, n) => reference.mask.filter((row) => row[n] === 1).length);
  const frames = lengths.reduce((sum, length) => sum + length, 0);
  const result = runLoss({
    kind: 'framewise',
    logits: reference.logits,
    lengths,
    labelIndices: [],
    labelValues: reference.labels.flat(),
    isEmpty: [],
  });
  test('the mean over frames equals PyTorch', () => {
    expect(result.losses.reduce((sum, loss) => sum + loss) / frames).toBeCloseTo(reference.meanCrossEntropy, 5);
  });
  test('gradients equal PyTorch', () => {
    expectClose(
      result.gradient.map((value) => value / frames),
      flat(reference.logitsGrad),
    );
  });
});

describe('a loss with smoothing and class weights equals its reading in double precision', () => {
  const [T, N, C] = [4, 3, 4];
  const lengths = [4, 2, 3];
  const random = makeRandom(3);
  const logits = Array.from({ length: T }, () =>
    Array.from({ length: N }, () => Array.from({ length: C }, () => 4 * random() - 2)),
  );
  const expectSame = (labels: number[][], given: Omit<LossCase, 'logits' | 'lengths'>, settings: LossSettings) => {
    const batch: LabelledBatch = {
      ...{ features: new Float32Array(T * N), T, N, D: 1 },
      lengths: Int32Array.from(lengths),
      labels: labels.map((row) => Int32Array.from(row)),
      rowWeights: new Float32Array(N).fill(1),
    };
    const result = runLoss({ logits, lengths, ...given }, settings);
    const expected = batchLoss({ kind: given.kind, classes: C }, flat(logits), batch, settings);
    expectClose(result.losses, expected.losses, 1e-5);
    expectClose(result.gradient, expected.gradient, 1e-5);
  };

  test.each<LossSettings>([
    { labelSmoothing: 0.1, classWeights: null },
    { labelSmoothing: 0, classWeights: [1, 0.5, 3, 0] },
    { labelSmoothing: 0.2, classWeights: [1, 0.5, 3, 0] },
  ])('frame by frame, smoothing $labelSmoothing, weights $classWeights', (settings) => {
    const labels = [
      [0, 1, 2, 3],
      [2, 2],
      [3, 0, 1],
    ];
    const labelValues = Array.from({ length: T }, (_, t) => labels.map((row) => row[t] ?? 0)).flat();
    expectSame(labels, { kind: 'framewise', labelIndices: [], labelValues, isEmpty: [] }, settings);
  });

  test.each([1, 30])('labels together, the orders %d nats apart', (apart) => {
    const labels = [[0, 1, 2, 3], [2, 2], [3, 0, 1]]; // prettier-ignore
    const labelValues = Array.from({ length: T }, (_, t) => labels.map((row) => row[t] ?? 0)).flat();
    const order = Array.from({ length: (C + 1) * C }, () => apart * (random() - 0.5));
    const given = { kind: 'framewise', labelIndices: [], labelValues, isEmpty: [] } as const;
    expectSame(labels, given, { ...PLAIN_LOSS, order });
  });

  test('CTC, empty texts too', () => {
    const labelIndices = [0, 0, 0, 1, 1, 0, 2, 0];
    const rows = { kind: 'ctc', labelIndices, labelValues: [1, 2, 0, 2], isEmpty: [0, 1, 0] } as const;
    expectSame([[1, 2], [], [2]], rows, { labelSmoothing: 0.1, classWeights: null });
  });
});

describe('labels that cannot be', () => {
  const spec = ctcNetwork(['forward']);
  const program = openCompiledProgram(spec, initialParameters(spec, 1));
  const withLabels = (labels: number[][]): LabelledBatch => ({
    ...makeBatch(spec, [6, 3], 6),
    labels: labels.map((row) => Int32Array.from(row)),
  });
  test('a text too long for its frames is refused, and its row is named', async () => {
    await expect(program.losses(withLabels([[1], [1, 2, 3, 0]]))).rejects.toMatchObject({
      code: 'batch.labelTooLong',
      params: { row: 1, frames: 3, required: 4 },
    });
  });
  test('a repeat needs a frame for the blank between', async () => {
    await expect(program.losses(withLabels([[1], [1, 1, 2]]))).rejects.toMatchObject({ params: { required: 4 } });
  });
  test('the blank is no label', async () => {
    await expect(program.losses(withLabels([[1], [4]]))).rejects.toThrow('Expected labels from 0 to 3 in row 1');
  });
});
