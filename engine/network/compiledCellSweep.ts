// One reading of any cell: matrix products for all steps at once around the compiled recurrence.
import type { Cell } from '../cells/cell';
import { keysOf, record, type Values } from '../graph/functions';
import type { FunctionSignature, Graph, Value } from '../graph/graph';
import {
  backwardArguments,
  backwardResults,
  defineBackward,
  defineForward,
  forwardArguments,
  forwardResults,
  partsOfCell,
  type CellParts,
} from './compiledCell';
import { defineMemoryless, defineMemorylessBackward } from './compiledMemoryless';
import {
  addGradient,
  lengthened,
  opposite,
  parameterOf,
  project,
  readingOrder,
  shortened,
  shortenedRows,
  withLastAxis,
  type ParameterValues,
  type PassContext,
  type Reading,
  type Sweep,
} from './compiledPass';

export function sweepCell(context: PassContext, cell: Cell, parameters: ParameterValues, reading: Reading): Sweep {
  const parts = partsOfCell(cell, reading.recurrentMask !== null);
  const { graph } = context;
  const projected = project(context, reading, parameters, null);
  const projection = lengthened(context, withLastAxis(graph, projected, reading.leading, parts.columns));
  return cell.states.length === 0
    ? sweepRows(context, parts, parameters, reading, projection)
    : sweepSteps(context, parts, parameters, reading, projection);
}

/** @param projection [compiledLength, N, Z] */
function sweepSteps(
  context: PassContext,
  parts: CellParts,
  parameters: ParameterValues,
  reading: Reading,
  projection: Value,
): Sweep {
  const { graph, library, steps, isTraining } = context;
  const { direction, prefix, leading, lengths, initial, recurrentMask } = reading;
  const mask = recurrentMask === null ? {} : { recurrentMask };
  const { cell, products, vectors, columns } = parts;
  const weights = new Map(
    products.map((product) => [product.weights, maskedWeights(context, cell, prefix, product.weights, parameters)]),
  );
  const vectorValues = recordOf(vectors, ({ name }) => [
    `vector_${name}`,
    parameterOf(parameters, `${prefix}.${name}`),
  ]);
  const forward = defineForward(library, parts, isTraining);
  const results = call(graph, forward, keysOf(forwardArguments(parts)), forwardResults(parts), {
    projection,
    ...recordOf(products, ({ weights: name }) => [`weights_${name}`, weights.get(name)!]),
    ...vectorValues,
    ...recordOf(initial, (state, k) => [`state${k}`, state]),
    ...mask,
    lengths,
    ...readingOrder(context, direction),
    steps,
  });
  return {
    output: shortened(graph, results['output']!, leading, cell.outputs),
    final: isTraining ? cell.states.map((_, k) => results[`final${k}`]!) : [],
    backward: (outputGradient, columnOffset, gradients) => {
      const backward = defineBackward(library, parts);
      const back = call(graph, backward, keysOf(backwardArguments(parts)), backwardResults(parts), {
        ...results,
        outputGradient,
        columnOffset: graph.int(columnOffset),
        projection,
        ...vectorValues,
        ...recordOf(products, ({ weights: name }) => [`transposed_${name}`, graph.transpose(weights.get(name)!, 1, 0)]),
        ...mask,
        lengths,
        isForward: graph.int(direction === 'forward' ? 1 : 0),
        ...readingOrder(context, opposite(direction)),
        steps,
      });
      addStepGradients(context, parts, reading, { ...results, ...back }, gradients);
      return {
        projection: shortenedRows(graph, back['projectionGradient']!, leading, columns),
        initial: cell.states.map((_, k) => back[`stateGradient${k}`]!),
      };
    },
  };
}

/** Gradients of the parameters inside the step, products over all steps. @param done results of both loops */
function addStepGradients(
  context: PassContext,
  { cell, products, vectors }: CellParts,
  { prefix, leading, recurrentMask }: Reading,
  done: Values<string>,
  gradients: Map<string, Value>,
): void {
  const { graph } = context;
  for (const { weights: name, from, to, state } of products) {
    const stored = done[state === null ? `factor_${name}` : `history${state}`]!;
    // What the step computes was stored as it was multiplied.
    const factor = state === null || recurrentMask === null ? stored : graph.multiply(stored, recurrentMask);
    const gradient = graph.matmul(
      shortenedRows(graph, factor, leading, from),
      shortenedRows(graph, done[`productGradient_${name}`]!, leading, to),
      { transposeA: true },
    );
    addGradient(graph, gradients, `${prefix}.${name}`, masked(context, cell, name, gradient));
  }
  for (const { name } of vectors) addGradient(graph, gradients, `${prefix}.${name}`, done[`vectorGradient_${name}`]!);
}

function sweepRows(
  context: PassContext,
  parts: CellParts,
  parameters: ParameterValues,
  reading: Reading,
  projection: Value,
): Sweep {
  const { graph, library } = context;
  const { cell, columns, vectors } = parts;
  const { prefix, leading, lengths } = reading;
  const given = [projection, lengths, ...vectors.map(({ name }) => parameterOf(parameters, `${prefix}.${name}`))];
  const [output] = graph.call(defineMemoryless(library, parts), given) as [Value];
  return {
    output: shortened(graph, output, leading, cell.outputs),
    final: [],
    backward: (outputGradient, _columnOffset, gradients) => {
      const back = graph.call(defineMemorylessBackward(library, parts), [...given, outputGradient]);
      const [gradient, ...ofVectors] = back as [Value, ...Value[]];
      vectors.forEach(({ name }, k) => addGradient(graph, gradients, `${prefix}.${name}`, ofVectors[k]!));
      return { projection: shortenedRows(graph, gradient, leading, columns), initial: [] };
    },
  };
}

/** A call by names. */
function call(
  graph: Graph,
  definition: FunctionSignature,
  argumentNames: readonly string[],
  resultNames: readonly string[],
  values: Values<string>,
): Values<string> {
  const results = graph.call(
    definition,
    argumentNames.map((name) => {
      const value = values[name];
      if (value === undefined) throw new Error(`Expected a value for the argument ${name}`);
      return value;
    }),
  );
  return record(resultNames.slice(0, results.length), (_, k) => results[k]!);
}
const recordOf = <A>(list: readonly A[], entry: (item: A, index: number) => readonly [string, Value]): Values<string> =>
  Object.fromEntries(list.map(entry));

/** The weights of a product where there are any; 0 elsewhere, whatever is stored. */
function maskedWeights(
  context: PassContext,
  cell: Cell,
  prefix: string,
  name: string,
  parameters: ParameterValues,
): Value {
  return masked(context, cell, name, parameterOf(parameters, `${prefix}.${name}`));
}
/** A parameter's value or gradient where there are weights; 0 elsewhere. */
export function masked({ graph }: PassContext, cell: Cell, name: string, value: Value): Value {
  const parameter = cell.parameters(1).find((candidate) => candidate.name === name);
  const mask = parameter?.mask ?? null;
  return mask === null ? value : graph.multiply(value, graph.constant(parameter!.shape, mask));
}
