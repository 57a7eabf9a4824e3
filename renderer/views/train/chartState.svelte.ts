// How the figures of a run are looked at: which steps, which step the cursor is on, and in what form the loss is drawn.
import { spanLength, type StepSpan } from '../../charts/envelope';
import { movedSpan, selectedSpan, zoomedSpan } from '../../charts/stepWindow';

export const SMOOTHINGS = [1, 10, 30, 100, 300, 1000] as const;

/** A short run would be smoothed away. */
const PARTS = 20;
const USUAL_MOST = 30;
export const suitedSmoothing = (length: number): number =>
  [...SMOOTHINGS].reverse().find((steps) => steps <= USUAL_MOST && steps * PARTS <= length) ?? 1;

export class ChartState {
  /** Steps that the person zoomed to; null for all, also those to come. */
  zoomed = $state.raw<StepSpan | null>(null);
  whole = $state.raw<StepSpan>({ from: 0, to: 100 });
  /** Null where no step is pointed at. */
  cursor = $state<number | null>(null);
  isLog = $state(true);
  /** Steps after which a loss counts 1/e in the smoothed curve, as the person chose; null: as suits the run's length. */
  chosenSmoothing = $state<number | null>(null);
  /** Steps of the run. */
  length = $state(0);
  readonly smoothing = $derived(this.chosenSmoothing ?? suitedSmoothing(this.length));
  /** Of the plot, in CSS pixels. */
  columns = $state(600);

  readonly span = $derived(this.zoomed ?? this.whole);

  zoom(factor: number, around = this.#middle()): void {
    this.zoomed = zoomedSpan(this.span, factor, around, this.whole);
  }
  /** By a share of what is seen, positive to later steps. */
  move(share: number): void {
    if (this.zoomed)
      this.zoomed = movedSpan(this.zoomed, this.zoomed.from + share * spanLength(this.zoomed), this.whole);
  }
  select(one: number, other: number): void {
    this.zoomed = selectedSpan(one, other, this.whole) ?? this.zoomed;
  }
  fit(): void {
    this.zoomed = null;
  }
  /** Puts the cursor on a step; what is seen follows it. */
  lookAt(step: number): void {
    this.cursor = Math.round(step);
    const { zoomed } = this;
    if (zoomed && (step < zoomed.from || step > zoomed.to))
      this.zoomed = movedSpan(zoomed, step - spanLength(zoomed) / 2, this.whole);
  }

  #middle(): number {
    return this.cursor ?? (this.span.from + this.span.to) / 2;
  }
}
