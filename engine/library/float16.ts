// IEEE 754 half precision (binary16) for storing weights: 1 sign bit, 5 exponent bits, 10 fraction bits.

/** Largest value that half precision holds. */
export const FLOAT16_MAX = 65504;

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** Nearest half, ties to even; beyond its range the infinity. */
export function toFloat16(value: number): number {
  float[0] = value;
  const word = bits[0]!;
  const sign = (word >>> 16) & 0x8000;
  const magnitude = word & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // NaN
  if (magnitude >= 0x47800000) return sign | 0x7c00; // 65536 and above
  if (magnitude < 0x38800000) return sign | subnormalHalf(magnitude);
  // Rebias the exponent from 127 to 15 and round 13 bits away; a carry runs into the exponent, as it should.
  const rebased = magnitude - 0x38000000;
  return sign | ((rebased + 0xfff + ((rebased >>> 13) & 1)) >>> 13);
}

/** Below 2⁻¹⁴ a half counts units of 2⁻²⁴; the magnitude's bits are those of a single. */
function subnormalHalf(magnitude: number): number {
  bits[0] = magnitude;
  const units = float[0]! * 2 ** 24;
  const floor = Math.floor(units);
  const rest = units - floor;
  const roundsUp = rest > 0.5 || (rest === 0.5 && floor % 2 === 1);
  return floor + (roundsUp ? 1 : 0);
}

/** Exact. */
export function fromFloat16(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
