// What units do over many sounds: how far gates stand open, what never moves, how long memories last.
import type { ActivationSeries, InspectedActivation, InspectedLayer } from '../../app/contract/inspection';
import type { StepSignal, SurveyResult } from '../../app/contract/inspectionQuestions';
import { seriesName, turnOfOthers } from './activations';
import type { Inspection } from './inspection';
import { CorrelationSums } from './correlationSums';
import { everySeries } from './selection';
import { signalsOf, stepSignals } from './stepSignals';

type Statistics = Extract<SurveyResult, { readonly kind: 'statistics' }>;

const OPEN = 0.5;
const HIGH = 0.9;
const LOW_GATE = 0.1;
const LOW_SIGNED = -0.9;
/** A hidden value that deviates less is dead. */
const DEAD_DEVIATION = 1e-3;
const PIECE_ROWS = 256;
/** The gate that says how much of the memory is kept: c′ = f∘c + …, h′ = z∘h + … */
const KEEP_GATES: readonly string[] = ['forgetGate', 'updateGate'];

/** Sums over all steps that were heard, of each unit. */
class Sums {
  readonly value: Float64Array;
  readonly square: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly compared: CorrelationSums;
  readonly #lowBelow: number;

  constructor({ units, range }: InspectedActivation, signals: number) {
    const sums = (): Float64Array => new Float64Array(units);
    [this.value, this.square, this.open, this.high, this.low] = [sums(), sums(), sums(), sums(), sums()];
    this.compared = new CorrelationSums(units, signals);
    this.#lowBelow = range === 'gate' ? LOW_GATE : LOW_SIGNED;
  }
  /** @param values rows of all units */
  add(values: Float32Array): void {
    const units = this.value.length;
    for (let k = 0; k < values.length; k++) {
      const [unit, x] = [k % units, values[k]!];
      this.value[unit]! += x;
      this.square[unit]! += x * x;
      if (x > OPEN) this.open[unit]!++;
      if (x > HIGH) this.high[unit]!++;
      if (x < this.#lowBelow) this.low[unit]!++;
    }
  }
  of(steps: number) {
    const share = (sums: Float64Array): Float32Array => Float32Array.from(sums, (sum) => sum / Math.max(1, steps));
    const mean = share(this.value);
    const deviation = share(this.square).map((square, unit) => Math.sqrt(Math.max(0, square - mean[unit]! ** 2)));
    return { mean, deviation, open: share(this.open), high: share(this.high), low: share(this.low) };
  }
}

export class UnitStatistics {
  readonly takes = 'inspections';
  readonly #sums = new Map<string, Sums>();
  #layers: readonly InspectedLayer[] = [];
  #series: readonly ActivationSeries[] = [];
  #signals: readonly StepSignal[] = [];
  #stepMs = 0;
  #sounds = 0;
  #steps = 0;

  async add(inspection: Inspection): Promise<void> {
    const { layers, steps, stepMs } = inspection.description;
    [this.#layers, this.#stepMs, this.#series] = [layers, stepMs, everySeries(inspection)];
    this.#signals = signalsOf(inspection.description);
    const signals = await stepSignals(inspection, this.#signals);
    for (const series of this.#series) {
      const { rows, read } = await inspection.series(series);
      const sums = this.#sumsOf(series);
      for (let first = 0; first < rows; first += PIECE_ROWS) {
        const values = await read(first, PIECE_ROWS);
        sums.add(values);
        sums.compared.add(values, signals, first);
        await turnOfOthers();
      }
    }
    this.#sounds++;
    this.#steps += steps;
  }

  result(leftOut: number): Statistics {
    return {
      kind: 'statistics',
      sounds: this.#sounds,
      steps: this.#steps,
      leftOut,
      signals: [...this.#signals],
      series: this.#series.map((series) => {
        const sums = this.#sumsOf(series);
        return { ...series, ...sums.of(this.#steps), correlations: sums.compared.correlations() };
      }),
      readings: this.#layers.flatMap((layer) => layer.directions.map((direction) => this.#readingOf(layer, direction))),
    };
  }

  #readingOf(
    { index, activations }: InspectedLayer,
    direction: ActivationSeries['direction'],
  ): Statistics['readings'][number] {
    const of = (activation: string) => this.#sumsOf({ layer: index, direction, activation }).of(this.#steps);
    const keepGate = activations.find(({ name }) => KEEP_GATES.includes(name))?.name ?? null;
    const kept = keepGate === null ? new Float32Array(0) : of(keepGate).mean;
    const timeConstantSteps = kept.map((mean) => (mean >= 1 ? Infinity : -1 / Math.log(mean)));
    const still = [...of('hidden').deviation.entries()].filter(([, deviation]) => deviation < DEAD_DEVIATION);
    return {
      layer: index,
      direction,
      keepGate,
      timeConstantSteps,
      timeConstantMs: timeConstantSteps.map((steps) => steps * this.#stepMs),
      deadUnits: Int32Array.from(still, ([unit]) => unit),
    };
  }

  #sumsOf({ layer, direction, activation }: ActivationSeries): Sums {
    const name = seriesName(layer, direction, activation);
    const known = this.#sums.get(name);
    if (known !== undefined) return known;
    const made = new Sums(
      this.#layers[layer]!.activations.find(({ name: own }) => own === activation)!,
      this.#signals.length,
    );
    this.#sums.set(name, made);
    return made;
  }
}
