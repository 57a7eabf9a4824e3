import { describe, expect, it } from 'vitest';
import {
  CELL_CHOICES,
  DIRECTION_CHOICES,
  LAYER_CHOICES,
  layersOf,
  NETWORK_PRESETS,
  UNIT_CHOICES,
  type NetworkChoice,
} from '../../app/networkChoice';
import { isForwardOnly } from '../../app/contract/network';
import { starterConfig } from '../../app/starterConfig';
import { trainingConfigSchema } from '../../app/contract/trainingConfig';

const layersTaken = (choice: NetworkChoice) =>
  trainingConfigSchema.parse(starterConfig(['left', 'right'], layersOf(choice))).network.layers;

describe.each(CELL_CHOICES)('a network of %s', (cell) => {
  it('is a configuration that training takes, in every size and direction that can be chosen', () => {
    for (const direction of DIRECTION_CHOICES)
      for (const layers of LAYER_CHOICES)
        for (const units of UNIT_CHOICES) {
          const taken = layersTaken({ cell, layers, units, direction });
          expect(taken).toHaveLength(layers);
          for (const layer of taken) expect(layer.units).toBe(units);
        }
  });
});

it('of the two to begin with one listens live and the other reads both ways', () => {
  expect(isForwardOnly({ layers: layersTaken(NETWORK_PRESETS.live) })).toBe(true);
  expect(isForwardOnly({ layers: layersTaken(NETWORK_PRESETS.bothWays) })).toBe(false);
});
