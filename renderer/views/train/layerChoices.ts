// How a layer is changed in the spec builder: another cell, the same size; and what each cell has to choose.
import type { LayerOf, LayerSpec } from '../../../app/contract/network';
import { directionsOf } from '../../../app/contract/network';
import { layersOf, type CellChoice, type NetworkChoice } from '../../../app/networkChoice';

/** A layer that has a memory. */
export type RecurrentLayer = Exclude<LayerSpec, LayerOf<'feedForward'>>;
export const isRecurrent = (layer: LayerSpec): layer is RecurrentLayer => layer.cell !== 'feedForward';

/** The cell by the name under which a person chooses it. */
export const choiceOf = (layer: LayerSpec): CellChoice =>
  layer.cell === 'lstm' && layer.peepholes === true ? 'lstmPeepholes' : layer.cell;

const directionOf = (layer: LayerSpec): NetworkChoice['direction'] =>
  directionsOf(layer).length > 1 ? 'bidirectional' : 'forward';

/** One layer of a choice. */
export function oneLayer(choice: Omit<NetworkChoice, 'layers'>): LayerSpec {
  const [layer] = layersOf({ ...choice, layers: 1 });
  if (layer === undefined) throw new Error('Expected one layer');
  return layer;
}

/** A layer with another cell, as many units and the same direction. */
export const withCell = (layer: LayerSpec, cell: CellChoice): LayerSpec =>
  oneLayer({ cell, units: layer.units, direction: directionOf(layer) });

/** As many units, where the cell can share them out; a Clockwork's are brought to a multiple of its modules. */
export function withUnits(layer: LayerSpec, wanted: number): LayerSpec {
  const units = Math.max(1, Math.min(2048, Math.round(wanted)));
  if (layer.cell !== 'clockwork') return { ...layer, units };
  const modules = layer.periods.length;
  return {
    ...layer,
    units: Math.max(modules, Math.min(2048 - (2048 % modules), modules * Math.round(units / modules))),
  };
}

/** A layer at another place among the others. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const item = list[from];
  if (item === undefined) return [...list];
  const others = list.filter((_, index) => index !== from);
  return [...others.slice(0, to), item, ...others.slice(to)];
}
