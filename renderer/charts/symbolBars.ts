// Network is colour: the symbol that the network sees at every frame. Its height is its probability; blank is a grey floor.
import type { Palette, Surface } from './canvas';
import type { FrameSymbolTrack, SymbolRun } from './frameSymbols';
import { pixelsPerMs, type Span } from './timeAxis';

/** Room for the letters above the bars, in pixels. */
const LETTER_ROOM = 20;
const BLANK_SHARE = 0.16;
/** How the space between words is written where it must be seen. */
/** Stands for the space between words. */
export const OPEN_BOX = '\u2423';
/** Below this a symbol is drawn in the colour of doubt. */
export const DOUBTFUL_BELOW = 0.7;

export interface SymbolBarsOptions {
  readonly hopMs: number;
  readonly symbols: readonly string[];
  readonly wordSeparator: string | null;
  /** Nothing is drawn after it. */
  readonly untilMs: number;
}

export function drawSymbolBars(
  surface: Surface,
  palette: Palette,
  track: FrameSymbolTrack,
  span: Span,
  options: SymbolBarsOptions,
): void {
  const from = Math.max(0, Math.floor(span.startMs / options.hopMs));
  const to = Math.min(track.length, Math.ceil(Math.min(span.endMs, options.untilMs) / options.hopMs));
  const blank = options.symbols.length;
  const runs = track.runs(from, to, blank);
  const frames = { span, from, to, blank, hopMs: options.hopMs };
  drawFloor(surface, palette, track, frames);
  drawBars(surface, palette, track, runs, frames);
  const { context, width, height } = surface;
  context.fillStyle = palette.line;
  context.fillRect(0, height - 1, width, 1);
  drawLetters(surface, palette, runs, span, options);
}

interface Frames {
  readonly span: Span;
  readonly from: number;
  readonly to: number;
  readonly blank: number;
  readonly hopMs: number;
}

/** How much of each frame is blank. Under a symbol the floor goes on: what the symbol leaves is mostly the blank's. */
function drawFloor(surface: Surface, palette: Palette, track: FrameSymbolTrack, frames: Frames): void {
  const { context, width, height } = surface;
  const { span, from, to, blank, hopMs } = frames;
  const scale = pixelsPerMs(span, width);
  const highest = (height - LETTER_ROOM - 1) * BLANK_SHARE;
  context.globalAlpha = 0.3;
  context.fillStyle = palette['ink-off'];
  context.beginPath();
  for (let frame = from; frame < to; frame++) {
    const probability = track.probabilityAt(frame);
    const floor = (track.classAt(frame) === blank ? probability : 1 - probability) * highest;
    context.rect((frame * hopMs - span.startMs) * scale, height - 1 - floor, scale * hopMs, floor);
  }
  context.fill();
  context.globalAlpha = 1;
}

function drawBars(
  { context, width, height }: Surface,
  palette: Palette,
  track: FrameSymbolTrack,
  runs: readonly SymbolRun[],
  { span, to, hopMs }: Frames,
): void {
  const scale = pixelsPerMs(span, width);
  const step = scale * hopMs;
  const barWidth = Math.max(1, step - (step > 2.4 ? 1 : 0));
  for (const run of runs) {
    context.fillStyle = run.peak < DOUBTFUL_BELOW ? palette.doubt : palette.accent;
    for (let frame = run.firstFrame; frame < Math.min(to, run.endFrame); frame++) {
      const bar = track.probabilityAt(frame) * (height - LETTER_ROOM - 1);
      context.fillRect((frame * hopMs - span.startMs) * scale, height - 1 - bar, barWidth, bar);
    }
  }
}

function drawLetters(
  { context, width, height }: Surface,
  palette: Palette,
  runs: readonly SymbolRun[],
  span: Span,
  { hopMs, symbols, wordSeparator }: SymbolBarsOptions,
): void {
  const scale = pixelsPerMs(span, width);
  const fontPx = scale * hopMs < 2.3 ? 11 : 13;
  context.font = `600 ${fontPx}px ${palette['font-mono']}`;
  context.textAlign = 'center';
  context.textBaseline = 'alphabetic';
  const letterWidth = context.measureText('m').width;
  const placeOf = (run: SymbolRun): number => ((run.peakFrame + 0.5) * hopMs - span.startMs) * scale;
  const draw = (symbol: string, x: number, run: SymbolRun, colour: string): void => {
    context.fillStyle = colour;
    context.fillText(symbol, x, height - 1 - run.peak * (height - LETTER_ROOM - 1) - 5);
  };
  const letters = runs.filter((run) => symbols[run.classIndex] !== wordSeparator);
  const places = spread(letters.map(placeOf), letterWidth);
  letters.forEach((run, index) => {
    const colour = run.peak < DOUBTFUL_BELOW ? palette.doubt : palette.ink;
    draw(symbols[run.classIndex] ?? '', places[index] ?? 0, run, colour);
  });
  // The sign between words only where no letter needs its place.
  let next = 0;
  let lastX = -Infinity;
  for (const run of runs) {
    if (symbols[run.classIndex] !== wordSeparator) continue;
    const x = placeOf(run);
    while (next < places.length && (places[next] ?? 0) < x - letterWidth) next++;
    const isFree = Math.abs((places[next] ?? Infinity) - x) >= letterWidth && x - lastX >= letterWidth;
    if (!isFree) continue;
    lastX = x;
    draw(OPEN_BOX, x, run, palette['ink-3']);
  }
}

/**
 * The places nearest to the wanted ones, in the least-squares sense, at which neighbours keep `gap` apart: fast speech crowds
 * letters, and none may be left out. By pooling neighbours that violate (Ayer et al. 1955). @param wanted ascending
 */
export function spread(wanted: readonly number[], gap: number): number[] {
  const pools: { sum: number; count: number }[] = [];
  const mean = (pool: { sum: number; count: number }): number => pool.sum / pool.count;
  wanted.forEach((place, index) => {
    let pool = { sum: place - index * gap, count: 1 };
    for (let last = pools[pools.length - 1]; last && mean(last) > mean(pool); last = pools[pools.length - 1]) {
      pools.pop();
      pool = { sum: pool.sum + last.sum, count: pool.count + last.count };
    }
    pools.push(pool);
  });
  return pools
    .flatMap((pool) => Array.from({ length: pool.count }, () => mean(pool)))
    .map((place, index) => place + index * gap);
}
