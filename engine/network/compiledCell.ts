// Any cell's recurrence, as functions that XLA compiles. See compiledLoop.ts for T, N and masks.
//
// The step is written once (engine/cells). Forward it runs as it is. For the way back it is taken apart at its matrix
// products: as a function `step` whose arguments are the results of the products, and whose results are the new states, the
// output and what is multiplied. TensorFlow's SymbolicGradient differentiates that function inside the loop; between its
// pieces stands dz·Wᵀ. So no weight's gradient is computed in the loop: they are products over all steps, afterwards.
//
// A product of something that the step computes needs the gradient of its result first. The last product of a step has it at
// once, the one before after another differentiation, and so on; XLA computes what they have in common once.
import { noPeriods, type Cell } from '../cells/cell';
import { GraphMath } from '../cells/graphMath';
import { productsOf, type CellProduct } from '../cells/products';
import { DataType } from '../graph/attributes';
import { defineLoop, keysOf, record, type FunctionLibrary, type Types, type Values } from '../graph/functions';
import type { FunctionSignature, Graph, Value } from '../graph/graph';
import {
  atTime,
  CLOCK,
  columnsAtTime,
  element,
  isRunning,
  setAtTime,
  sizeOf,
  stepMask,
  tick,
  zeros,
} from './compiledLoop';

const { float, int32 } = DataType;

/** A cell as the compiled functions see it. Names of values: "state0", "product_recurrentWeights", "vector_…". */
export interface CellParts {
  readonly cell: Cell;
  readonly products: readonly CellProduct[];
  readonly vectors: readonly { readonly name: string; readonly size: number }[];
  /** Z */
  readonly columns: number;
  /** Whether a mask thins out what the recurrent products multiply. */
  readonly isThinned: boolean;
}
export function partsOfCell(cell: Cell, isThinned: boolean): CellParts {
  const parameters = cell.parameters(1);
  return {
    cell,
    products: productsOf(cell),
    vectors: parameters.filter(({ role }) => role === 'vector').map(({ name, shape }) => ({ name, size: shape[0]! })),
    columns: parameters.find(({ role }) => role === 'input')!.shape[1]!,
    isThinned,
  };
}
/** Products of what the step computes: their factors are stored, those of the states are there anyway. */
export const computedFactors = ({ products }: CellParts): readonly CellProduct[] =>
  products.filter(({ state }) => state === null);

const named = <A>(prefix: string, list: readonly A[], name: (item: A, index: number) => string | number) =>
  list.map((item, index) => `${prefix}${name(item, index)}`);
const floats = (names: readonly string[]): Types<string> => record(names, () => float);
const states = (prefix: string, { cell }: CellParts): string[] => named(prefix, cell.states, (_, k) => k);
const ofProducts = (prefix: string, list: readonly CellProduct[]): string[] =>
  named(prefix, list, ({ weights }) => weights);
const ofVectors = (prefix: string, { vectors }: CellParts): string[] => named(prefix, vectors, ({ name }) => name);
/** The type of the mask [N, size of the first state], where there is one. */
const maskType = ({ isThinned }: CellParts): Types<string> => (isThinned ? { recurrentMask: float } : {});
const nameOf = ({ cell, isThinned }: CellParts, ending: string): string =>
  `${cell.key}${isThinned ? '_thinned' : ''}_${ending}`;
const pick = (values: Values<string>, names: readonly string[]): Value[] => names.map((name) => values[name]!);

