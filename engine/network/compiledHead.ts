// Head and loss: logits, the loss of every row, and its gradient.
import type { NetworkSpec } from '../../app/contract/network';
import { attribute, DataType } from '../graph/attributes';
import type { Graph, Value } from '../graph/graph';
import { columnSums, parameterOf, withLastAxis, type ParameterValues } from './compiledPass';

const { float, int32, int64, bool } = DataType;

export interface HeadPass {
  /** [T, N, C] */
  readonly logits: Value;
  /** From ∂L/∂logits [T, N, C] to ∂L/∂input [T, N, inputs]; the head's gradients go into `gradients`. */
  backward(logitsGradient: Value, gradients: Map<string, Value>): Value;
}
/** logits = x·W + b over x [T, N, inputs]. */
export function buildHead(
  graph: Graph,
  x: Value,
  inputs: number,
  classes: number,
  parameters: ParameterValues,
): HeadPass {
  const weights = parameterOf(parameters, 'head.weights');
  const leading = graph.slice(graph.shapeOf(x), [0], [2]);
  const rows = graph.reshape(x, graph.ints(-1, inputs));
  const logits = graph.biasAdd(graph.matmul(rows, weights), parameterOf(parameters, 'head.bias'));
  return {
    logits: withLastAxis(graph, logits, leading, classes),
    backward: (logitsGradient, gradients) => {
      const gradient = graph.reshape(logitsGradient, graph.ints(-1, classes));
      gradients.set('head.weights', graph.matmul(rows, gradient, { transposeA: true }));
      gradients.set('head.bias', columnSums(graph, gradient, classes));
      return withLastAxis(graph, graph.matmul(gradient, weights, { transposeB: true }), leading, inputs);
    },
  };
}

/** What a loss is computed against; placeholders of the graph. */
export interface LossInputs {
  /** [N] */
  readonly lengths: Value;
  /** CTC: [K, 2] int32, (row, position) of each label, sorted. Framewise: not used. */
  readonly labelIndices: Value;
  /** CTC: [K] int32, a 0 for each empty row. Framewise: [T·N] int32, any class at masked frames. */
  readonly labelValues: Value;
  /** CTC: [N] int32, 1 for rows without a label. Framewise: not used. */
  readonly isEmpty: Value;
}
export interface LossPass {
  /** [N], in nats */
  readonly losses: Value;
  /** [T, N, C] of the unweighted losses; 0 past a sequence's end */
  readonly logitsGradient: Value;
}

export function buildLoss(graph: Graph, head: NetworkSpec['head'], logits: Value, inputs: LossInputs): LossPass {
  switch (head.kind) {
    case 'ctc':
      return ctcLoss(graph, logits, head.classes, inputs);
    case 'framewise':
      return framewiseLoss(graph, logits, head.classes, inputs);
  }
}

/**
 * Connectionist temporal classification (Graves et al. 2006), the blank as the last class. TensorFlow's kernel takes no
 * empty label: such a row goes in with a stand-in label and its loss −Σ log p(blank) is put in beside it.
 */
function ctcLoss(graph: Graph, logits: Value, classes: number, inputs: LossInputs): LossPass {
  const attr = {
    T: attribute.type(float),
    preprocess_collapse_repeated: attribute.bool(false),
    ctc_merge_repeated: attribute.bool(true),
    ignore_longer_outputs_than_inputs: attribute.bool(false),
  };
  const [losses, gradient] = graph.results(
    'CTCLoss',
    [logits, graph.cast(inputs.labelIndices, int64), inputs.labelValues, inputs.lengths],
    attr,
    [float, float],
  ) as [Value, Value];
  const blank = allBlank(graph, logits, classes, inputs.lengths);
  const isEmpty = graph.cast(inputs.isEmpty, bool);
  return {
    losses: graph.select(isEmpty, blank.losses, losses),
    logitsGradient: graph.select(graph.expandDims(isEmpty, 1), blank.logitsGradient, gradient),
  };
}

/** −Σₜ log p(blank) and its gradient: what CTC is for an empty label. */
function allBlank(graph: Graph, logits: Value, classes: number, lengths: Value): LossPass {
  const leading = graph.slice(graph.shapeOf(logits), [0], [2]);
  const isBlank = Float32Array.from({ length: classes }, (_, index) => (index === classes - 1 ? 1 : 0));
  const blank = graph.constant([classes], isBlank);
  const mask = frameMask(graph, leading, lengths);
  const rows = graph.reshape(logits, graph.ints(-1, classes));
  const logProbabilities = graph.result('LogSoftmax', [rows], { T: attribute.type(float) }, float);
  const probabilities = graph.unary('Exp', logProbabilities);
  const ofBlank = graph.reshape(graph.reduce('Sum', graph.multiply(logProbabilities, blank), [1]), leading);
  return {
    losses: graph.unary('Neg', graph.reduce('Sum', graph.multiply(ofBlank, mask), [0])),
    logitsGradient: graph.multiply(
      withLastAxis(graph, graph.subtract(probabilities, blank), leading, classes),
      graph.expandDims(mask, 2),
    ),
  };
}

/** Cross-entropy of every frame, summed over a row's frames. */
function framewiseLoss(graph: Graph, logits: Value, classes: number, inputs: LossInputs): LossPass {
  const leading = graph.slice(graph.shapeOf(logits), [0], [2]);
  const mask = frameMask(graph, leading, inputs.lengths);
  const [losses, gradient] = graph.results(
    'SparseSoftmaxCrossEntropyWithLogits',
    [graph.reshape(logits, graph.ints(-1, classes)), inputs.labelValues],
    { T: attribute.type(float), Tlabels: attribute.type(int32) },
    [float, float],
  ) as [Value, Value];
  return {
    losses: graph.reduce('Sum', graph.multiply(graph.reshape(losses, leading), mask), [0]),
    logitsGradient: graph.multiply(withLastAxis(graph, gradient, leading, classes), graph.expandDims(mask, 2)),
  };
}

/** 1 where a frame belongs to its sequence, else 0: [T, N] */
export function frameMask(graph: Graph, leading: Value, lengths: Value): Value {
  const T = graph.squeeze(graph.slice(leading, [0], [1]), 0);
  const times = graph.result('Range', [graph.int(0), T, graph.int(1)], { Tidx: attribute.type(int32) }, int32);
  return graph.cast(graph.less(graph.expandDims(times, 1), lengths), float);
}
