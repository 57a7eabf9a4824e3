// One layer in the graph of a network: its readings, what they share, and what becomes of them.
//
// Two sweeps run at the same time, one on each of two cores: a bidirectional layer's two directions, or a forward layer's
// two halves of the batch.
import { directionsOf, isNormalised, type Direction, type LayerOf, type LayerSpec } from '../../app/contract/network';
import { cellOf } from '../cells/registry';
import type { Value } from '../graph/graph';
import { sweepCell } from './compiledCellSweep';
import { sweepClockwork } from './compiledClockworkSweep';
import { sweepLstm } from './compiledLstmSweep';
import {
  addGradient,
  at,
  columnSums,
  lengthened,
  parameterOf,
  withLastAxis,
  type ParameterValues,
  type PassContext,
  type Reading,
  type Sweep,
  type SweepGradients,
} from './compiledPass';
import { sweepTaught } from './compiledTeacher';
import type { ClockworkParts } from './compiledClockwork';
import { unrolledClock } from './unrolledClock';
import { isTaught } from './teacherForcing';
import { INITIAL_STATE_NAMES, isConcatenated, isInitialStateLearned } from './parameters';

/** A layer's states before or after its steps by direction, in the cell's order, [N, size] each; a direction left out starts as the layer says. */
export type LayerStates = ReadonlyMap<Direction, readonly Value[]>;

export interface LayerPass {
  /** [T, N, outputSize], 0 past a sequence's end */
  readonly output: Value;
  /**
   * From ∂L/∂output to ∂L/∂input [T, N, D]; the parameters' gradients go into `gradients`, those of given first states too,
   * [N, size] each. Training passes only.
   */
  backward(outputGradient: Value, gradients: Map<string, Value>): Value;
}

export interface RecurrentPass extends LayerPass {
  /** The states after the last step by direction, in the cell's order, [N, size] each. Training passes only. */
  readonly final: LayerStates;
}

interface LayerSweep {
  readonly reading: Reading;
  readonly sweep: Sweep;
}

/** What a pass lays down for a layer. */
export interface LayerOptions {
  /** A direction that is missing starts as the layer says. */
  readonly initialStates?: LayerStates;
  /** Dropout on the recurrence, [N, size of the first state]; a direction that is missing has none. */
  readonly recurrentMasks?: ReadonlyMap<Direction, Value>;
}

/** @param inputs D of x [T, N, D] */
export function buildLayer(
  context: PassContext,
  layer: LayerSpec,
  index: number,
  x: Value,
  inputs: number,
  parameters: ParameterValues,
  { initialStates = new Map(), recurrentMasks = new Map() }: LayerOptions = {},
): RecurrentPass {
  const { graph, lengths } = context;
  const directions = directionsOf(layer);
  const parts = directions.length > 1 ? 1 : context.batchParts;
  const partLengths = graph.split(lengths, parts, 0);
  const { teacher } = context;
  const told = teacher !== undefined && isTaught(layer, teacher.head) ? graph.split(teacher.labels, parts, 1) : null;
  const sweeps = graph.split(x, parts, 1).map((values, part) =>
    directions.map((direction): LayerSweep => {
      const prefix = `layer${index}.${direction}`;
      const given = initialStates.get(direction)?.map((state) => at(graph.split(state, parts, 0), part));
      const mask = recurrentMasks.get(direction);
      const reading = {
        direction,
        prefix,
        rows: graph.reshape(values, graph.ints(-1, inputs)),
        lengths: at(partLengths, part),
        leading: graph.slice(graph.shapeOf(values), [0], [2]),
        initial: given ?? firstStates(context, layer, prefix, at(partLengths, part), parameters),
        recurrentMask: mask === undefined ? null : at(graph.split(mask, parts, 0), part),
      };
      return { reading, sweep: sweepLayer(context, layer, parameters, reading, told?.[part] ?? null) };
    }),
  );
  const outputs = sweeps.map((sides) => merged(context, layer, sides));
  return {
    output: graph.concat(outputs, 1),
    final: finalStates(context, directions, sweeps),
    backward: (outputGradient, gradients) => {
      const back = graph
        .split(outputGradient, parts, 1)
        .map((gradient, part) => partBack(context, layer, inputs, parameters, at(sweeps, part), gradient, gradients));
      directions.forEach((direction, side) => {
        const name = (state: keyof typeof INITIAL_STATE_NAMES) =>
          `layer${index}.${direction}.${INITIAL_STATE_NAMES[state]}`;
        cellOf(layer).states.forEach((state, k) => {
          const ofParts = back.map(({ initial }) => at(initial, side)?.[k]);
          if (!ofParts.every((gradient) => gradient !== undefined)) return;
          const all = graph.concat(ofParts, 0);
          if (initialStates.has(direction)) gradients.set(name(state.name), all);
          else if (isInitialStateLearned(layer)) gradients.set(name(state.name), columnSums(graph, all, state.size));
        });
      });
      return graph.concat(
        back.map(({ input }) => input),
        1,
      );
    },
  };
}

