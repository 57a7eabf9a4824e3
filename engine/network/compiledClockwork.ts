// The Clockwork's recurrence with a body of U steps, as functions that XLA compiles: which modules are due at each of them is
// known when the body is written, so the others are not computed. See unrolledClock.ts.
//
// Letters: B bodies, U steps of one, N sequences, H units; K units of the modules due at a step, the first ones. Steps are in
// the order of reading, each sequence from its own first one. Past its end a sequence runs on: whoever calls sets those
// outputs and their gradients to 0.
import { moduleBackward, moduleUpdate } from '../cells/clockwork';
import { GraphMath } from '../cells/graphMath';
import { DataType } from '../graph/attributes';
import { defineLoop, record, type FunctionLibrary, type Types, type Values } from '../graph/functions';
import type { FunctionSignature, Graph, Value } from '../graph/graph';
import { atTime, element, setAtTime, shape, sizeOf, zeros } from './compiledLoop';
import type { UnrolledClock } from './unrolledClock';

const { float, int32 } = DataType;

export interface ClockworkParts {
  /** Of the cell: fit for a function's name. */
  readonly key: string;
  /** H */
  readonly units: number;
  readonly clock: UnrolledClock;
  /** Whether a mask thins out what the recurrent products multiply. */
  readonly isThinned: boolean;
}

/** Every K that there is, rising. */
export const dueWidths = ({ units, clock }: ClockworkParts): readonly number[] =>
  [...new Set(clock.due)]
    .filter((modules) => modules > 0)
    .sort((a, b) => a - b)
    .map((modules) => (modules * units) / clock.bodies.length);
const widthAt = ({ units, clock }: ClockworkParts, step: number): number =>
  (clock.due[step]! * units) / clock.bodies.length;

const floats = (names: readonly string[]): Types<string> => record(names, () => float);
const maskType = ({ isThinned }: ClockworkParts): Types<string> => (isThinned ? { recurrentMask: float } : {});
const nameOf = ({ key, isThinned }: ClockworkParts, ending: string): string =>
  `${key}${isThinned ? '_thinned' : ''}_unrolled_${ending}`;
const isRunning = (graph: Graph, v: Values<string>): Value => graph.less(v['body']!, v['bodies']!);
const firstColumns = (graph: Graph, values: Value, width: number): Value => graph.slice(values, [0, 0], [-1, width]);
/** The first K columns of values [B·U, N, H] at one time. */
function columnsAt(graph: Graph, values: Value, time: Value, width: number): Value {
  const size = shape(graph, 1, sizeOf(graph, values, 1), width);
  return graph.squeeze(graph.dynamicSlice(values, [time, 0, 0], size), 0);
}
/** 1 where the modules of periods longer than the body are due in it, 0 where they wait: [1, H]; null: none has such a period. */
function dueInBody(graph: Graph, { units, clock }: ClockworkParts, body: Value): Value | null {
  if (clock.bodies.every((bodies) => bodies === 1)) return null;
  const width = units / clock.bodies.length;
  const ofUnits = Int32Array.from({ length: units }, (_, unit) => clock.bodies[Math.floor(unit / width)]!);
  const remainder = graph.binary('FloorMod', body, graph.constant([1, units], ofUnits));
  return graph.cast(graph.binary('Equal', remainder, graph.int(0), DataType.bool), float);
}
const thinned = (graph: Graph, v: Values<string>, value: Value): Value =>
  v['recurrentMask'] === undefined ? value : graph.multiply(value, v['recurrentMask']);
const oneMinus = (graph: Graph, value: Value): Value => graph.subtract(graph.float(1), value);
/** `first` [N, K] in place of the first columns of `all` [N, H]. */
const withFirst = (graph: Graph, all: Value, first: Value): Value => graph.dynamicUpdate(all, first, [0, 0]);

/** Arguments of the forward function, in this order. */
export const forwardArguments = (parts: ClockworkParts): Types<string> => ({
  /** [B·U, N, H] x·W + b */
  projection: float,
  /** [H, K] the first columns of Wh, for every K */
  ...floats(dueWidths(parts).map((width) => `weights${width}`)),
  ...maskType(parts),
  /** [N, H] the first state */
  hidden: float,
  /** How many are run. */
  bodies: int32,
});

/** Results: history [B·U + 1, N, H], the first state and that after each step; keepAlive. */
export function defineForward(library: FunctionLibrary, parts: ClockworkParts): FunctionSignature {
  const name = nameOf(parts, 'forward');
  const variables = { ...forwardArguments(parts), ...floats(['history', 'keepAlive']), body: int32 } as Types<string>;
  const loop = defineLoop(library, name, variables, isRunning, (graph, v) => forwardBody(graph, parts, v));
  return library.define(
    name,
    forwardArguments(parts),
    (graph, a) => {
      const hidden = a['hidden']!;
      const slots = graph.add(sizeOf(graph, a['projection']!, 0), graph.ints(1));
      const done = loop(graph, {
        ...a,
        history: setAtTime(graph, zeros(graph, slots, graph.shapeOf(hidden)), graph.int(0), hidden),
        keepAlive: zeros(graph, 1, 1),
        body: graph.int(0),
      });
      return [done['history']!, done['keepAlive']!];
    },
    { isCompiled: true },
  );
}

