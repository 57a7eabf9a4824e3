// The layers that take part: one of each cell, all of one size.
import type { LayerSpec } from '../../app/contract/network';

const UNITS = 64;
const forward = { units: UNITS, direction: 'forward' } as const;

export const CONTENDER_NAMES = [
  'feed-forward',
  'elman',
  'jordan',
  'scrn',
  'clockwork',
  'gru',
  'lstm',
  'lstm-peepholes',
] as const;
export type ContenderName = (typeof CONTENDER_NAMES)[number];
export const CONTENDERS: Readonly<Record<ContenderName, LayerSpec>> = {
  'feed-forward': { cell: 'feedForward', units: UNITS, activation: 'tanh' },
  elman: { cell: 'elman', ...forward },
  jordan: { cell: 'jordan', ...forward, outputs: 16 },
  // Mikolov et al. 2014, section 3: every context unit keeps 0.95 of its value.
  scrn: { cell: 'scrn', ...forward, contextUnits: 16, decay: 0.95 },
  // Koutník et al. 2014, section 3: periods are powers of two.
  clockwork: { cell: 'clockwork', ...forward, periods: [1, 2, 4, 8, 16, 32, 64, 128] },
  gru: { cell: 'gru', ...forward },
  lstm: { cell: 'lstm', ...forward },
  'lstm-peepholes': { cell: 'lstm', ...forward, peepholes: true },
};
