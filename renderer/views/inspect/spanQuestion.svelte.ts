// LSTMVis's question to a network: which units are open in the chosen frames and closed elsewhere?
// Strobelt et al. 2018, “LSTMVis: a tool for visual analysis of hidden state dynamics in recurrent neural networks”.
import type { FoundUnit } from '../../../app/contract/inspectionQuestions';
import type { Bridge } from '../../bridge/bridge';
import type { Inspected, Series } from './inspected.svelte';
import type { UnitChoice } from './unitChoice.svelte';

/** Typing and dragging rest for so long before the engine is asked. */
const REST_MS = 120;
/** Less than this tells nothing. */
const LEAST_DIFFERENCE = 0.3;
/** From so much on a unit is open, until the person says otherwise. */
const USUAL = { gate: 0.7, signed: 0.4 };

export class SpanQuestion {
  threshold = $state(USUAL.gate);
  /** Best first; null while they are not known. */
  found = $state.raw<readonly FoundUnit[] | null>(null);
  readonly #bridge: Bridge;
  readonly #inspected: Inspected;
  readonly #choice: UnitChoice;

  constructor(bridge: Bridge, inspected: Inspected, choice: UnitChoice) {
    this.#bridge = bridge;
    this.#inspected = inspected;
    this.#choice = choice;
  }

  choose(series: Series): void {
    this.#choice.choose(series);
    this.threshold = USUAL[series.of.range];
  }

  /** For an effect: asks when what it reads has come to rest; an answer that is old by then is thrown away. */
  follow(): (() => void) | undefined {
    const { chosen } = this.#inspected.axis;
    const { threshold } = this;
    const { series } = this.#choice;
    this.found = null;
    if (!chosen || !series) return undefined;
    let isOld = false;
    const timer = setTimeout(() => {
      this.#ask(chosen, series, threshold).then(
        (units) => {
          if (!isOld) this.found = units;
        },
        (error: unknown) => {
          if (!isOld) this.#inspected.fail(error);
        },
      );
    }, REST_MS);
    return () => {
      isOld = true;
      clearTimeout(timer);
    };
  }

  async #ask(
    chosen: { readonly from: number; readonly end: number },
    { layer, direction, activation }: Series,
    threshold: number,
  ): Promise<readonly FoundUnit[]> {
    const { units } = await this.#bridge.request('inspection.select', {
      handle: this.#inspected.handle,
      fromStep: chosen.from,
      toStep: chosen.end,
      threshold,
      series: [{ layer, direction, activation }],
      outside: 'everywhere',
      leastDifference: LEAST_DIFFERENCE,
    });
    return units;
  }
}
