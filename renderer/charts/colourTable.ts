// A colour map as a table: one look-up for every value of a heat map.
import type { Stops } from './featureMap';

/** Entries of a table: more steps than an eye tells apart. */
const ENTRIES = 256;

/** The values that become the first and the last colour. */
export interface ValueRange {
  readonly low: number;
  readonly high: number;
}

/** Pixels as ImageData stores them, one for each step from a map's low end to its high end, [256]. */
export type ColourTable = Uint32Array;

/** The stops of a map, mixed evenly between neighbours. */
export function colourTable(stops: Stops): ColourTable {
  const bytes = new Uint8ClampedArray(4 * ENTRIES);
  for (let entry = 0; entry < ENTRIES; entry++) {
    const place = (entry / (ENTRIES - 1)) * (stops.length - 1);
    const low = stops[Math.floor(place)] ?? [0, 0, 0];
    const high = stops[Math.ceil(place)] ?? low;
    const part = place - Math.floor(place);
    for (const channel of [0, 1, 2] as const)
      bytes[4 * entry + channel] = low[channel] + part * (high[channel] - low[channel]);
    bytes[4 * entry + 3] = 255;
  }
  return new Uint32Array(bytes.buffer);
}

/** The table's entry for a value; beyond the range stands its end, and what is no number is its low end. */
export function entryOf(value: number, { low, high }: ValueRange): number {
  const place = ((value - low) / (high - low)) * (ENTRIES - 1);
  return place > 0 ? Math.min(ENTRIES - 1, Math.round(place)) : 0;
}
