// All cells by name.
import type { CellName, LayerOf, LayerSpec } from '../../app/contract/network';
import type { Cell } from './cell';
import { clockworkCell } from './clockwork';
import { elmanCell } from './elman';
import { feedForwardCell } from './feedForward';
import { gruCell } from './gru';
import { jordanCell } from './jordan';
import { lstmCell } from './lstm';
import { scrnCell } from './scrn';

const CELLS: { readonly [K in CellName]: (layer: LayerOf<K>) => Cell } = {
  feedForward: feedForwardCell,
  elman: elmanCell,
  jordan: jordanCell,
  lstm: lstmCell,
  gru: gruCell,
  clockwork: clockworkCell,
  scrn: scrnCell,
};

/** The cell of a layer. */
export const cellOf = (layer: LayerSpec): Cell =>
  // Which maker belongs to which layer holds by the table's type; an element of it chosen by name loses that.
  (CELLS[layer.cell] as (layer: LayerSpec) => Cell)(layer);
