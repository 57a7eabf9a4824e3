// The recurrence itself, as two functions that XLA compiles: one forward in time, one back through it.
//
// Letters: T compiled length, N sequences, H units. A function knows only H; T and N are its arguments' shapes, and the
// direction of reading is a pair of run-time numbers (firstTime, timeStep). So all layers of H units and both directions
// share one forward and one backward program for each (T, N). The trip count is a run-time number too: a program may be
// compiled longer than its sequences.
//
// Step `time` belongs to sequence n where time < lengths[n]. Elsewhere the state stands still, the output is 0 and no
// gradient passes. A reverse reading starts at the last step with the zero state, so every sequence starts at its own end.
import { GraphMath } from '../cells/graphMath';
import { LSTM_GATES, lstmBackward, lstmDerivatives, lstmStep, type LstmDerivatives } from '../cells/lstm';
import { DataType } from '../graph/attributes';
import { defineLoop, type FunctionLibrary } from '../graph/functions';
import type { FunctionSignature, Graph, Value } from '../graph/graph';

const { float, int32 } = DataType;
const GATES = LSTM_GATES.length;

const CLOCK = { step: int32, steps: int32, time: int32, timeStep: int32 } as const;
type Clock = Readonly<Record<keyof typeof CLOCK, Value>>;
const isRunning = (graph: Graph, { step, steps }: Clock): Value => graph.less(step, steps);
const tick = (graph: Graph, { step, time, timeStep }: Clock): Pick<Clock, 'step' | 'time'> => ({
  step: graph.add(step, graph.int(1)),
  time: graph.add(time, timeStep),
});

/** Sizes as one shape vector; a number or a one-element vector each. */
const shape = (graph: Graph, ...sizes: (number | Value)[]): Value =>
  graph.concat(
    sizes.map((size) => (typeof size === 'number' ? graph.ints(size) : size)),
    0,
  );
const zeros = (graph: Graph, ...sizes: (number | Value)[]): Value => graph.fill(shape(graph, ...sizes), graph.float(0));
/** Size of one axis, as a vector of one element. */
const sizeOf = (graph: Graph, value: Value, axis: number): Value => graph.slice(graph.shapeOf(value), [axis], [1]);

/** values [T, N, K] at one time: [N, K] */
function atTime(graph: Graph, values: Value, time: Value): Value {
  const size = shape(graph, 1, graph.slice(graph.shapeOf(values), [1], [2]));
  return graph.squeeze(graph.dynamicSlice(values, [time, 0, 0], size), 0);
}
const setAtTime = (graph: Graph, values: Value, time: Value, value: Value): Value =>
  graph.dynamicUpdate(values, graph.expandDims(value, 0), [time, 0, 0]);
/** 1 where the step belongs to the sequence, else 0: [N, 1] */
const stepMask = (graph: Graph, time: Value, lengths: Value): Value =>
  graph.expandDims(graph.cast(graph.less(time, lengths), float), 1);

/** Results of the forward function, in their order; the last three only in training. */
export const FORWARD_RESULTS = {
  /** [T+1, N, H] outputs, 0 at masked steps; forward reading: step t in slot t+1, reverse reading: in slot t. */
  states: 0,
  keepAlive: 1,
  /** [T, N, 4, H] ∂c′/∂z of i, f, g and ∂h′/∂z of o */
  gates: 2,
  /** [T, N, H] ∂h′/∂c′ */
  cell: 3,
  /** [T, N, H] ∂c′/∂c */
  forget: 4,
} as const;

const FORWARD_ARGUMENTS = {
  /** [T, N, 4H] x·Wx + b, scaled by gateScale */
  projection: float,
  /** [H, 4H] Wh, scaled by gateScale */
  recurrent: float,
  /** [N] */
  lengths: int32,
  /** [N, H] the state before the first step. Not zero: only where a reverse reading has all lengths equal. */
  h: float,
  c: float,
  firstTime: int32,
  timeStep: int32,
  steps: int32,
} as const;

