// LSTMVis's question to a network: which units are open in the chosen frames and closed elsewhere?
// Strobelt et al. 2018, “LSTMVis: a tool for visual analysis of hidden state dynamics in recurrent neural networks”.
import type { FoundUnit } from '../../../app/contract/inspectionQuestions';
import type { Bridge } from '../../bridge/bridge';
import { seriesOf, type Inspected, type Series } from './inspected.svelte';

/** Typing and dragging rest for so long before the engine is asked. */
const REST_MS = 120;
/** Less than this tells nothing. */
const LEAST_DIFFERENCE = 0.3;

export class SpanQuestion {
  series = $state.raw<Series>();
  threshold = $state(0.7);
  /** Best first; null while they are not known. */
  found = $state.raw<readonly FoundUnit[] | null>(null);
  /** Those that were pressed; none: all that were found. */
  pressed = $state.raw<readonly number[]>([]);
  readonly all: readonly Series[];
  readonly #bridge: Bridge;
  readonly #inspected: Inspected;

  constructor(bridge: Bridge, inspected: Inspected) {
    this.#bridge = bridge;
    this.#inspected = inspected;
    this.all = inspected.inspection.layers.flatMap(seriesOf);
    this.series = this.all.find(({ of }) => of.range === 'gate' && /forget|update/.test(of.name)) ?? this.all[0];
  }

  /** The units that are meant: of them a pattern is made, and with them an experiment. */
  readonly units: readonly number[] = $derived.by(() =>
    this.pressed.length > 0 ? this.pressed : (this.found ?? []).map(({ unit }) => unit),
  );

  choose(series: Series): void {
    this.series = series;
    this.pressed = [];
    this.threshold = series.of.range === 'gate' ? 0.7 : 0.4;
  }

  press(unit: number): void {
    this.pressed = this.pressed.includes(unit) ? this.pressed.filter((each) => each !== unit) : [...this.pressed, unit];
  }

  /** For an effect: asks when what it reads has come to rest; an answer that is old by then is thrown away. */
  follow(): (() => void) | undefined {
    const { chosen } = this.#inspected.axis;
    const { series, threshold } = this;
    this.found = null;
    this.pressed = [];
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
