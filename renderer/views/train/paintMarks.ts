// What stands on the curves of a run: the best epoch, skipped steps, the threshold of clipping and what is over it.
import type uPlot from 'uplot';
import type { Palette } from '../../charts/canvas';
import { spanLength, type StepSpan } from '../../charts/envelope';

const BEST_RADIUS = 6;
const LABEL_GAP = 17;
const SKIPPED_LENGTH = 7;
const DOT_RADIUS = 2;
/** With more steps than this to a column their cloud is drawn as bars from the lowest to the highest. */
const STEPS_PER_COLUMN = 6;
const CLOUD_ALPHA = 0.4;

/** Draws in CSS pixels, inside the plot's own rectangle where asked. */
function inPixels(chart: uPlot, isClipped: boolean, draw: (context: CanvasRenderingContext2D) => void): void {
  const { ctx, bbox } = chart;
  const density = window.devicePixelRatio || 1;
  ctx.save();
  if (isClipped) {
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
  }
  ctx.scale(density, density);
  draw(ctx);
  ctx.restore();
}
/** Where a point lies on the canvas, in CSS pixels. */
function place(chart: uPlot, step: number, value: number): { readonly x: number; readonly y: number } {
  const density = window.devicePixelRatio || 1;
  return { x: chart.valToPos(step, 'x', true) / density, y: chart.valToPos(value, 'y', true) / density };
}

export interface BestMark {
  readonly step: number;
  readonly value: number;
  readonly label: string;
}

/** A ring round the best epoch, its name above. */
export function paintBest(chart: uPlot, palette: Palette, best: BestMark, fontPx: number): void {
  const { x, y } = place(chart, best.step, best.value);
  inPixels(chart, false, (context) => {
    const { bbox } = chart;
    const density = window.devicePixelRatio || 1;
    if (x < bbox.left / density - 1 || x > (bbox.left + bbox.width) / density + 1) return;
    context.strokeStyle = palette.ink;
    context.lineWidth = 1.5;
    context.beginPath();
    context.arc(x, y, BEST_RADIUS, 0, 2 * Math.PI);
    context.stroke();
    context.font = `600 ${fontPx}px ${palette['font-ui']}`;
    context.textBaseline = 'middle';
    const half = context.measureText(best.label).width / 2;
    context.textAlign = 'center';
    const right = (bbox.left + bbox.width) / density;
    const at = Math.min(right - half, Math.max(bbox.left / density + half, x));
    context.lineWidth = 4;
    context.strokeStyle = palette.sheet;
    context.strokeText(best.label, at, y - LABEL_GAP);
    context.fillStyle = palette.ink;
    context.fillText(best.label, at, y - LABEL_GAP);
  });
}

/** A short stroke at the foot for each step that was left out. */
export function paintSkipped(chart: uPlot, palette: Palette, isSkipped: Uint8Array, span: StepSpan): void {
  const { bbox } = chart;
  const density = window.devicePixelRatio || 1;
  const foot = (bbox.top + bbox.height) / density;
  inPixels(chart, true, (context) => {
    context.fillStyle = palette.doubt;
    const end = Math.min(isSkipped.length, Math.ceil(span.to));
    for (let step = Math.max(0, Math.floor(span.from)); step < end; step++)
      if (isSkipped[step] === 1)
        context.fillRect(chart.valToPos(step, 'x', true) / density - 1, foot - SKIPPED_LENGTH, 2, SKIPPED_LENGTH);
  });
}

export interface NormMarks {
  readonly norms: Float32Array;
  readonly span: StepSpan;
  readonly threshold: number | null;
  readonly label: string;
}

