// A canvas at the screen's own resolution, and the colours of the present theme.

export interface Surface {
  readonly context: CanvasRenderingContext2D;
  /** In CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** Device pixels per CSS pixel. */
  readonly density: number;
}

/** The canvas cleared and scaled, so that one unit is one CSS pixel; null where it has no size yet. */
export function surfaceOf(canvas: HTMLCanvasElement): Surface | null {
  const { clientWidth: width, clientHeight: height } = canvas;
  const context = canvas.getContext('2d');
  if (!context || width === 0 || height === 0) return null;
  const density = window.devicePixelRatio || 1;
  const pixels = { width: Math.round(width * density), height: Math.round(height * density) };
  // Setting a size clears the canvas and is slow, even when nothing changes.
  if (canvas.width !== pixels.width) canvas.width = pixels.width;
  if (canvas.height !== pixels.height) canvas.height = pixels.height;
  context.setTransform(density, 0, 0, density, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height, density };
}

const COLOURS = [
  'ink',
  'ink-2',
  'ink-3',
  'ink-off',
  'tail',
  'line',
  'line-strong',
  'accent',
  'accent-line',
  'doubt',
  'sheet',
  's1',
  's2',
  's3',
  's4',
  's5',
  's6',
] as const;
const FONTS = ['font-ui', 'font-mono'] as const;
export type Colour = (typeof COLOURS)[number];
type Token = Colour | (typeof FONTS)[number];

export type Palette = Readonly<Record<Token, string>>;

/** The tokens as they stand now: to be read again whenever the theme changes. */
export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const entries = [...COLOURS, ...FONTS].map((name) => [name, style.getPropertyValue(`--${name}`).trim()] as const);
  return Object.fromEntries(entries) as Palette;
}

/** Pixels of a length in rem, so that figures follow the text size. */
export const rem = (value: number): number => value * parseFloat(getComputedStyle(document.documentElement).fontSize);
