// At which values the colours of the maps begin and end, as the person wants it.
import type { ValueRange } from '../../charts/colourTable';
import { roundUp } from '../../charts/axisSteps';
import type { InspectedActivation } from '../../../app/contract/inspection';
import type { Extent } from './inspected.svelte';

const GATE: ValueRange = { low: 0, high: 1 };

export class Ranges {
  gate = $state.raw<ValueRange>(GATE);
  /** Signed values of ± so much have the strongest colours; null: as the values of each figure lie. */
  reach = $state<number | null>(null);

  setGate(low: number, high: number): void {
    if (high > low) this.gate = { low, high };
  }
  resetGate(): void {
    this.gate = GATE;
  }

  /** @param extent null while it is not known */
  of({ range, bound }: Pick<InspectedActivation, 'range' | 'bound'>, extent: Extent | null): ValueRange {
    if (range === 'gate') return this.gate;
    const largest = extent === null ? (bound ?? 1) : Math.max(extent.reach, 1e-6);
    const reach = this.reach ?? roundUp(Math.min(bound ?? Infinity, largest));
    return { low: -reach, high: reach };
  }
}