/** Norms as a cloud; those over the threshold stand on it as stems. */
export function paintNorms(chart: uPlot, palette: Palette, marks: NormMarks, fontPx: number): void {
  inPixels(chart, true, (context) => {
    const columns = columnsOf(chart, marks);
    context.fillStyle = palette.s1;
    context.globalAlpha = CLOUD_ALPHA;
    for (const { x, top, bottom } of columns.cloud) context.fillRect(x - 0.65, top, 1.3, Math.max(1.3, bottom - top));
    context.globalAlpha = 1;
    if (marks.threshold !== null) paintThreshold(context, chart, palette, marks.threshold, columns.over);
  });
  if (marks.threshold === null) return;
  const { y } = place(chart, 0, marks.threshold);
  inPixels(chart, false, (context) => {
    context.font = `${fontPx}px ${palette['font-ui']}`;
    context.textAlign = 'right';
    context.textBaseline = 'bottom';
    const right = (chart.bbox.left + chart.bbox.width) / (window.devicePixelRatio || 1);
    context.lineWidth = 4;
    context.strokeStyle = palette.sheet;
    context.strokeText(marks.label, right, y - 2);
    context.fillStyle = palette.doubt;
    context.fillText(marks.label, right, y - 2);
  });
}

interface NormColumns {
  /** Of norms up to the threshold, in CSS pixels. */
  readonly cloud: readonly { readonly x: number; readonly top: number; readonly bottom: number }[];
  readonly over: readonly { readonly x: number; readonly y: number }[];
}

/** Of a few steps each is drawn; of many only the extremes of each column, so that a long run costs no more than its pixels. */
function columnsOf(chart: uPlot, marks: NormMarks): NormColumns {
  const { norms, span } = marks;
  const first = Math.max(0, Math.floor(span.from));
  const end = Math.min(norms.length, Math.ceil(span.to) + 1);
  const width = chart.bbox.width / (window.devicePixelRatio || 1);
  const isDense = spanLength(span) > STEPS_PER_COLUMN * width;
  const perColumn = isDense ? spanLength(span) / width : 1;
  const found: NormExtremes = { cloud: [], over: [] };
  for (let column = 0; first + column * perColumn < end; column++) {
    const start = first + Math.floor(column * perColumn);
    collect(found, marks, start, Math.min(end, first + Math.floor((column + 1) * perColumn)));
  }
  return {
    cloud: found.cloud.map(({ step, low, high }) => {
      const { x, y: top } = place(chart, step, high);
      return { x, top, bottom: low === high ? top : place(chart, step, low).y };
    }),
    over: found.over.map(({ step, high }) => place(chart, step, high)),
  };
}

interface NormExtremes {
  readonly cloud: { readonly step: number; readonly low: number; readonly high: number }[];
  readonly over: { readonly step: number; readonly high: number }[];
}

/** Adds what is drawn of the steps of one column. */
function collect(found: NormExtremes, { norms, threshold }: NormMarks, start: number, stop: number): void {
  const limit = threshold ?? Infinity;
  let [low, high, over, overStep] = [Infinity, 0, 0, start];
  for (let step = start; step < stop; step++) {
    const norm = norms[step]!;
    if (!(norm > 0) || norm === Infinity) continue;
    if (norm > limit) {
      if (norm > over) [over, overStep] = [norm, step];
      continue;
    }
    if (norm < low) low = norm;
    if (norm > high) high = norm;
  }
  if (high > 0) found.cloud.push({ step: start, low, high });
  if (over > 0) found.over.push({ step: overStep, high: over });
}

function paintThreshold(
  context: CanvasRenderingContext2D,
  chart: uPlot,
  palette: Palette,
  threshold: number,
  over: NormColumns['over'],
): void {
  const { y: floor } = place(chart, 0, threshold);
  const { left, width } = chart.bbox;
  const density = window.devicePixelRatio || 1;
  context.fillStyle = palette.doubt;
  context.fillRect(left / density, floor - 0.75, width / density, 1.5);
  context.beginPath();
  for (const { x, y } of over) {
    context.rect(x - 0.6, y, 1.2, floor - y);
    context.moveTo(x + DOT_RADIUS, y);
    context.arc(x, y, DOT_RADIUS, 0, 2 * Math.PI);
  }
  context.fill();
}
