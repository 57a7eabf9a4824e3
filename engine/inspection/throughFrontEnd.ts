// From gradients by the features to gradients by the log mel bands under them: back through normalisation, slopes and cosine
// transform, all of which are linear.
import type { FrontEndSettings } from '../../app/features/settings';
import type { Rows } from './saliency';

/**
 * ∂L/∂(log mel bands), [frames, bands], of the same and the neighbouring frames; null where the normalisation follows the
 * sound.
 * @param frames of the whole sound
 */
export function toLogMel(gradient: Rows, settings: FrontEndSettings, frames: number): Rows | null {
  const { normalisation, deltas, deltaSpan, coefficients, melBands, kind } = settings;
  const deviation = normalisation.kind === 'training-statistics' ? normalisation.standardDeviation : null;
  if (deviation === null && normalisation.kind !== 'none') return null;
  const margin = deltas * deltaSpan;
  const first = Math.max(0, gradient.first - margin);
  const count = Math.min(frames, gradient.first + gradient.count + margin) - first;
  const span: FrameSpan = { first, count, frames };
  const orders = Array.from({ length: deltas + 1 }, (_, order) => {
    const values = new Float32Array(count * coefficients);
    for (let row = 0; row < gradient.count; row++)
      for (let k = 0; k < coefficients; k++) {
        const d = order * coefficients + k;
        const value = gradient.values[row * gradient.width + d]! / (deviation?.[d] ?? 1);
        values[(gradient.first - first + row) * coefficients + k] = value;
      }
    return values;
  });
  // The slopes of the highest order are those of the order below.
  const statics = orders.reduceRight((above, below) => {
    slopesBack(above, below, span, coefficients, deltaSpan);
    return below;
  });
  const values = kind === 'log-mel' ? statics : cosineBack(statics, count, coefficients, melBands);
  return { first, count, width: melBands, values };
}

/** Rows [first, first + count) of so many frames. */
interface FrameSpan {
  readonly first: number;
  readonly count: number;
  readonly frames: number;
}

/** Adds to the gradient of frames what comes from that of their slopes; see DeltaStage. */
function slopesBack(slopes: Float32Array, into: Float32Array, span: FrameSpan, width: number, reach: number): void {
  const { first, count, frames } = span;
  let squares = 0;
  for (let n = 1; n <= reach; n++) squares += n * n;
  const at = (t: number): number => Math.max(0, Math.min(frames - 1, t)) - first;
  for (let row = 0; row < count; row++)
    for (let n = 1; n <= reach; n++) {
      const [later, earlier] = [at(first + row + n), at(first + row - n)];
      for (let k = 0; k < width; k++) {
        const value = (n * slopes[row * width + k]!) / (2 * squares);
        // Outside the span no slope has a gradient.
        if (value === 0) continue;
        into[later * width + k]! += value;
        into[earlier * width + k]! -= value;
      }
    }
}

/** The transpose of the orthonormal DCT-II: [count, coefficients] → [count, bands]. */
function cosineBack(values: Float32Array, count: number, coefficients: number, bands: number): Float32Array {
  const table = Float64Array.from({ length: coefficients * bands }, (_, at) => {
    const [k, band] = [Math.floor(at / bands), at % bands];
    return Math.sqrt((k === 0 ? 1 : 2) / bands) * Math.cos((Math.PI * k * (band + 0.5)) / bands);
  });
  const out = new Float32Array(count * bands);
  for (let row = 0; row < count; row++)
    for (let band = 0; band < bands; band++) {
      let sum = 0;
      for (let k = 0; k < coefficients; k++) sum += values[row * coefficients + k]! * table[k * bands + band]!;
      out[row * bands + band] = sum;
    }
  return out;
}
