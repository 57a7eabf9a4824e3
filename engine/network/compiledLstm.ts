// The LSTM's recurrence with a way back of its own making, as two functions that XLA compiles: one forward in time, one back
// through it. It is faster than the one that TensorFlow derives. See compiledLoop.ts for T, N and masks; H units.
//
// For a state that starts at zero, or a forward reading: elsewhere the masked rows of `states` would lack the first state.
import { GraphMath } from '../cells/graphMath';
import { LSTM_GATES, lstmBackward, lstmDerivatives, lstmStep, type LstmDerivatives } from '../cells/lstm';
import { DataType } from '../graph/attributes';
import { defineLoop, type FunctionLibrary } from '../graph/functions';
import type { FunctionSignature, Graph, Value } from '../graph/graph';
import {
  atTime,
  CLOCK,
  columnsAtTime,
  element,
  isRunning,
  setAtTime,
  shape,
  sizeOf,
  stepMask,
  tick,
  zeros,
} from './compiledLoop';

const { float, int32 } = DataType;
const GATES = LSTM_GATES.length;

/** Results of the forward function, in their order; those after the first two only in training. */
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
  /** [N, H] the state after the last step */
  finalHidden: 5,
  finalCell: 6,
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
  return {
    step,
    changed: {
      h: graph.add(output, graph.multiply(frozen, v.h)),
      c: graph.add(graph.multiply(mask, step.c), graph.multiply(frozen, v.c)),
      states: setAtTime(graph, v.states, graph.add(v.time, v.slotOffset), output),
      keepAlive: graph.add(graph.add(element(graph, product), element(graph, v.c)), element(graph, step.h)),
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
export function defineLstmInference(library: FunctionLibrary, units: number): FunctionSignature {
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
export function defineLstmTraining(library: FunctionLibrary, units: number): FunctionSignature {
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
      return [result.states, result.keepAlive, result.gates, result.cell, result.forget, result.h, result.c];
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
export function defineLstmBackward(library: FunctionLibrary, units: number): FunctionSignature {
  const name = `lstm_backward_${units}`;
  const loop = defineLoop(library, name, BACKWARD_VARIABLES, isRunning, (graph, v) => {
    const mask = stepMask(graph, v.time, v.lengths);
    const N = sizeOf(graph, v.forget, 1);
    const fromOutput = columnsAtTime(graph, v.outputGradient, v.time, v.columnOffset, units);
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
