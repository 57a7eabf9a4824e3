import { expect, it } from 'vitest';
import { layersOf, NETWORK_PRESETS } from '../../../app/networkChoice';
import { starterConfig } from '../../../app/starterConfig';
import { describedNetwork } from '../../../engine/serve/describedNetwork';

const { frontEnd } = starterConfig(['left']);
const described = (vocabulary: string[], preset: keyof typeof NETWORK_PRESETS) =>
  describedNetwork({ frontEnd, vocabulary, layers: layersOf(NETWORK_PRESETS[preset]) });

/** Four blocks, each from the inputs, from the layer's own units and from one bias. */
const lstm = (inputs: number, units: number): number => 4 * units * (inputs + units + 1);

it('counts every layer and the head, a class for every letter, the space, unknown words and the blank', () => {
  // d e f g h i l o r t
  const head = (128 + 1) * (10 + 3);
  const { parameters, parts } = described(['left', 'right', 'hold'], 'live');
  expect(parts).toEqual([lstm(39, 128), lstm(128, 128), head]);
  expect(parameters).toBe(lstm(39, 128) + lstm(128, 128) + head);
});

it('counts both readings of a layer that reads both ways, and what they hand up together', () => {
  expect(described(['a'], 'bothWays').parts).toEqual([2 * lstm(39, 128), 2 * lstm(256, 128), (256 + 1) * 4]);
});

it('counts a network before any word is typed', () => {
  expect(described([], 'live').parts.at(-1)).toBe((128 + 1) * 3);
});
