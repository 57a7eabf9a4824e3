// A graph loaded into TensorFlow: one session holds one graph and its variables.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nativeLibrary, type Handle } from '../runtime/native';
import type { FunctionLibrary } from './functions';
import type { Graph } from './graph';
import { encodeSavedModel, SERVE_TAG } from './proto';

/**
 * Writes the graph as a SavedModel into a new directory that only its owner can read.
 * @returns the directory's path, the caller's to remove by removeSavedModel.
 */
export function writeSavedModel(graph: Graph, library: FunctionLibrary, prefix = 'unroll-graph-'): string {
  const directory = mkdtempSync(join(tmpdir(), prefix)); // mode 0700
  // The loader wants a variables directory, even an empty one.
  mkdirSync(join(directory, 'variables'));
  writeFileSync(join(directory, 'saved_model.pb'), encodeSavedModel(graph.nodes, library.functions), { mode: 0o600 });
  return directory;
}
export const removeSavedModel = (directory: string): void => rmSync(directory, { recursive: true, force: true });

export class GraphSession {
  #id: number | null;

  constructor(graph: Graph, library: FunctionLibrary) {
    const directory = writeSavedModel(graph, library);
    try {
      this.#id = nativeLibrary().loadSavedModel(directory, SERVE_TAG);
    } finally {
      removeSavedModel(directory);
    }
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
