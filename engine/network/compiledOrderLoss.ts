// The loss of a sequence's labels together in the graph of a network: see orderLoss.ts for equations and letters. Sums over all paths are
// products with exp(order), each frame's divided by its sum, so that no number runs out of range (Rabiner 1989, section V.A).
import { attribute, DataType } from '../graph/attributes';
import { defineLoop, type FunctionLibrary } from '../graph/functions';
import type { Graph, Value } from '../graph/graph';
import { shape, sizeOf, stepMask, zeros } from './compiledLoop';
import type { LossInputs, LossPass } from './compiledLossPass';
import { frameMask } from './compiledMask';

const { float, int32 } = DataType;

/** Nats below the likeliest label of a frame at which one counts no less: exp of it is a number still. */
const FAINTEST = -60;

interface OrderInputs {
  /** [T, N, C] */
  readonly logits: Value;
  readonly classes: number;
  /** [C + 1, C], finite */
  readonly order: readonly number[];
}

/** Paths over all frames of a batch; past a sequence's end they stand still. */
interface Lattice {
  /** exp of what is seen, its largest 1: [T, N, C] */
  readonly seen: Value;
  /** exp(order) without the beginning, [C, C] */
  readonly follows: Value;
  readonly lengths: Value;
  readonly steps: Value;
}

export function buildOrderLoss(
  graph: Graph,
  library: FunctionLibrary,
  { logits, classes, order }: OrderInputs,
  { lengths, labelValues }: Pick<LossInputs, 'lengths' | 'labelValues'>,
): LossPass {
  const leading = graph.slice(graph.shapeOf(logits), [0], [2]);
  const mask = frameMask(graph, leading, lengths);
  const most = graph.reduce('Max', logits, [2]);
  const below = graph.subtract(logits, graph.expandDims(most, 2));
  const seen = graph.unary('Exp', graph.binary('Maximum', below, graph.float(FAINTEST)));
  const scores = Float32Array.from(order);
  const [after, first] = [scores.slice(0, classes * classes), scores.slice(classes * classes)];
  const lattice = {
    ...{ seen, lengths, steps: graph.squeeze(sizeOf(graph, logits, 0), 0) },
    follows: graph.constant([classes, classes], after.map(Math.exp)),
  };
  const { forward, sums } = readForward(graph, library, lattice, graph.constant([1, classes], first.map(Math.exp)));
  const probabilities = readBackward(graph, library, lattice, { forward, sums });

  const attr = { T: attribute.type(float), TI: attribute.type(int32), axis: attribute.int(-1) };
  const numbers = [graph.int(classes), graph.float(1), graph.float(0)];
  const labels = graph.reshape(labelValues, leading);
  const isLabel = graph.result('OneHot', [labels, ...numbers], attr, float);
  const ofFrames = graph.reduce('Sum', graph.multiply(below, isLabel), [2]);
  const ofOrder = orderScores(graph, labels, { leading, classes, order: scores });
  const score = graph.add(ofFrames, ofOrder);
  const each = graph.multiply(graph.subtract(graph.unary('Log', sums), score), mask);
  return {
    losses: graph.reduce('Sum', each, [0]),
    logitsGradient: graph.multiply(graph.subtract(probabilities, isLabel), graph.expandDims(mask, 2)),
  };
}

/** order[y_{t−1}, y_t] of given labels [T, N]: [T, N] */
function orderScores(
  graph: Graph,
  labels: Value,
  { leading, classes, order }: { leading: Value; classes: number; order: Float32Array },
): Value {
  const N = graph.slice(leading, [1], [1]);
  const beginning = graph.fill(shape(graph, 1, N), graph.int(classes));
  const T = graph.slice(leading, [0], [1]);
  const earlier = graph.slice(graph.concat([beginning, labels], 0), [0, 0], graph.concat([T, N], 0));
  const places = graph.add(graph.multiply(earlier, graph.int(classes)), labels);
  return gather(graph, graph.constant([order.length], order), places);
}

