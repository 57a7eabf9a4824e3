// Features as a grey picture: what was measured from the world is ink. Drawn at the data's own resolution.

/** How the values of each coefficient become grey: the same for pictures that are compared. */
export interface FeatureScale {
  /** [coefficients] */
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
}

/** Standard deviations from the mean, at which paper and ink are reached. */
const REACH = 2;

/** Mean and standard deviation of each coefficient. @param features [frames, coefficients] */
export function featureScale(features: Float32Array, coefficients: number): FeatureScale {
  const frames = Math.max(1, features.length / coefficients);
  const mean = new Float64Array(coefficients);
  const deviation = new Float64Array(coefficients);
  features.forEach((value, index) => (mean[index % coefficients]! += value / frames));
  features.forEach((value, index) => {
    const k = index % coefficients;
    deviation[k]! += (value - (mean[k] ?? 0)) ** 2 / frames;
  });
  return { mean, deviation: deviation.map((square) => Math.sqrt(square) || 1) };
}

/** A map's stops, low to high, as red, green and blue from 0 to 255. */
export type Stops = readonly (readonly [number, number, number])[];

/** The stops of a token such as `--map-sound`, in the present theme. */
export function readStops(token: string): Stops {
  const text = getComputedStyle(document.documentElement).getPropertyValue(token);
  return stopsOf(text);
}

/** Hexadecimal colours, parted by commas; a builder of style sheets shortens #ffffff to #fff. */
export function stopsOf(text: string): Stops {
  return text.split(',').map((colour) => {
    const digits = colour.trim().slice(1);
    const long = digits.length === 3 ? [...digits].map((digit) => digit + digit).join('') : digits;
    const value = parseInt(long, 16);
    return [value >> 16, (value >> 8) & 255, value & 255] as const;
  });
}

/**
 * One pixel a value, time to the right, the first coefficient at the bottom, [frames, coefficients] → RGBA.
 * @returns width frames, height coefficients
 */
export function featurePixels(
  features: Float32Array,
  coefficients: number,
  { mean, deviation }: FeatureScale,
  stops: Stops,
): ImageData {
  const frames = Math.max(1, features.length / coefficients);
  const image = new ImageData(frames, coefficients);
  features.forEach((value, index) => {
    const frame = Math.floor(index / coefficients);
    const k = index % coefficients;
    const z = (value - (mean[k] ?? 0)) / (deviation[k] ?? 1);
    const at = 4 * ((coefficients - 1 - k) * frames + frame);
    image.data.set([...colourAt(stops, (z + REACH) / (2 * REACH)), 255], at);
  });
  return image;
}

function colourAt(stops: Stops, share: number): [number, number, number] {
  const place = Math.max(0, Math.min(1, share)) * (stops.length - 1);
  const low = stops[Math.floor(place)] ?? [0, 0, 0];
  const high = stops[Math.ceil(place)] ?? low;
  const part = place - Math.floor(place);
  const mixed = (channel: 0 | 1 | 2): number => low[channel] + part * (high[channel] - low[channel]);
  return [mixed(0), mixed(1), mixed(2)];
}
