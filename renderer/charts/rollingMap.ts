// A heat map of the newest seconds: a ring of steps, each painted once into a column of its own and moved from then on.
import type { Surface } from './canvas';
import { heatPixels, type HeatStyle } from './heatPixels';
import { pixelsPerMs, type Span } from './timeAxis';

/** Steps [from, end). */
interface Steps {
  readonly from: number;
  readonly end: number;
}

export class RollingMap {
  readonly units: number;
  /** Steps that are held: the newest ones. */
  readonly capacity: number;
  /** [capacity, units]; step s stands at s mod capacity. */
  readonly #values: Float32Array;
  /** Whether a place holds the step that belongs there; where steps were left out it does not. */
  readonly #isHere: Uint8Array;
  #end = 0;
  #unpainted: Steps = { from: 0, end: 0 };
  #style: HeatStyle | null = null;
  #picture: HTMLCanvasElement | null = null;

  constructor(units: number, capacity: number) {
    this.units = units;
    this.capacity = capacity;
    this.#values = new Float32Array(units * capacity);
    this.#isHere = new Uint8Array(capacity);
  }

  /** The step after the newest one. */
  get end(): number {
    return this.#end;
  }

  /** Takes steps from `firstStep` on [n, units]; steps that are there already are replaced, steps between are a gap. */
  put(firstStep: number, values: Float32Array): void {
    const steps = values.length / this.units;
    const end = Math.max(this.#end, firstStep + steps);
    const oldest = Math.max(0, end - this.capacity);
    for (let step = Math.max(this.#end, oldest); step < firstStep; step++) this.#isHere[step % this.capacity] = 0;
    const from = Math.max(firstStep, oldest);
    for (let step = from; step < firstStep + steps; step++) {
      const row = (step - firstStep) * this.units;
      this.#values.set(values.subarray(row, row + this.units), (step % this.capacity) * this.units);
      this.#isHere[step % this.capacity] = 1;
    }
    this.#unpainted = { from: Math.max(oldest, Math.min(this.#unpainted.from, this.#end, from)), end };
    this.#end = end;
  }

  /** Every unit at the newest step; empty where there is none yet. */
  newest(): Float32Array {
    if (this.#end === 0) return new Float32Array(0);
    const row = ((this.#end - 1) % this.capacity) * this.units;
    return this.#values.slice(row, row + this.units);
  }

  /** All steps that are held, oldest first [n, units]; NaN where steps were left out. */
  held(): { readonly firstStep: number; readonly values: Float32Array } {
    const firstStep = Math.max(0, this.#end - this.capacity);
    const values = new Float32Array((this.#end - firstStep) * this.units);
    for (let step = firstStep; step < this.#end; step++) {
      const place = step % this.capacity;
      const row = values.subarray((step - firstStep) * this.units, (step - firstStep + 1) * this.units);
      if (this.#isHere[place] === 0) row.fill(NaN);
      else row.set(this.#values.subarray(place * this.units, (place + 1) * this.units));
    }
    return { firstStep, values };
  }

  /** Forgets everything. */
  clear(): void {
    this.#isHere.fill(0);
    this.#end = 0;
    this.#unpainted = { from: 0, end: 0 };
    this.#style = null;
  }

  /** Draws the steps of the span that end by `untilMs`. */
  draw({ context, width, height }: Surface, span: Span, stepMs: number, untilMs: number, style: HeatStyle): void {
    const picture = this.#painted(style);
    const scale = pixelsPerMs(span, width);
    const from = Math.max(0, this.#end - this.capacity, Math.floor(span.startMs / stepMs));
    const end = Math.min(this.#end, Math.ceil(span.endMs / stepMs), Math.floor(untilMs / stepMs));
    for (const part of this.#parts({ from, end })) {
      const [first, count] = [part.from % this.capacity, part.end - part.from];
      const x = (part.from * stepMs - span.startMs) * scale;
      context.drawImage(picture, first, 0, count, picture.height, x, 0, count * stepMs * scale, height);
    }
  }

  #painted(style: HeatStyle): HTMLCanvasElement {
    const picture = (this.#picture ??= document.createElement('canvas'));
    if (this.#style !== style) {
      picture.width = this.capacity;
      picture.height = style.rows;
      this.#style = style;
      this.#unpainted = { from: Math.max(0, this.#end - this.capacity), end: this.#end };
    }
    const context = picture.getContext('2d');
    if (context) for (const part of this.#parts(this.#unpainted)) this.#paint(context, part, style);
    this.#unpainted = { from: this.#end, end: this.#end };
    return picture;
  }

  #paint(context: CanvasRenderingContext2D, { from, end }: Steps, style: HeatStyle): void {
    const first = from % this.capacity;
    const values = this.#values.subarray(first * this.units, (first + end - from) * this.units);
    const image = heatPixels({ values, units: this.units }, style);
    if (image) context.putImageData(image, first, 0);
    for (let place = first; place < first + end - from; place++)
      if (this.#isHere[place] === 0) context.clearRect(place, 0, 1, style.rows);
  }

  /** Steps in pieces that lie side by side in the ring. */
  #parts({ from, end }: Steps): Steps[] {
    if (end <= from) return [];
    const turn = from - (from % this.capacity) + this.capacity;
    return end <= turn
      ? [{ from, end }]
      : [
          { from, end: turn },
          { from: turn, end },
        ];
  }
}