function forwardBody(graph: Graph, parts: ClockworkParts, v: Values<string>): Values<string> {
  const { clock } = parts;
  const math = new GraphMath(graph, 'plain');
  const body = v['body']!;
  let hidden = v['hidden']!;
  let history = v['history']!;
  const kept: Value[] = [];
  for (let step = 0; step < clock.steps; step++) {
    const width = widthAt(parts, step);
    const time = graph.add(graph.multiply(body, graph.int(clock.steps)), graph.int(step));
    if (width > 0) {
      const product = graph.matmul(thinned(graph, v, hidden), v[`weights${width}`]!);
      const updated = moduleUpdate(math, [columnsAt(graph, v['projection']!, time, width), product]);
      const isDue = step === 0 ? dueInBody(graph, parts, body) : null;
      hidden =
        isDue === null
          ? withFirst(graph, hidden, updated)
          : graph.add(graph.multiply(isDue, updated), graph.multiply(oneMinus(graph, isDue), hidden));
      kept.push(element(graph, product), element(graph, hidden));
    }
    history = setAtTime(graph, history, graph.add(time, graph.int(1)), hidden);
  }
  return {
    body: graph.add(body, graph.int(1)),
    hidden,
    history,
    // As in compiledCell.ts: what is carried past the squashing is not squashed in place, which is not vectorised.
    keepAlive: kept.reduce((sum, value) => graph.add(sum, value)),
  };
}

/** Arguments of the way back, in this order. */
export const backwardArguments = (parts: ClockworkParts): Types<string> => ({
  /** [B·U, N, H] ∂L/∂output */
  outputGradient: float,
  history: float,
  /** [K, H] transposed, for every K */
  ...floats(dueWidths(parts).map((width) => `transposed${width}`)),
  ...maskType(parts),
  bodies: int32,
});
/** Results: ∂L/∂(x·W + b) [B·U, N, H], 0 where a module is not due; ∂L/∂(the first state) [N, H]. */
export function defineBackward(library: FunctionLibrary, parts: ClockworkParts): FunctionSignature {
  const name = nameOf(parts, 'back');
  const variables = {
    ...backwardArguments(parts),
    ...floats(['sumGradient', 'stateGradient']),
    body: int32,
  } as Types<string>;
  const loop = defineLoop(library, name, variables, isRunning, (graph, v) => backwardBody(graph, parts, v));
  return library.define(
    name,
    backwardArguments(parts),
    (graph, a) => {
      const outputGradient = a['outputGradient']!;
      const done = loop(graph, {
        ...a,
        sumGradient: zeros(graph, graph.shapeOf(outputGradient)),
        stateGradient: zeros(graph, sizeOf(graph, outputGradient, 1), parts.units),
        body: graph.int(0),
      });
      return [done['sumGradient']!, done['stateGradient']!];
    },
    { isCompiled: true },
  );
}

/** The steps of a body from last to first. */
function backwardBody(graph: Graph, parts: ClockworkParts, v: Values<string>): Values<string> {
  const { clock } = parts;
  const math = new GraphMath(graph, 'plain');
  const body = graph.subtract(graph.subtract(v['bodies']!, graph.int(1)), v['body']!);
  let sumGradient = v['sumGradient']!;
  let stateGradient = v['stateGradient']!;
  for (let step = clock.steps - 1; step >= 0; step--) {
    const width = widthAt(parts, step);
    const time = graph.add(graph.multiply(body, graph.int(clock.steps)), graph.int(step));
    const dh = graph.add(stateGradient, atTime(graph, v['outputGradient']!, time));
    stateGradient = dh;
    if (width === 0) continue;
    const after = columnsAt(graph, v['history']!, graph.add(time, graph.int(1)), width);
    const isDue = step === 0 ? dueInBody(graph, parts, body) : null;
    const back = moduleBackward(math, after, firstColumns(graph, dh, width));
    const dz = isDue === null ? back : graph.multiply(isDue, back);
    sumGradient = graph.dynamicUpdate(sumGradient, graph.expandDims(dz, 0), [time, 0, 0]);
    const through = thinned(graph, v, graph.matmul(dz, v[`transposed${width}`]!));
    const waiting =
      isDue === null
        ? withFirst(graph, dh, zeros(graph, sizeOf(graph, dh, 0), width))
        : graph.multiply(oneMinus(graph, isDue), dh);
    stateGradient = graph.add(through, waiting);
  }
  return { body: graph.add(v['body']!, graph.int(1)), sumGradient, stateGradient };
}
