// The loss of every row of a batch, and its gradient.
import type { HeadSpec } from '../../app/contract/network';
import { unreachable } from '../../app/errors';
import { attribute, DataType } from '../graph/attributes';
import type { FunctionLibrary } from '../graph/functions';
import type { Graph, Value } from '../graph/graph';
import type { LossSettings } from '../training/trainingRule';
import { buildOrderLoss } from './compiledOrderLoss';
import type { LossInputs, LossPass } from './compiledLossPass';
import { withLastAxis } from './compiledPass';
import { frameMask } from './compiledMask';

const { float, int32, int64, bool } = DataType;

/** @param logits [T, N, C], or [1, N, C] where the head answers once */
export function buildLoss(
  graph: Graph,
  library: FunctionLibrary,
  { head: { kind, classes }, logits }: { readonly head: HeadSpec; readonly logits: Value },
  inputs: LossInputs,
  settings: LossSettings,
): LossPass {
  switch (kind) {
    case 'ctc':
      return smoothedCtcLoss(graph, logits, classes, inputs, settings.labelSmoothing);
    case 'framewise':
      if (settings.order !== undefined)
        return buildOrderLoss(graph, library, { logits, classes, order: settings.order }, inputs);
      return classLoss(graph, logits, classes, inputs, settings);
    case 'lastStep':
    case 'meanPool':
    case 'maxPool':
      // One answer for a sequence is its only frame, and every sequence has a first frame.
      return classLoss(graph, logits, classes, inputs, settings);
    default:
      return unreachable(kind);
  }
}

/** (1 − ε) of CTC and ε of every frame's cross-entropy against all classes alike. */
function smoothedCtcLoss(graph: Graph, logits: Value, classes: number, inputs: LossInputs, epsilon: number): LossPass {
  const ctc = ctcLoss(graph, logits, classes, inputs);
  if (epsilon === 0) return ctc;
  const target = graph.constant([classes], new Float32Array(classes).fill(1 / classes));
  const uniform = crossEntropy(graph, logits, classes, inputs.lengths, target);
  const mixed = (a: Value, b: Value): Value =>
    graph.add(graph.multiply(a, graph.float(1 - epsilon)), graph.multiply(b, graph.float(epsilon)));
  return {
    losses: mixed(ctc.losses, uniform.losses),
    logitsGradient: mixed(ctc.logitsGradient, uniform.logitsGradient),
  };
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
  const isBlank = Float32Array.from({ length: classes }, (_, index) => (index === classes - 1 ? 1 : 0));
  const blank = crossEntropy(graph, logits, classes, inputs.lengths, graph.constant([classes], isBlank));
  const isEmpty = graph.cast(inputs.isEmpty, bool);
  return {
    losses: graph.select(isEmpty, blank.losses, losses),
    logitsGradient: graph.select(graph.expandDims(isEmpty, 1), blank.logitsGradient, gradient),
  };
}

/** Cross-entropy against one label for every frame, summed over a row's frames. */
function classLoss(
  graph: Graph,
  logits: Value,
  classes: number,
  { lengths, labelValues }: LossInputs,
  { labelSmoothing, classWeights }: LossSettings,
): LossPass {
  if (labelSmoothing === 0 && classWeights === null) return labelledLoss(graph, logits, classes, lengths, labelValues);
  const off = labelSmoothing / classes;
  const attr = { T: attribute.type(float), TI: attribute.type(int32), axis: attribute.int(-1) };
  const numbers = [graph.int(classes), graph.float(1 - labelSmoothing + off), graph.float(off)];
  const smoothed = graph.result('OneHot', [labelValues, ...numbers], attr, float);
  const targets =
    classWeights === null
      ? smoothed
      : graph.multiply(smoothed, graph.constant([classes], Float32Array.from(classWeights)));
  return crossEntropy(graph, logits, classes, lengths, targets);
}

/** The kernel for what is most usual: a target that is one class. */
function labelledLoss(graph: Graph, logits: Value, classes: number, lengths: Value, labels: Value): LossPass {
  const leading = graph.slice(graph.shapeOf(logits), [0], [2]);
  const mask = frameMask(graph, leading, lengths);
  const [losses, gradient] = graph.results(
    'SparseSoftmaxCrossEntropyWithLogits',
    [graph.reshape(logits, graph.ints(-1, classes)), labels],
    { T: attribute.type(float), Tlabels: attribute.type(int32) },
    [float, float],
  ) as [Value, Value];
  return {
    losses: graph.reduce('Sum', graph.multiply(graph.reshape(losses, leading), mask), [0]),
    logitsGradient: graph.multiply(withLastAxis(graph, gradient, leading, classes), graph.expandDims(mask, 2)),
  };
}

/**
 * −Σ targets · ln p over classes and a row's frames.
 * @param targets [C] for all frames, or [T·N, C]; they need not sum to 1
 */
function crossEntropy(graph: Graph, logits: Value, classes: number, lengths: Value, targets: Value): LossPass {
  const leading = graph.slice(graph.shapeOf(logits), [0], [2]);
  const mask = frameMask(graph, leading, lengths);
  const rows = graph.reshape(logits, graph.ints(-1, classes));
  const logProbabilities = graph.result('LogSoftmax', [rows], { T: attribute.type(float) }, float);
  const products = graph.reduce('Sum', graph.multiply(logProbabilities, targets), [1]);
  const sums = graph.reduce('Sum', graph.reshape(targets, graph.ints(-1, classes)), [1]);
  const gradient = graph.subtract(
    graph.multiply(graph.unary('Exp', logProbabilities), graph.expandDims(sums, 1)),
    targets,
  );
  return {
    losses: graph.unary('Neg', graph.reduce('Sum', graph.multiply(graph.reshape(products, leading), mask), [0])),
    logitsGradient: graph.multiply(withLastAxis(graph, gradient, leading, classes), graph.expandDims(mask, 2)),
  };
}
