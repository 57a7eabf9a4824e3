// The networks that are compared on slot filling: each cell, one layer, read forward and in both directions; all trained alike.
import { anyConfigSchema, type TextLabelConfig } from '../../app/contract/labelConfig';
import type { LayerSpec } from '../../app/contract/network';
import { checkFile } from '../data/checkFile';

const UNITS = 64;

export const SLOT_CELLS = ['feed-forward', 'elman', 'jordan', 'lstm', 'gru', 'clockwork', 'scrn'] as const;
export type SlotCell = (typeof SLOT_CELLS)[number];
export const READINGS = ['forward', 'bidirectional'] as const;
export type Reading = (typeof READINGS)[number];

/** A network without memory reads in no direction: it is trained once, and stands in both columns. */
export const readingsOf = (cell: SlotCell): readonly Reading[] => (cell === 'feed-forward' ? ['forward'] : READINGS);

/** @param tags how many there are: a Jordan network remembers an output for each, as its paper and the lecture have it */
function layerOf(cell: SlotCell, direction: Reading, tags: number): LayerSpec {
  switch (cell) {
    case 'feed-forward':
      return { cell: 'feedForward', units: UNITS, activation: 'tanh' };
    case 'jordan':
      return { cell, units: UNITS, direction, outputs: tags };
    case 'clockwork':
      return { cell, units: UNITS, direction, periods: [1, 2, 4, 8] };
    case 'scrn':
      return { cell, units: UNITS, direction, contextUnits: 16, decay: 0.95 };
    case 'elman':
    case 'lstm':
    case 'gru':
      return { cell, units: UNITS, direction };
  }
}

/** The same for all but for the layer. @param seed of first weights, of the order, and of the tenth that is held back */
export function slotConfig(
  { cell, reading, seed }: { readonly cell: SlotCell; readonly reading: Reading; readonly seed: number },
  { tags, epochs }: { readonly tags: number; readonly epochs: number },
): TextLabelConfig {
  const config = {
    ...{ task: 'tagText', id: 'slots', name: { en: 'Slots', zh: '槽位' } },
    understands: { en: 'Which words of a sentence say what.', zh: '句中哪些词表示什么。' },
    text: { kind: 'oneOfN', unit: 'spaced' },
    network: { embedding: { size: UNITS }, layers: [layerOf(cell, reading, tags)], dropout: 0.2 },
    training: { validationFraction: 0.1, seed, epochs, learningRate: 0.005, batchFrames: 1000, maxRows: 64 },
  };
  return checkFile(anyConfigSchema, config, 'slots') as TextLabelConfig;
}
