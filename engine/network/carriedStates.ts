// The memories of all layers between two parts of the same sequences: what truncated training carries over.
import { directionsOf, type Direction, type LayerSpec, type NetworkSpec } from '../../app/contract/network';
import type { CellState } from '../cells/cell';
import { cellOf } from '../cells/registry';

/** By "layer0.forward/hidden", …: [N, size] each. */
export type CarriedStates = ReadonlyMap<string, Float32Array>;

export interface LayerState {
  /** "layer0.forward/hidden" */
  readonly key: string;
  /** "layer0.forward" */
  readonly prefix: string;
  readonly name: CellState['name'];
  readonly size: number;
}
/** The states of one direction of a layer, in the cell's order. */
export const statesOfReading = (layer: LayerSpec, index: number, direction: Direction): LayerState[] =>
  cellOf(layer).states.map(({ name, size }) => {
    const prefix = `layer${index}.${direction}`;
    return { key: `${prefix}/${name}`, prefix, name, size };
  });
/** The states of all layers, from the input up. */
export const statesOf = ({ layers }: Pick<NetworkSpec, 'layers'>): LayerState[] =>
  layers.flatMap((layer, index) =>
    directionsOf(layer).flatMap((direction) => statesOfReading(layer, index, direction)),
  );

/** @throws Error where a network cannot be trained in parts: a bug of the caller. */
export function checkTrainsInParts({ front, stack, layers, head }: NetworkSpec): void {
  if (front !== undefined) throw new Error('Expected no convolutions: they hear frames of the next part');
  if (stack !== undefined) throw new Error('Expected no stacked frames: a step hears frames of the part before');
  if (layers.some((layer) => directionsOf(layer).length > 1))
    throw new Error('Expected forward layers only: a reverse reading begins at the end of the whole sequence');
  if (head.kind !== 'framewise')
    throw new Error(`Expected a framewise head, but got ${head.kind}: others need the whole sequence`);
}

/** @throws Error where states do not belong to the network and so many rows: a bug of the caller. */
export function checkCarried(spec: NetworkSpec, states: CarriedStates, N: number): void {
  for (const { key, size } of statesOf(spec)) {
    const length = states.get(key)?.length;
    if (length !== N * size)
      throw new Error(`Expected ${N} × ${size} values of the state ${key}, but got ${length ?? 0}`);
  }
}