/** One step of the forward loop: everything but the stored derivatives. */
function forwardStep(
  graph: Graph,
  v: Readonly<Record<'projection' | 'recurrent' | 'lengths' | 'time' | 'slotOffset' | 'h' | 'c' | 'states', Value>>,
) {
  const math = new GraphMath(graph, 'scaled');
  const mask = stepMask(graph, v.time, v.lengths);
  const frozen = graph.subtract(graph.float(1), mask);
  const product = graph.matmul(v.h, v.recurrent);
  const step = lstmStep(math, graph.add(atTime(graph, v.projection, v.time), product), v.c);
  const output = graph.multiply(mask, step.h);
  // Carrying one element of these past the tanh keeps XLA from computing the tanh in place, which LLVM does not vectorise.
  const element = (value: Value): Value => graph.slice(value, [0, 0], [1, 1]);
  return {
    step,
    changed: {
      h: graph.add(output, graph.multiply(frozen, v.h)),
      c: graph.add(graph.multiply(mask, step.c), graph.multiply(frozen, v.c)),
      states: setAtTime(graph, v.states, graph.add(v.time, v.slotOffset), output),
      keepAlive: graph.add(graph.add(element(product), element(v.c)), element(step.h)),
    },
  };
}

const FORWARD_VARIABLES = {
  ...CLOCK,
  projection: float,
  recurrent: float,
  lengths: int32,
  slotOffset: int32,
  h: float,
  c: float,
  states: float,
  keepAlive: float,
} as const;
const TRAINING_VARIABLES = { ...FORWARD_VARIABLES, gates: float, cell: float, forget: float } as const;

/** First values of the forward loop's variables. */
function forwardStart(graph: Graph, a: Readonly<Record<keyof typeof FORWARD_ARGUMENTS, Value>>) {
  const T = sizeOf(graph, a.projection, 0);
  const slotOffset = graph.binary('Maximum', a.timeStep, graph.int(0));
  const states = zeros(graph, graph.add(T, graph.ints(1)), graph.shapeOf(a.h));
  const beforeFirst = graph.subtract(graph.add(a.firstTime, slotOffset), a.timeStep);
  return {
    ...a,
    step: graph.int(0),
    time: a.firstTime,
    slotOffset,
    states: setAtTime(graph, states, beforeFirst, a.h),
    keepAlive: zeros(graph, 1, 1),
  };
}

/** The forward function without derivatives, for recognition. Arguments: FORWARD_ARGUMENTS. */
export function defineInference(library: FunctionLibrary, units: number): FunctionSignature {
  const name = `lstm_infer_${units}`;
  const loop = defineLoop(library, name, FORWARD_VARIABLES, isRunning, (graph, v) => ({
    ...tick(graph, v),
    ...forwardStep(graph, v).changed,
  }));
  return library.define(
    name,
    FORWARD_ARGUMENTS,
    (graph, a) => {
      const result = loop(graph, forwardStart(graph, a));
      return [result.states, result.keepAlive];
    },
    { isCompiled: true },
  );
}

/** The forward function that also stores the local derivatives which the way back needs. Arguments: FORWARD_ARGUMENTS. */
export function defineTraining(library: FunctionLibrary, units: number): FunctionSignature {
  const name = `lstm_train_${units}`;
  const loop = defineLoop(library, name, TRAINING_VARIABLES, isRunning, (graph, v) => {
    const { step, changed } = forwardStep(graph, v);
    const derivatives = lstmDerivatives(new GraphMath(graph, 'scaled'), step, v.c);
    // Straight into the big array, gate by gate: a concatenation would cost a copy.
    const gates = derivatives.gates.reduce(
      (array, value, gate) =>
        graph.dynamicUpdate(array, graph.expandDims(graph.expandDims(value, 0), 2), [v.time, 0, gate, 0]),
      v.gates,
    );
    return {
      ...tick(graph, v),
      ...changed,
      gates,
      cell: setAtTime(graph, v.cell, v.time, derivatives.cell),
      forget: setAtTime(graph, v.forget, v.time, derivatives.forget),
    };
  });
  return library.define(
    name,
    FORWARD_ARGUMENTS,
    (graph, a) => {
      const T = sizeOf(graph, a.projection, 0);
      const N = sizeOf(graph, a.projection, 1);
      const result = loop(graph, {
        ...forwardStart(graph, a),
        gates: zeros(graph, T, N, GATES, units),
        cell: zeros(graph, T, N, units),
        forget: zeros(graph, T, N, units),
      });
      return [result.states, result.keepAlive, result.gates, result.cell, result.forget];
    },
    { isCompiled: true },
  );
}