/** 1 where a unit is updated at `time`, else 0: [N, H]. @param isForward 1 in a forward reading, else 0. */
function dueUnits(graph: Graph, { cell }: CellParts, v: Values<string>, isForward: Value): Value {
  const { periods } = cell;
  if (periods === null) return noPeriods();
  const { time, lengths } = v as Values<'time' | 'lengths'>;
  const isReverse = graph.subtract(graph.int(1), isForward);
  const fromEnd = graph.subtract(graph.subtract(lengths, graph.int(1)), time);
  const heard = graph.add(graph.multiply(isForward, time), graph.multiply(isReverse, fromEnd));
  const remainder = graph.binary(
    'FloorMod',
    graph.expandDims(heard, 1),
    graph.constant([1, periods.length], Int32Array.from(periods)),
  );
  return graph.cast(graph.binary('Equal', remainder, graph.int(0), DataType.bool), float);
}
/** What a product multiplies, or the gradient of it, without the values that the mask drops. */
function thinned(graph: Graph, { products }: CellParts, v: Values<string>, weights: string, value: Value): Value {
  const mask = v['recurrentMask'];
  const isRecurrent = products.some((product) => product.weights === weights && product.isRecurrent);
  return mask === undefined || !isRecurrent ? value : graph.multiply(value, mask);
}
/** mask·after + (1 − mask)·before */
function held(graph: Graph, mask: Value, before: Value, after: Value): Value {
  const frozen = graph.subtract(graph.float(1), mask);
  return graph.add(graph.multiply(mask, after), graph.multiply(frozen, before));
}

/** Arguments of the forward function: everything that a sweep is given, in this order. */
export const forwardArguments = (parts: CellParts): Types<string> => ({
  /** [T, N, Z] x·W + b */
  projection: float,
  /** [from, to] each */
  ...floats(ofProducts('weights_', parts.products)),
  /** [size] each */
  ...floats(ofVectors('vector_', parts)),
  ...maskType(parts),
  /** [N] */
  lengths: int32,
  /** [N, size] each */
  ...floats(states('state', parts)),
  firstTime: int32,
  timeStep: int32,
  steps: int32,
});
/** Results of the forward function; all but the first are there only in training, for the way back. */
export const forwardResults = (parts: CellParts): readonly string[] => [
  /** [T, N, O], 0 at masked steps */
  'output',
  'keepAlive',
  /** [T, N, size] the states before each step */
  ...states('history', parts),
  /** [T, N, to] results of the products */
  ...ofProducts('product_', parts.products),
  /** [T, N, from] what was multiplied */
  ...ofProducts('factor_', computedFactors(parts)),
  /** [N, size] the states after the last step */
  ...states('final', parts),
];

/** The loop over a sequence. Arguments: forwardArguments; results: forwardResults, of which recognition has the first two. */
export function defineForward(library: FunctionLibrary, parts: CellParts, isTraining: boolean): FunctionSignature {
  const { cell } = parts;
  const name = nameOf(parts, isTraining ? 'train' : 'infer');
  const isFinal = new Set(states('final', parts));
  const kept = isTraining ? forwardResults(parts).filter((result) => !isFinal.has(result)) : ['output', 'keepAlive'];
  const variables = { ...forwardArguments(parts), ...floats(kept), ...CLOCK } as Types<string>;
  const loop = defineLoop(library, name, variables, isRunning, (graph, v) => forwardStep(graph, parts, v, isTraining));
  return library.define(
    name,
    forwardArguments(parts),
    (graph, a) => {
      const [T, N] = [sizeOf(graph, a['projection']!, 0), sizeOf(graph, a['projection']!, 1)];
      const array = (size: number): Value => zeros(graph, T, N, size);
      const done = loop(graph, {
        ...a,
        step: graph.int(0),
        time: a['firstTime']!,
        output: array(cell.outputs),
        keepAlive: zeros(graph, 1, 1),
        ...(isTraining ? arraysOf(parts, array) : {}),
      });
      return [...pick(done, kept), ...(isTraining ? pick(done, states('state', parts)) : [])];
    },
    { isCompiled: true },
  );
}
function arraysOf(parts: CellParts, array: (size: number) => Value): Values<string> {
  return {
    ...record(states('history', parts), (_, k) => array(parts.cell.states[k]!.size)),
    ...record(ofProducts('product_', parts.products), (_, k) => array(parts.products[k]!.to)),
    ...record(ofProducts('factor_', computedFactors(parts)), (_, k) => array(computedFactors(parts)[k]!.from)),
  };
}