function gather(graph: Graph, from: Value, places: Value): Value {
  const attr = {
    ...{ Tparams: attribute.type(from.dtype), Tindices: attribute.type(int32), Taxis: attribute.type(int32) },
    batch_dims: attribute.int(0),
  };
  return graph.result('GatherV2', [from, places, graph.int(0)], attr, from.dtype);
}
/** values [T, …] with those of one time written over */
function written(graph: Graph, values: Value, time: Value, value: Value): Value {
  const attr = { T: attribute.type(values.dtype), Tindices: attribute.type(int32) };
  const place = graph.expandDims(graph.expandDims(time, 0), 0);
  return graph.result('TensorScatterUpdate', [values, place, graph.expandDims(value, 0)], attr, values.dtype);
}
/** mask 1: a; mask 0: b */
const chosen = (graph: Graph, mask: Value, a: Value, b: Value): Value =>
  graph.add(graph.multiply(mask, a), graph.multiply(graph.subtract(graph.float(1), mask), b));

const FORWARD = {
  ...{ time: int32, steps: int32, lengths: int32 },
  ...{ follows: float, seen: float, state: float, forward: float, sums: float },
} as const;

/** How likely each label is after what was seen so far [T, N, C], and the sum that each frame's were divided by [T, N]. */
function readForward(graph: Graph, library: FunctionLibrary, lattice: Lattice, first: Value) {
  const loop = defineLoop(
    library,
    'order_forward',
    FORWARD,
    (inner, { time, steps }) => inner.less(time, steps),
    (inner, { time, lengths, follows, seen, state, forward, sums }) => {
      const reached = inner.multiply(inner.matmul(state, follows), gather(inner, seen, time));
      const sum = inner.reduce('Sum', reached, [1]);
      const own = inner.divide(reached, inner.expandDims(sum, 1));
      const next = chosen(inner, stepMask(inner, time, lengths), own, state);
      return {
        ...{ time: inner.add(time, inner.int(1)), state: next },
        ...{ forward: written(inner, forward, time, next), sums: written(inner, sums, time, sum) },
      };
    },
  );
  const [T, N, C] = [0, 1, 2].map((axis) => sizeOf(graph, lattice.seen, axis)) as [Value, Value, Value];
  const reached = graph.multiply(gather(graph, lattice.seen, graph.int(0)), first);
  const sum = graph.reduce('Sum', reached, [1]);
  const state = graph.divide(reached, graph.expandDims(sum, 1));
  const { forward, sums } = loop(graph, {
    ...lattice,
    ...{ time: graph.int(1), state },
    forward: written(graph, zeros(graph, T, N, C), graph.int(0), state),
    sums: written(graph, zeros(graph, T, N), graph.int(0), sum),
  });
  return { forward, sums };
}

const BACKWARD = {
  ...{ time: int32, lengths: int32, follows: float, seen: float },
  ...{ forward: float, sums: float, state: float, probabilities: float },
} as const;

/** How likely each label is at each frame after all that was seen, [T, N, C]. */
function readBackward(
  graph: Graph,
  library: FunctionLibrary,
  lattice: Lattice,
  { forward, sums }: { readonly forward: Value; readonly sums: Value },
): Value {
  const loop = defineLoop(
    library,
    'order_backward',
    BACKWARD,
    (inner, { time }) => inner.less(inner.int(-1), time),
    (inner, { time, lengths, follows, seen, forward: before, sums: all, state, probabilities }) => {
      const own = inner.multiply(gather(inner, before, time), state);
      const seenAfter = inner.divide(
        inner.multiply(gather(inner, seen, time), state),
        inner.expandDims(gather(inner, all, time), 1),
      );
      const earlier = inner.matmul(seenAfter, follows, { transposeB: true });
      return {
        time: inner.subtract(time, inner.int(1)),
        state: chosen(inner, stepMask(inner, time, lengths), earlier, state),
        probabilities: written(inner, probabilities, time, own),
      };
    },
  );
  const { seen, follows, lengths, steps } = lattice;
  const [T, N, C] = [0, 1, 2].map((axis) => sizeOf(graph, seen, axis)) as [Value, Value, Value];
  return loop(graph, {
    ...{ time: graph.subtract(steps, graph.int(1)), lengths, follows, seen, forward, sums },
    state: graph.fill(shape(graph, N, C), graph.float(1)),
    probabilities: zeros(graph, T, N, C),
  }).probabilities;
}
