// The functions of a graph: bodies that are called, compiled or looped.
import { attribute, type DataType } from './attributes';
import { Graph, type FunctionSignature, type Value } from './graph';
import type { FunctionMessage } from './proto';

/** Element types of named values. */
export type Types<K extends string> = Readonly<Record<K, DataType>>;
export type Values<K extends string> = Readonly<Record<K, Value>>;

/** entries/fromEntries that keep the keys' type. */
export const keysOf = <K extends string>(record: Readonly<Record<K, unknown>>): K[] => Object.keys(record) as K[];
export const record = <K extends string, V>(keys: readonly K[], value: (key: K, index: number) => V): Record<K, V> =>
  Object.fromEntries(keys.map((key, index) => [key, value(key, index)])) as Record<K, V>;

export class FunctionLibrary {
  readonly functions: FunctionMessage[] = [];
  readonly #signatures = new Map<string, FunctionSignature>();

  /**
   * Defines a function. A name that is defined already is returned as it is: two bodies under two names would compile twice.
   * @param build gets the arguments by name and returns the results.
   */
  define<K extends string>(
    name: string,
    types: Types<K>,
    build: (graph: Graph, values: Values<K>) => readonly Value[],
    { isCompiled = false } = {},
  ): FunctionSignature {
    const known = this.#signatures.get(name);
    if (known !== undefined) return known;
    const graph = new Graph({ isFunctionBody: true });
    const keys = keysOf(types);
    const results = build(
      graph,
      record(keys, (key) => ({ reference: key, dtype: types[key] })),
    );
    const resultNames = results.map((_, index) => `result${index}`);
    this.functions.push({
      signature: {
        name,
        inputArg: keys.map((key) => ({ name: key, type: types[key] })),
        outputArg: results.map((result, index) => ({ name: resultNames[index] ?? '', type: result.dtype })),
      },
      nodeDef: graph.nodes,
      ret: record(resultNames, (_, index) => results[index]?.reference ?? ''),
      attr: isCompiled ? { _XlaMustCompile: attribute.bool(true) } : {},
    });
    const signature: FunctionSignature = {
      name,
      isCompiled,
      inputTypes: keys.map((key) => types[key]),
      outputTypes: results.map((result) => result.dtype),
    };
    this.#signatures.set(name, signature);
    return signature;
  }
}

/**
 * Defines a While over named variables.
 * @param condition returns the scalar that says whether to go on.
 * @param body returns the variables that change; the others stay.
 * @returns writes the loop into a graph, given every variable's first value.
 */
export function defineLoop<K extends string>(
  library: FunctionLibrary,
  name: string,
  variables: Types<K>,
  condition: (graph: Graph, values: Values<NoInfer<K>>) => Value,
  body: (graph: Graph, values: Values<NoInfer<K>>) => Partial<Values<NoInfer<K>>>,
): (graph: Graph, initial: Values<K>) => Values<K> {
  const keys = keysOf(variables);
  library.define(`${name}_condition`, variables, (graph, values) => [condition(graph, values)]);
  library.define(`${name}_body`, variables, (graph, values) => {
    const changed = body(graph, values);
    return keys.map((key) => changed[key] ?? values[key]);
  });
  return (graph, initial) => {
    const results = graph.whileLoop(
      `${name}_condition`,
      `${name}_body`,
      keys.map((key) => initial[key]),
    );
    return record(keys, (key, index) => results[index] ?? initial[key]);
  };
}