function forwardStep(graph: Graph, parts: CellParts, v: Values<string>, isTraining: boolean): Values<string> {
  const { cell } = parts;
  const { time, lengths, timeStep } = v as Values<'time' | 'lengths' | 'timeStep'>;
  const mask = stepMask(graph, time, lengths);
  const before = pick(v, states('state', parts));
  const stored: Record<string, Value> = {};
  const store = (name: string, value: Value): void => {
    const array = v[name];
    if (array !== undefined) stored[name] = setAtTime(graph, array, time, value);
  };
  const products: Value[] = [];
  const { states: after, output } = cell.step(new GraphMath(graph, 'plain'), {
    projected: atTime(graph, v['projection']!, time),
    states: before,
    due: () => dueUnits(graph, parts, v, graph.binary('Maximum', timeStep, graph.int(0))),
    product: (weights, a) => {
      const factor = thinned(graph, parts, v, weights, a);
      const result = graph.matmul(factor, v[`weights_${weights}`]!);
      store(`product_${weights}`, result);
      store(`factor_${weights}`, factor);
      products.push(result);
      return result;
    },
    vector: (name) => v[`vector_${name}`]!,
  });
  if (isTraining) before.forEach((state, k) => store(`history${k}`, state));
  store('output', graph.multiply(mask, output));
  // Carrying one element past the squashing functions keeps XLA from computing them in place, which is not vectorised.
  const kept = [...products, ...after].map((value) => element(graph, value));
  return {
    ...tick(graph, v),
    ...stored,
    ...record(states('state', parts), (_, k) => held(graph, mask, before[k]!, after[k]!)),
    keepAlive: kept.reduce((sum, value) => graph.add(sum, value)),
  };
}

/** Arguments of the step as a function. */
const stepArguments = (parts: CellParts): Types<string> => ({
  projected: float,
  ...floats(ofProducts('product_', parts.products)),
  ...floats(states('state', parts)),
  ...(parts.cell.periods === null ? {} : { due: float }),
  ...floats(ofVectors('vector_', parts)),
});
/** The step as a function of the products' results. Results: states, output, and what computedFactors are. */
export function defineStep(library: FunctionLibrary, parts: CellParts): FunctionSignature {
  const { cell } = parts;
  return library.define(`${cell.key}_step`, stepArguments(parts), (graph, v) => {
    const factors: Value[] = [];
    const { states: after, output } = cell.step(new GraphMath(graph, 'plain'), {
      projected: v['projected']!,
      states: pick(v, states('state', parts)),
      due: () => v['due'] ?? noPeriods(),
      product: (weights, a) => {
        if (computedFactors(parts).some((product) => product.weights === weights)) factors.push(a);
        return v[`product_${weights}`]!;
      },
      vector: (name) => v[`vector_${name}`]!,
    });
    return [...after, output, ...factors];
  });
}

/** Arguments of the way back, in this order. */
export const backwardArguments = (parts: CellParts): Types<string> => ({
  /** [T, N, ≥ O] ∂L/∂output, read from column columnOffset on */
  outputGradient: float,
  columnOffset: int32,
  projection: float,
  ...floats(ofVectors('vector_', parts)),
  /** [to, from] each */
  ...floats(ofProducts('transposed_', parts.products)),
  ...floats(states('history', parts)),
  ...floats(ofProducts('product_', parts.products)),
  ...maskType(parts),
  lengths: int32,
  /** 1 where the reading, of which this is the way back, goes forward; else 0. */
  isForward: int32,
  firstTime: int32,
  timeStep: int32,
  steps: int32,
});
/** Results of the way back; all 0 at masked steps. */
export const backwardResults = (parts: CellParts): readonly string[] => [
  /** [T, N, Z] */
  'projectionGradient',
  /** [T, N, to] */
  ...ofProducts('productGradient_', parts.products),
  /** [size], sums over steps and rows */
  ...ofVectors('vectorGradient_', parts),
  /** [N, size] of the first states */
  ...states('stateGradient', parts),
];

