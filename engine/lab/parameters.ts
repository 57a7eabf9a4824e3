// How many parameters: the same width in Elman, GRU and LSTM, by formula and as the networks count their own.
import type { ResultOf, SettingsOf } from '../../app/contract/lab';
import type { LayerSpec } from '../../app/contract/network';
import { describeNetwork } from '../network/describe';

/** D inputs, H units; a set of an LSTM's or a GRU's parameters is as large as all of Elman's. */
const FORMULAS = {
  elman: { formula: 'H·(D + H + 1)', sets: 1, peepholes: 0 },
  gru: { formula: '3·H·(D + H + 1)', sets: 3, peepholes: 0 },
  lstm: { formula: '4·H·(D + H + 1)', sets: 4, peepholes: 0 },
  lstmPeepholes: { formula: '4·H·(D + H + 1) + 3·H', sets: 4, peepholes: 3 },
} as const;
type Name = keyof typeof FORMULAS;

export function parameters({ inputs: D, units: H }: SettingsOf<'parameters'>): ResultOf<'parameters'> {
  const elman = H * (D + H + 1);
  return {
    cells: (Object.keys(FORMULAS) as Name[]).map((cell) => {
      const { formula, sets, peepholes } = FORMULAS[cell];
      const counted = countedOf(layerOf(cell, H), D);
      return { cell, formula, byFormula: sets * elman + peepholes * H, counted, times: counted / elman };
    }),
  };
}

function layerOf(cell: Name, units: number): LayerSpec {
  const direction = 'forward' as const;
  return cell === 'lstmPeepholes' ? { cell: 'lstm', units, direction, peepholes: true } : { cell, units, direction };
}

function countedOf(layer: LayerSpec, inputSize: number): number {
  const spec = { inputSize, layers: [layer], dropout: 0, head: { kind: 'framewise', classes: 2 } } as const;
  const own = describeNetwork({ ...spec, layers: [...spec.layers] }).layers.find(({ name }) => name === 'layer0');
  if (own === undefined) throw new Error('Expected a layer');
  return own.parameters;
}
