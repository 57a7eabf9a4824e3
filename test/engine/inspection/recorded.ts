// A network's activations over one sequence, as tests look at them.
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Rung } from '../../../app/contract/rung';
import {
  createSeries,
  recordActivations,
  seriesName,
  type RecordingOptions,
} from '../../../engine/inspection/activations';
import { MatrixStore } from '../../../engine/inspection/matrixStore';
import { openRowProducts } from '../../../engine/inspection/rowProducts';
import { temporaryFolder } from '../temporary';

export interface Recorded {
  readonly store: MatrixStore;
  /** All rows, [T, width]. */
  all(name: string): Promise<Float32Array>;
  activation(layer: number, direction: 'forward' | 'reverse', name: string): Promise<Float32Array>;
}

export async function temporaryStore(): Promise<MatrixStore> {
  const store = await MatrixStore.open(join(await temporaryFolder(), 'matrices.bin'));
  onTestFinished(() => store.dispose());
  return store;
}

/** @param x [T, what the first layer reads] */
export async function record(
  options: Pick<RecordingOptions, 'spec' | 'parameters' | 'steps'> & Partial<RecordingOptions>,
  x: Float32Array,
  rung: Rung = 'wasm',
): Promise<Recorded> {
  const { spec, steps } = options;
  const store = await temporaryStore();
  const products = openRowProducts(rung);
  const width = x.length / steps;
  createSeries(store, spec, steps);
  await recordActivations({
    below: async (first, count) => x.slice(first * width, (first + count) * width),
    ...options,
    store,
    products,
  });
  products.dispose();
  const all = (name: string): Promise<Float32Array> => store.read(name, 0, steps);
  return { store, all, activation: (layer, direction, name) => all(seriesName(layer, direction, name)) };
}