/** The states of all parts of the batch together. */
function finalStates(
  { graph }: PassContext,
  directions: readonly Direction[],
  sweeps: readonly (readonly LayerSweep[])[],
): LayerStates {
  return new Map(
    directions.map((direction, side) => {
      const ofParts = sweeps.map((sides) => at(sides, side).sweep.final);
      return [
        direction,
        at(ofParts, 0).map((_, k) =>
          graph.concat(
            ofParts.map((states) => at(states, k)),
            0,
          ),
        ),
      ];
    }),
  );
}

/** The LSTM has a way back of its own where it does not need the gradient of its first state and nothing is normalised or dropped. */
function sweepLayer(
  context: PassContext,
  layer: LayerSpec,
  parameters: ParameterValues,
  reading: Reading,
  told: Value | null,
): Sweep {
  if (told !== null) return sweepTaught(context, cellOf(layer), parameters, reading, told);
  const unrolled = layer.cell === 'clockwork' ? unrolledParts(context, layer, reading) : null;
  if (unrolled !== null) return sweepClockwork(context, cellOf(layer), unrolled, parameters, reading);
  const hasOwnWayBack =
    layer.cell === 'lstm' &&
    layer.peepholes !== true &&
    !isNormalised(layer) &&
    !isInitialStateLearned(layer) &&
    reading.recurrentMask === null;
  return hasOwnWayBack
    ? sweepLstm(context, layer.units, parameters, reading)
    : sweepCell(context, cellOf(layer), parameters, reading);
}

/** null where the body of one step is as fast or faster. */
function unrolledParts(
  { clockworkBody }: PassContext,
  layer: LayerOf<'clockwork'>,
  { recurrentMask }: Reading,
): ClockworkParts | null {
  const clock = clockworkBody === 'step' ? null : unrolledClock(layer.periods);
  if (clock === null) return null;
  return { key: cellOf(layer).key, units: layer.units, clock, isThinned: recurrentMask !== null };
}

/** Zeros, or the learned states once for each row. */
function firstStates(
  { graph }: PassContext,
  layer: LayerSpec,
  prefix: string,
  lengths: Value,
  parameters: ParameterValues,
): Value[] {
  return cellOf(layer).states.map(({ name, size }) => {
    const zeros = graph.fill(graph.concat([graph.shapeOf(lengths), graph.ints(size)], 0), graph.float(0));
    return isInitialStateLearned(layer)
      ? graph.add(zeros, parameterOf(parameters, `${prefix}.${INITIAL_STATE_NAMES[name]}`))
      : zeros;
  });
}

function merged({ graph }: PassContext, layer: LayerSpec, sides: readonly LayerSweep[]): Value {
  const outputs = sides.map(({ sweep }) => sweep.output);
  return isConcatenated(layer) ? graph.concat(outputs, 2) : outputs.reduce((sum, other) => graph.add(sum, other));
}

/** The way back of one part of the batch: adds the input's and the bias's gradients and returns those of x and of the first states. */
function partBack(
  context: PassContext,
  layer: LayerSpec,
  inputs: number,
  parameters: ParameterValues,
  sides: readonly LayerSweep[],
  outputGradient: Value,
  gradients: Map<string, Value>,
): { readonly input: Value; readonly initial: readonly SweepGradients['initial'][] } {
  const { graph } = context;
  const padded = lengthened(context, outputGradient);
  const width = isConcatenated(layer) ? cellOf(layer).outputs : 0;
  const back = sides.map(({ reading: { prefix, rows }, sweep }, side) => {
    const { projection: dz, initial } = sweep.backward(padded, side * width, gradients);
    addGradient(graph, gradients, `${prefix}.inputWeights`, graph.matmul(rows, dz, { transposeA: true }));
    const bias = cellOf(layer)
      .parameters(inputs)
      .find(({ role }) => role === 'bias');
    if (bias !== undefined) addGradient(graph, gradients, `${prefix}.bias`, columnSums(graph, dz, at(bias.shape, 0)));
    const input = graph.matmul(dz, parameterOf(parameters, `${prefix}.inputWeights`), { transposeB: true });
    return { input, initial };
  });
  const sum = back.map(({ input }) => input).reduce((total, gradient) => graph.add(total, gradient));
  return {
    input: withLastAxis(graph, sum, at(sides, 0).reading.leading, inputs),
    initial: back.map(({ initial }) => initial),
  };
}
