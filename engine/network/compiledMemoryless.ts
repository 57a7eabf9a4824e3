// A cell without memory: all steps at once, as functions that XLA compiles. See compiledLoop.ts for T, N and masks.
import { noPeriods } from '../cells/cell';
import { GraphMath } from '../cells/graphMath';
import { attribute, DataType } from '../graph/attributes';
import { keysOf, type FunctionLibrary, type Types, type Values } from '../graph/functions';
import type { FunctionSignature, Graph, Value } from '../graph/graph';
import { defineStep, type CellParts } from './compiledCell';
import { shape, sizeOf } from './compiledLoop';

const { float, int32 } = DataType;

/** 1 where a step belongs to its sequence, else 0: [T, N, 1] */
function stepMasks(graph: Graph, projection: Value, lengths: Value): Value {
  const T = graph.squeeze(sizeOf(graph, projection, 0), 0);
  const times = graph.result('Range', [graph.int(0), T, graph.int(1)], { Tidx: attribute.type(int32) }, int32);
  const isGoing = graph.less(graph.expandDims(times, 1), graph.expandDims(lengths, 0));
  return graph.expandDims(graph.cast(isGoing, float), 2);
}
const vectorTypes = ({ vectors }: CellParts): Types<string> =>
  Object.fromEntries(vectors.map(({ name }) => [`vector_${name}`, float]));
const rowsOf = (graph: Graph, values: Value, width: number): Value => graph.reshape(values, graph.ints(-1, width));
/** [T·N, width] → [T, N, width], as `like` has T and N. */
const stepsOf = (graph: Graph, rows: Value, like: Value, width: number): Value =>
  graph.reshape(rows, shape(graph, graph.slice(graph.shapeOf(like), [0], [2]), width));

/** Arguments: projection [T, N, Z], lengths [N], vectors [size] each. Result: output [T, N, O], 0 past a sequence's end. */
export function defineMemoryless(library: FunctionLibrary, parts: CellParts): FunctionSignature {
  const { cell, columns } = parts;
  return library.define(
    `${cell.key}_rows`,
    { projection: float, lengths: int32, ...vectorTypes(parts) },
    (graph, v) => {
      const { projection, lengths } = v;
      const { output } = cell.step(new GraphMath(graph, 'plain'), {
        projected: rowsOf(graph, projection, columns),
        states: [],
        due: noPeriods,
        product: unexpected,
        vector: (name) => (v as Values<string>)[`vector_${name}`]!,
      });
      return [graph.multiply(stepsOf(graph, output, projection, cell.outputs), stepMasks(graph, projection, lengths))];
    },
    { isCompiled: true },
  );
}
function unexpected(name: string): never {
  throw new Error(`Expected a cell without memory to have no product called ${name}`);
}

/** Arguments: projection, lengths, vectors, outputGradient [T, N, O]. Results: ∂L/∂projection [T, N, Z], ∂L/∂vectors. */
export function defineMemorylessBackward(library: FunctionLibrary, parts: CellParts): FunctionSignature {
  const { cell, columns } = parts;
  const step = defineStep(library, parts);
  return library.define(
    `${cell.key}_rows_back`,
    { projection: float, lengths: int32, ...vectorTypes(parts), outputGradient: float },
    (graph, v) => {
      const { projection, lengths, outputGradient } = v;
      const masked = graph.multiply(outputGradient, stepMasks(graph, projection, lengths));
      const vectors = keysOf(vectorTypes(parts)).map((name) => (v as Values<string>)[name]!);
      const inputs = [rowsOf(graph, projection, columns), ...vectors];
      const cotangents = [rowsOf(graph, masked, cell.outputs)];
      const [gradient, ...ofVectors] = graph.symbolicGradient(step, inputs, cotangents) as [Value, ...Value[]];
      return [stepsOf(graph, gradient, projection, columns), ...ofVectors];
    },
    { isCompiled: true },
  );
}
