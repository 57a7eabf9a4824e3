// A graph loaded into TensorFlow: one session holds one graph and its variables.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nativeLibrary, type Handle } from '../runtime/native';
import type { FunctionLibrary } from './functions';
import type { Graph } from './graph';
import { encodeSavedModel, SERVE_TAG } from './proto';

/**
 * Writes the graph as a SavedModel into a new private directory and hands its path to `use`; the directory is gone afterwards.
 */
export function withSavedModel<R>(graph: Graph, library: FunctionLibrary, use: (directory: string) => R): R {
  // 1) mkdtemp makes the directory for its owner alone (0700)
  const directory = mkdtempSync(join(tmpdir(), 'unroll-graph-'));
  try {
    // 2) the loader wants a variables directory, even an empty one
    mkdirSync(join(directory, 'variables'));
    writeFileSync(join(directory, 'saved_model.pb'), encodeSavedModel(graph.nodes, library.functions), { mode: 0o600 });
    return use(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

export class GraphSession {
  #id: number | null;

  constructor(graph: Graph, library: FunctionLibrary) {
    this.#id = withSavedModel(graph, library, (directory) => nativeLibrary().loadSavedModel(directory, SERVE_TAG));
  }

  /**
   * Computes the named outputs; only what they need runs, and only that needs feeding.
   * @param inputs handles by placeholder name; they stay the caller's.
   * @returns one handle per output, the caller's to delete.
   */
  run(inputs: Readonly<Record<string, Handle>>, outputs: readonly string[]): Handle[] {
    if (this.#id === null) throw new Error('Expected an open session, but it is closed');
    const names = Object.keys(inputs);
    return nativeLibrary()
      .runSavedModel(
        this.#id,
        Object.values(inputs),
        names.map((name) => `${name}:0`).join(','),
        outputs.map((name) => `${name}:0`).join(','),
      )
      .map(({ id }) => id);
  }

  close(): void {
    if (this.#id === null) return;
    nativeLibrary().deleteSavedModel(this.#id);
    this.#id = null;
  }
}
