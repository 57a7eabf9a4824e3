// How far memory reaches: the size of ∂(hidden after a step) / ∂(memory k steps before) against k, of two networks that hear one sound.
import type { ActivationSeries } from '../../../app/contract/inspection';
import type { ErrorMessage } from '../../../app/contract/errorMessage';
import type { ReplyOf } from '../../../app/contract/messages';
import { errorMessageOf, type Bridge } from '../../bridge/bridge';
import type { Inspected } from './inspected.svelte';

/** So far back, in steps of the network that is open. */
const LAGS = 150;

export type Reading = Pick<ActivationSeries, 'layer' | 'direction'>;
export interface ReachCurve {
  /** Whose memory, as the cell names it: "hidden", "cell". */
  readonly memory: string;
  /** k = 0 …, on the clock of the network that is open. */
  readonly norms: readonly number[];
}
export interface Reached {
  readonly atMs: number;
  readonly own: readonly ReachCurve[];
  /** Of the other network; empty where there is none. */
  readonly other: readonly ReachCurve[];
  /** The other network's name, for people. */
  readonly otherName: string;
  /** Random directions that the norms were estimated from; 0 where they are exact. */
  readonly directions: number;
}
interface Other {
  readonly modelId: string;
  readonly name: string;
}

export class Reach {
  reached = $state.raw<Reached | null>(null);
  isWorking = $state(false);
  error = $state.raw<ErrorMessage | null>(null);
  readonly #bridge: Bridge;
  #asked = 0;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  async run(inspected: Inspected, reading: Reading, step: number, other: Other | null): Promise<void> {
    const asked = ++this.#asked;
    [this.isWorking, this.error] = [true, null];
    try {
      const reached = await this.#measure(inspected, reading, step, other);
      if (asked === this.#asked) this.reached = reached;
    } catch (error) {
      if (asked !== this.#asked) return;
      this.error = errorMessageOf(error);
      if (this.error === null) throw error;
    } finally {
      if (asked === this.#asked) this.isWorking = false;
    }
  }

  /** Of another sound or network nothing is known. */
  clear(): void {
    this.#asked += 1;
    [this.reached, this.isWorking, this.error] = [null, false, null];
  }

  async #measure(
    { handle, sound, inspection: { stepMs } }: Inspected,
    reading: Reading,
    step: number,
    other: Other | null,
  ): Promise<Reached> {
    const own = await this.#bridge.request('inspection.reach', { handle, ...reading, step, lags: LAGS });
    const reached = {
      atMs: step * stepMs,
      own: curvesOf(own, 1, LAGS),
      other: [],
      otherName: '',
      directions: directionsOf(own),
    };
    if (other === null) return reached;
    const open = await this.#bridge.request('inspection.open', { sound, modelId: other.modelId });
    try {
      // Its own step at the same time, and its lags on the clock of the first.
      const scale = stepMs / open.stepMs;
      const otherStep = Math.max(0, Math.min(open.steps - 1, Math.round(step * scale)));
      const layer = Math.min(reading.layer, open.layers.length - 1);
      const directions = open.layers[layer]?.directions ?? [];
      const direction = directions.includes(reading.direction) ? reading.direction : 'forward';
      const answer = await this.#bridge.request('inspection.reach', {
        handle: open.handle,
        layer,
        direction,
        step: otherStep,
        lags: Math.max(1, Math.ceil(LAGS * scale)),
      });
      return {
        ...reached,
        other: curvesOf(answer, scale, LAGS),
        otherName: other.name,
        directions: Math.max(reached.directions, directionsOf(answer)),
      };
    } finally {
      await this.#bridge.request('inspection.close', { handle: open.handle });
    }
  }
}

type Answer = ReplyOf<'inspection.reach'>;
const directionsOf = ({ method, directions }: Answer): number => (method === 'sampled' ? directions : 0);

/** @param scale steps of its own network for one lag */
function curvesOf({ memories }: Answer, scale: number, lags: number): ReachCurve[] {
  return memories.map(({ name, norms }) => ({
    memory: name,
    norms: Array.from({ length: lags + 1 }, (_, k) => Math.round(k * scale))
      .filter((k) => k < norms.length)
      .map((k) => norms[k] ?? 0),
  }));
}
