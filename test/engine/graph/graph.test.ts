import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DataType } from '../../../engine/graph/attributes';
import { defineLoop, FunctionLibrary } from '../../../engine/graph/functions';
import { Graph } from '../../../engine/graph/graph';
import { GraphSession, removeSavedModel, writeSavedModel } from '../../../engine/graph/session';
import { nativeLibrary } from '../../../engine/runtime/native';
import { readFloats, withHandles } from '../../../engine/runtime/tensors';

/** Runs a graph of one input x and one output y. */
function compute(graph: Graph, library: FunctionLibrary, x: Float32Array): number[] {
  const session = new GraphSession(graph, library);
  const y = withHandles((scope) =>
    scope.ownAll(session.run({ x: scope.shared([x.length], x) }, ['y'])).map(readFloats),
  );
  session.close();
  return y.flatMap((values) => [...values]);
}

describe('a graph', () => {
  test('computes what was written', () => {
    const graph = new Graph();
    const x = graph.placeholder('x', DataType.float);
    graph.identity(graph.add(graph.multiply(x, x), graph.float(1)), { name: 'y' });
    expect(compute(graph, new FunctionLibrary(), Float32Array.of(2, 3))).toEqual([5, 10]);
  });
  test('writes equal small constants once', () => {
    const graph = new Graph();
    expect(graph.float(2)).toBe(graph.float(2));
    expect(graph.float(2)).not.toBe(graph.int(2));
  });
  test.each([false, true])('loops in a function, compiled: %s', (isCompiled) => {
    const graph = new Graph();
    const library = new FunctionLibrary();
    const types = { step: DataType.int32, x: DataType.float };
    const loop = defineLoop(
      library,
      'triple',
      types,
      (body, { step }) => body.less(step, body.int(4)),
      (body, { step, x }) => ({ step: body.add(step, body.int(1)), x: body.multiply(x, body.float(3)) }),
    );
    const definition = library.define(
      'tripled',
      { x: DataType.float },
      (body, { x }) => [loop(body, { step: body.int(0), x }).x],
      { isCompiled },
    );
    for (const y of graph.call(definition, [graph.placeholder('x', DataType.float)])) graph.identity(y, { name: 'y' });
    expect(compute(graph, library, Float32Array.of(1, 2))).toEqual([81, 162]);
  });
  test('keeps its variables from call to call', () => {
    const graph = new Graph();
    const variable = graph.variable('sum', [1]);
    const start = graph.assign(variable, graph.placeholder('start', DataType.float));
    graph.identity(graph.int(1), { name: 'started', after: [start] });
    const added = graph.assign(variable, graph.add(graph.read(variable), graph.placeholder('x', DataType.float)));
    graph.read(variable, { name: 'y', after: [added] });
    const session = new GraphSession(graph, new FunctionLibrary());
    withHandles((scope) => {
      const one = scope.copied([1], Float32Array.of(1));
      scope.ownAll(session.run({ start: one }, ['started']));
      const sums = [1, 2, 3].map(() => scope.ownAll(session.run({ x: one }, ['y'])).map(readFloats));
      expect(sums.map(([sum]) => sum?.[0])).toEqual([2, 3, 4]);
    });
    session.close();
  });
});

describe('the library of functions', () => {
  test('returns a function that is there already instead of a second one', () => {
    const library = new FunctionLibrary();
    const define = () => library.define('same', { x: DataType.float }, (graph, { x }) => [graph.tanh(x)]);
    expect(define()).toBe(define());
    expect(library.functions.length).toBe(1);
  });
});

describe('a written model', () => {
  const graph = new Graph();
  graph.identity(graph.placeholder('x', DataType.float), { name: 'y' });

  test('is for its owner alone until it is removed', () => {
    const directory = writeSavedModel(graph, new FunctionLibrary());
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(statSync(join(directory, 'saved_model.pb')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(directory, 'saved_model.pb')).length).toBeGreaterThan(0);
    removeSavedModel(directory);
    expect(existsSync(directory)).toBe(false);
  });
  test('a closed session frees its graph and refuses to run', () => {
    const before = nativeLibrary().getNumOfSavedModels();
    const session = new GraphSession(graph, new FunctionLibrary());
    expect(nativeLibrary().getNumOfSavedModels()).toBe(before + 1);
    session.close();
    session.close();
    expect(nativeLibrary().getNumOfSavedModels()).toBe(before);
    expect(() => session.run({}, ['y'])).toThrow('Expected an open session');
  });
});
