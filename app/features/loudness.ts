// How loud a frame is, read from its static values.
import { unreachable } from '../errors';
import type { FrontEndSettings, Normalisation } from './settings';

/**
 * Mean logarithm of the mel bands' power, in nats, up to a constant, of the static values that begin at `at`.
 * @param normalisation that was applied to the frames; its means do not count, since they are one constant
 */
export function loudnessNats(
  frames: Float32Array,
  at: number,
  { kind, coefficients, melBands }: Pick<FrontEndSettings, 'kind' | 'coefficients' | 'melBands'>,
  normalisation: Normalisation = { kind: 'none' },
): number {
  const deviation = (k: number): number =>
    normalisation.kind === 'none' ? 1 : (normalisation.standardDeviation[k] as number);
  switch (kind) {
    case 'mfcc':
      // c0 is the sum over B bands divided by √B.
      return ((frames[at] as number) * deviation(0)) / Math.sqrt(melBands);
    case 'log-mel': {
      let sum = 0;
      for (let k = 0; k < coefficients; k++) sum += (frames[at + k] as number) * deviation(k);
      return sum / coefficients;
    }
    default:
      return unreachable(kind);
  }
}
