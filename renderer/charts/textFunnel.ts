// Many frames become few letters: a thin line from every symbol's frames to its letter in the word below.
import type { Character, Word } from '../../app/contract/recognition';
import { doubtLevel } from '../ui/doubt';
import type { Palette, Surface } from './canvas';
import { DOUBTFUL_BELOW } from './symbolBars';
import { pixelsPerMs, type Span } from './timeAxis';

export interface ShownWord {
  readonly word: Word;
  readonly isTail: boolean;
}

export interface TextFunnelOptions {
  readonly fontPx: number;
  readonly hasMarks: boolean;
  /** Nothing is drawn after it. */
  readonly untilMs: number;
}

export function drawTextFunnel(
  surface: Surface,
  palette: Palette,
  words: readonly ShownWord[],
  span: Span,
  options: TextFunnelOptions,
): void {
  const { context } = surface;
  context.textAlign = 'left';
  context.textBaseline = 'alphabetic';
  for (const shown of words) {
    if (shown.word.startMs > Math.min(span.endMs, options.untilMs)) break;
    if (shown.word.text === '') drawUnsure(surface, palette, shown.word, span, options);
    else drawWord(surface, palette, shown, span, options);
  }
}

const middleOf = ({ startMs, endMs }: { startMs: number; endMs: number }): number => (startMs + endMs) / 2;

function drawWord(
  surface: Surface,
  palette: Palette,
  { word, isTail }: ShownWord,
  span: Span,
  options: TextFunnelOptions,
): void {
  const { context, width, height } = surface;
  const scale = pixelsPerMs(span, width);
  const base = height - 7;
  const isUnsure = !isTail && !word.isKnown;
  const characters = word.characters.filter((character) => character.startMs <= options.untilMs);
  const first = characters[0];
  const last = characters[characters.length - 1];
  if (!first || !last) return;
  context.font = `${options.fontPx}px ${palette['font-ui']}`;
  const text = characters.map((character) => character.symbol).join('');
  const centre = ((middleOf(first) + middleOf(last)) / 2 - span.startMs) * scale;
  let x = centre - context.measureText(text).width / 2;
  let before = '';
  let beforeWidth = 0;
  for (const character of characters) {
    before += character.symbol;
    const nextWidth = context.measureText(before).width;
    const letterWidth = nextWidth - beforeWidth;
    beforeWidth = nextWidth;
    const from = { x: (middleOf(character) - span.startMs) * scale, y: 0 };
    drawThread(context, palette, from, { x: x + letterWidth / 2, y: base - options.fontPx + 1 }, character, isTail);
    context.fillStyle = isTail || isUnsure ? palette.tail : palette.ink;
    context.fillText(character.symbol, x, base);
    const doubt = isTail || isUnsure || !options.hasMarks ? 0 : doubtLevel(character.confidence);
    context.fillStyle = palette.doubt;
    if (doubt > 0) context.fillRect(x, base + 3, letterWidth, doubt);
    x += letterWidth;
  }
  if (isUnsure) drawDots(context, palette, x - context.measureText(text).width, x, base + 4);
}

function drawThread(
  context: CanvasRenderingContext2D,
  palette: Palette,
  from: { x: number; y: number },
  to: { x: number; y: number },
  character: Character,
  isTail: boolean,
): void {
  if (from.x < -2) return;
  context.strokeStyle = palette[character.confidence < DOUBTFUL_BELOW ? 'doubt' : 'accent-line'];
  context.globalAlpha = isTail ? 0.4 : 0.6;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(from.x, from.y);
  context.bezierCurveTo(from.x, to.y * 0.8, to.x, to.y * 0.65, to.x, to.y);
  context.stroke();
  context.globalAlpha = 1;
}

/** Speech without a word: a dotted line as long as it was, never a text. */
function drawUnsure(surface: Surface, palette: Palette, word: Word, span: Span, options: TextFunnelOptions): void {
  const { context, width, height } = surface;
  const scale = pixelsPerMs(span, width);
  const start = (word.startMs - span.startMs) * scale;
  const end = Math.max(start + 16, (Math.min(word.endMs, options.untilMs) - span.startMs) * scale);
  drawDots(context, palette, start, end, height - 9);
}

function drawDots(context: CanvasRenderingContext2D, palette: Palette, fromX: number, toX: number, y: number): void {
  context.strokeStyle = palette['line-strong'];
  context.lineWidth = 2;
  context.setLineDash([2, 4]);
  context.beginPath();
  context.moveTo(fromX, y);
  context.lineTo(toX, y);
  context.stroke();
  context.setLineDash([]);
}

/** While the engine is away: a dashed line from the last text to now. */
export function drawAbsence(
  { context, width, height }: Surface,
  palette: Palette,
  span: Span,
  absence: { readonly fromMs: number; readonly untilMs: number },
): void {
  const scale = pixelsPerMs(span, width);
  context.strokeStyle = palette['line-strong'];
  context.lineWidth = 1.5;
  context.setLineDash([6, 5]);
  context.beginPath();
  context.moveTo(Math.max(0, (absence.fromMs - span.startMs) * scale), height - 12);
  context.lineTo((absence.untilMs - span.startMs) * scale, height - 12);
  context.stroke();
  context.setLineDash([]);
}
