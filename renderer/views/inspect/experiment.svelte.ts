// What if: the same sound through a network whose gates are held, whose units are silenced, or whose memory is emptied.
import type { Intervention } from '../../../app/contract/inspectionQuestions';
import type { InspectedText } from '../../../app/contract/inspection';
import type { Character } from '../../../app/contract/recognition';
import type { Piece } from '../../../app/contract/runs';
import type { Bridge } from '../../bridge/bridge';
import type { Inspected } from './inspected.svelte';
import { changeCount, textPieces } from './textPieces';
import { writtenText } from './writtenText';

export interface Outcome {
  /** What was done, in words. */
  readonly what: string;
  readonly heard: string;
  readonly changed: string;
  /** By how much the posteriors differ at every step, 0 to 1. */
  readonly steps: Float32Array;
  readonly pieces: readonly Piece[];
  readonly changes: number;
  /** Where the first symbol differs, in milliseconds; null where none does. */
  readonly firstMs: number | null;
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
      const [heard, now] = [writtenText(before), writtenText(after)];
      const pieces = textPieces(heard, now);
      return {
        what,
        heard,
        changed: now,
        steps,
        pieces,
        changes: changeCount(pieces),
        firstMs: firstDifference(before, after),
      };
    } finally {
      await this.#bridge.request('inspection.close', { handle: changed.handle });
    }
  }
}

/** The first character that differs by its symbol, where it was heard first. */
function firstDifference(one: InspectedText, other: InspectedText): number | null {
  const [a, b] = [one, other].map(({ utterances }) =>
    utterances.flatMap(({ words }) => words.flatMap(({ characters }) => characters)),
  ) as [Character[], Character[]];
  for (let at = 0; at < Math.max(a.length, b.length); at++)
    if (a[at]?.symbol !== b[at]?.symbol) return Math.min(a[at]?.startMs ?? Infinity, b[at]?.startMs ?? Infinity);
  return null;
}