/** The way back, in the opposite order of time. Arguments: backwardArguments; results: backwardResults. */
export function defineBackward(library: FunctionLibrary, parts: CellParts): FunctionSignature {
  const { cell, products, vectors, columns } = parts;
  const name = nameOf(parts, 'back');
  const results = backwardResults(parts);
  const variables = { ...backwardArguments(parts), ...floats(results), ...CLOCK } as Types<string>;
  const step = defineStep(library, parts);
  const loop = defineLoop(library, name, variables, isRunning, (graph, v) => backwardStep(graph, parts, step, v));
  return library.define(
    name,
    backwardArguments(parts),
    (graph, a) => {
      const [T, N] = [sizeOf(graph, a['projection']!, 0), sizeOf(graph, a['projection']!, 1)];
      const done = loop(graph, {
        ...a,
        step: graph.int(0),
        time: a['firstTime']!,
        projectionGradient: zeros(graph, T, N, columns),
        ...record(ofProducts('productGradient_', products), (_, k) => zeros(graph, T, N, products[k]!.to)),
        ...record(ofVectors('vectorGradient_', parts), (_, k) => zeros(graph, vectors[k]!.size)),
        ...record(states('stateGradient', parts), (_, k) => zeros(graph, N, cell.states[k]!.size)),
      });
      return pick(done, results);
    },
    { isCompiled: true },
  );
}

function backwardStep(graph: Graph, parts: CellParts, step: FunctionSignature, v: Values<string>): Values<string> {
  const { cell, products } = parts;
  const { time, lengths, isForward } = v as Values<'time' | 'lengths' | 'isForward'>;
  const mask = stepMask(graph, time, lengths);
  const frozen = graph.subtract(graph.float(1), mask);
  const carried = pick(v, states('stateGradient', parts));
  const outputGradient = columnsAtTime(graph, v['outputGradient']!, time, v['columnOffset']!, cell.outputs);
  const stepKeys = keysOf(stepArguments(parts));
  const inputs = [
    atTime(graph, v['projection']!, time),
    ...pick(v, ofProducts('product_', products)).map((array) => atTime(graph, array, time)),
    ...pick(v, states('history', parts)).map((array) => atTime(graph, array, time)),
    ...(cell.periods === null ? [] : [dueUnits(graph, parts, v, isForward)]),
    ...pick(v, ofVectors('vector_', parts)),
  ];
  const computed = computedFactors(parts);
  const N = sizeOf(graph, v['projection']!, 1);
  const cotangents = [
    ...carried.map((gradient) => graph.multiply(mask, gradient)),
    graph.multiply(mask, outputGradient),
    ...computed.map(({ from }) => zeros(graph, N, from)),
  ];
  const differentiate = (): Values<string> => {
    const gradients = graph.symbolicGradient(step, inputs, cotangents);
    return record(stepKeys, (_, k) => gradients[k]!);
  };
  const throughWeights = (gradients: Values<string>, { weights }: CellProduct): Value =>
    thinned(graph, parts, v, weights, graph.matmul(gradients[`product_${weights}`]!, v[`transposed_${weights}`]!));
  let gradients = differentiate();
  for (let k = computed.length - 1; k >= 0; k--) {
    cotangents[cell.states.length + 1 + k] = throughWeights(gradients, computed[k]!);
    gradients = differentiate();
  }
  const ofStates = carried.map((gradient, k) => {
    const throughStep = graph.add(graph.multiply(frozen, gradient), gradients[`state${k}`]!);
    return products
      .filter(({ state }) => state === k)
      .reduce((sum, product) => graph.add(sum, throughWeights(gradients, product)), throughStep);
  });
  const setGradient = (result: string, key: string): Value => setAtTime(graph, v[result]!, time, gradients[key]!);
  return {
    ...tick(graph, v),
    projectionGradient: setGradient('projectionGradient', 'projected'),
    ...record(ofProducts('productGradient_', products), (key, k) =>
      setGradient(key, `product_${products[k]!.weights}`),
    ),
    ...record(ofVectors('vectorGradient_', parts), (key, k) =>
      graph.add(v[key]!, gradients[`vector_${parts.vectors[k]!.name}`]!),
    ),
    ...record(states('stateGradient', parts), (_, k) => ofStates[k]!),
  };
}
