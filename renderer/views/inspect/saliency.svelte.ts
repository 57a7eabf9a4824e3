// Which parts of the sound moved a symbol: the gradient of one class at one step with regard to what the network saw.
import type { ReplyOf } from '../../../app/contract/messages';
import type { Bridge } from '../../bridge/bridge';
import type { Inspected } from './inspected.svelte';

export interface Moved {
  readonly classIndex: number;
  readonly step: number;
  readonly firstFrame: number;
  /** Over the log-mel bands, or over the features where the front end is not linear in the bands. */
  readonly of: 'logMel' | 'features';
  readonly width: number;
  /** Size of the gradient over the largest, 0 to 1, [frames, width]. */
  readonly shares: Float32Array;
}

export class Saliency {
  moved = $state.raw<Moved | null>(null);
  isWorking = $state(false);
  readonly #bridge: Bridge;
  readonly #inspected: Inspected;
  #asked = 0;

  constructor(bridge: Bridge, inspected: Inspected) {
    this.#bridge = bridge;
    this.#inspected = inspected;
  }

  async ask(step: number, classIndex: number): Promise<void> {
    const asked = ++this.#asked;
    this.isWorking = true;
    try {
      const { handle } = this.#inspected;
      const reply = await this.#bridge.request('inspection.saliency', { handle, step, classIndex, of: 'logPosterior' });
      if (asked === this.#asked) this.moved = movedBy(reply, step, classIndex);
    } catch (error) {
      if (asked === this.#asked) this.#inspected.fail(error);
    } finally {
      if (asked === this.#asked) this.isWorking = false;
    }
  }

  clear(): void {
    this.#asked += 1;
    this.isWorking = false;
    this.moved = null;
  }
}

function movedBy(
  { firstFrame, frames, features, logMel }: ReplyOf<'inspection.saliency'>,
  step: number,
  classIndex: number,
): Moved {
  const isOfBands = logMel.length > 0;
  const gradient = isOfBands ? logMel : features;
  const largest = gradient.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  return {
    classIndex,
    step,
    firstFrame,
    of: isOfBands ? 'logMel' : 'features',
    width: frames === 0 ? 0 : gradient.length / frames,
    shares: gradient.map((value) => Math.abs(value) / largest),
  };
}
