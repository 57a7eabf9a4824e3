// What if: the same sound through a network whose gates are held, whose units are silenced, or whose memory is emptied.
import type { Intervention } from '../../../app/contract/inspectionQuestions';
import type { InspectedText } from '../../../app/contract/inspection';
import type { Piece } from '../../../app/contract/runs';
import type { Bridge } from '../../bridge/bridge';
import type { Inspected } from './inspected.svelte';
import { changeCount, textPieces } from './textPieces';

export interface Outcome {
  /** What was done, in words. */
  readonly what: string;
  readonly heard: string;
  readonly changed: string;
  readonly pieces: readonly Piece[];
  readonly changes: number;
  /** The step at which the output differs most, and by how much: half the sum of |p − q|, 0 to 1. */
  readonly step: number;
  readonly most: number;
  /** The same of every step. */
  readonly difference: Float32Array;
}

export class Experiment {
  outcome = $state.raw<Outcome | null>(null);
  isWorking = $state(false);
  readonly #bridge: Bridge;
  readonly #inspected: Inspected;
  #asked = 0;

  constructor(bridge: Bridge, inspected: Inspected) {
    this.#bridge = bridge;
    this.#inspected = inspected;
  }

  /** Tries it; an older try that is under way is forgotten. */
  async run(interventions: readonly Intervention[], what: string): Promise<void> {
    const asked = ++this.#asked;
    this.isWorking = true;
    try {
      const outcome = await this.#try(interventions, what);
      if (asked === this.#asked) this.outcome = outcome;
    } catch (error) {
      if (asked === this.#asked) this.#inspected.fail(error);
    } finally {
      if (asked === this.#asked) this.isWorking = false;
    }
  }

  clear(): void {
    this.#asked += 1;
    this.isWorking = false;
    this.outcome = null;
  }

  async #try(interventions: readonly Intervention[], what: string): Promise<Outcome> {
    const { handle } = this.#inspected;
    const changed = await this.#bridge.request('inspection.whatIf', { handle, interventions: [...interventions] });
    try {
      const [before, after, { steps }] = await Promise.all([
        this.#bridge.request('inspection.text', { handle }),
        this.#bridge.request('inspection.text', { handle: changed.handle }),
        this.#bridge.request('inspection.difference', { handle, other: changed.handle }),
      ]);
      const [heard, now] = [written(before), written(after)];
      const pieces = textPieces(heard, now);
      const step = steps.reduce((best, value, index) => (value > (steps[best] ?? 0) ? index : best), 0);
      return {
        what,
        heard,
        changed: now,
        pieces,
        changes: changeCount(pieces),
        step,
        most: steps[step] ?? 0,
        difference: steps,
      };
    } finally {
      await this.#bridge.request('inspection.close', { handle: changed.handle });
    }
  }
}

/** As the network wrote it, words that it does not know among them. */
const written = ({ utterances }: InspectedText): string =>
  utterances.map(({ words }) => words.map(({ text }) => text || '…').join(' ')).join('\n');
