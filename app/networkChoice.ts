// Networks to choose from when a model of one's own begins: a cell, how many layers of how many units, and how they read.
import type { LayerSpec } from './contract/network';

/** The cells by the name under which a person chooses them; an LSTM comes without and with peepholes. */
export const CELL_CHOICES = [
  'feedForward',
  'elman',
  'jordan',
  'lstm',
  'lstmPeepholes',
  'gru',
  'clockwork',
  'scrn',
] as const;
export type CellChoice = (typeof CELL_CHOICES)[number];

export const LAYER_CHOICES = [1, 2, 3, 4] as const;
/** Multiples of the Clockwork's modules. */
export const UNIT_CHOICES = [32, 64, 128, 256, 512] as const;
export const DIRECTION_CHOICES = ['forward', 'bidirectional'] as const;

export interface NetworkChoice {
  readonly cell: CellChoice;
  readonly layers: number;
  /** Units of a layer in one direction; for a Clockwork a multiple of 4. */
  readonly units: number;
  /** Without meaning for a feed-forward layer, which has no memory to carry either way. */
  readonly direction: (typeof DIRECTION_CHOICES)[number];
}

/** Choices to begin with. */
export const NETWORK_PRESETS = {
  /** Small enough to listen while a person speaks. */
  live: { cell: 'lstm', layers: 2, units: 128, direction: 'forward' },
  /** For recordings that are heard whole. */
  bothWays: { cell: 'lstm', layers: 2, units: 128, direction: 'bidirectional' },
} as const satisfies Readonly<Record<string, NetworkChoice>>;
export type NetworkPreset = keyof typeof NETWORK_PRESETS;

/** Powers of two, as in Koutník et al. 2014; the slowest module hears every eighth frame, as short words need. */
const PERIODS = [1, 2, 4, 8];
/** Jordan's fed-back outputs and SCRN's context units, for each unit of their layer. */
const SMALL_SHARE = 1 / 4;

/** The layers of a network, first to last, all alike. */
export const layersOf = (choice: NetworkChoice): LayerSpec[] =>
  Array.from({ length: choice.layers }, () => layerOf(choice));

function layerOf({ cell, units, direction }: NetworkChoice): LayerSpec {
  const small = Math.ceil(units * SMALL_SHARE);
  switch (cell) {
    case 'feedForward':
      return { cell, units, activation: 'tanh' };
    case 'elman':
    case 'lstm':
    case 'gru':
      return { cell, units, direction };
    case 'lstmPeepholes':
      return { cell: 'lstm', units, direction, peepholes: true };
    case 'jordan':
      return { cell, units, direction, outputs: small };
    case 'clockwork':
      return { cell, units, direction, periods: [...PERIODS] };
    case 'scrn':
      return { cell, units, direction, contextUnits: small };
  }
}