const BACKWARD_ARGUMENTS = {
  /** [T, N, ≥ H] ∂L/∂output, read from column columnOffset on */
  outputGradient: float,
  columnOffset: int32,
  gates: float,
  cell: float,
  forget: float,
  /** [4H, H] Wh transposed, unscaled */
  recurrentTransposed: float,
  lengths: int32,
  firstTime: int32,
  timeStep: int32,
  steps: int32,
} as const;
const BACKWARD_VARIABLES = {
  ...CLOCK,
  outputGradient: float,
  columnOffset: int32,
  gates: float,
  cell: float,
  forget: float,
  recurrentTransposed: float,
  lengths: int32,
  hGradient: float,
  cGradient: float,
  /** [N, 4, H], a buffer that every step writes anew */
  dz: float,
  gateGradients: float,
} as const;

/** The way back, in the opposite order of time. Result: ∂L/∂z [T, N, 4H], 0 at masked steps. */
export function defineBackward(library: FunctionLibrary, units: number): FunctionSignature {
  const name = `lstm_backward_${units}`;
  const loop = defineLoop(library, name, BACKWARD_VARIABLES, isRunning, (graph, v) => {
    const mask = stepMask(graph, v.time, v.lengths);
    const N = sizeOf(graph, v.forget, 1);
    const fromOutput = graph.squeeze(
      graph.dynamicSlice(v.outputGradient, [v.time, 0, v.columnOffset], shape(graph, 1, N, units)),
      0,
    );
    const gate = (index: number): Value => {
      const values = graph.dynamicSlice(v.gates, [v.time, 0, index, 0], shape(graph, 1, N, 1, units));
      return graph.squeeze(graph.squeeze(values, 2), 0);
    };
    const derivatives: LstmDerivatives<Value> = {
      gates: [gate(0), gate(1), gate(2), gate(3)],
      cell: atTime(graph, v.cell, v.time),
      forget: atTime(graph, v.forget, v.time),
    };
    const dh = graph.multiply(mask, graph.add(fromOutput, v.hGradient));
    const back = lstmBackward(new GraphMath(graph, 'scaled'), derivatives, dh, graph.multiply(mask, v.cGradient));
    const dz = back.dz.reduce(
      (array, value, index) => graph.dynamicUpdate(array, graph.expandDims(value, 1), [0, index, 0]),
      v.dz,
    );
    const flat = graph.reshape(dz, graph.ints(-1, GATES * units));
    return {
      ...tick(graph, v),
      dz,
      hGradient: graph.matmul(flat, v.recurrentTransposed),
      cGradient: back.dc,
      gateGradients: setAtTime(graph, v.gateGradients, v.time, flat),
    };
  });
  return library.define(
    name,
    BACKWARD_ARGUMENTS,
    (graph, { firstTime, ...a }) => {
      const T = sizeOf(graph, a.forget, 0);
      const N = sizeOf(graph, a.forget, 1);
      const result = loop(graph, {
        ...a,
        step: graph.int(0),
        time: firstTime,
        hGradient: zeros(graph, N, units),
        cGradient: zeros(graph, N, units),
        dz: zeros(graph, N, GATES, units),
        gateGradients: zeros(graph, T, N, GATES * units),
      });
      return [result.gateGradients];
    },
    { isCompiled: true },
  );
}
