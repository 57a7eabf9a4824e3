// Figures of a view as one picture, for papers and slides: their names on the left, one axis of time above all of them.
import { readPalette, type Palette, type Surface } from './canvas';
import { drawRuler, pixelsPerMs, type Span } from './timeAxis';

export interface Figure {
  readonly name: string;
  /** Small under the name. */
  readonly detail: string;
  /** In pixels. */
  readonly height: number;
  /** Names of its rows, from the top; none if left out. */
  readonly rows?: readonly string[];
  /** Draws it in the units of the surface; resolves when all of it is drawn. */
  readonly paint: (surface: Surface, span: Span) => Promise<void> | void;
}

export interface PictureOptions {
  readonly title: string;
  readonly span: Span;
  /** Of the figures, in pixels. */
  readonly width: number;
}

const GUTTER = 150;
const MARGIN = 16;
const TITLE = 26;
const RULER = 24;
const GAP = 6;
const DENSITY = 2;

interface Laid {
  readonly figure: Figure;
  readonly top: number;
  readonly canvas: HTMLCanvasElement;
}
interface Layout {
  readonly laid: readonly Laid[];
  readonly ruler: HTMLCanvasElement;
  readonly width: number;
  readonly height: number;
  readonly palette: Palette;
}

async function painted(width: number, height: number, paint: (surface: Surface) => Promise<void> | void) {
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * DENSITY);
  canvas.height = Math.round(height * DENSITY);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('Expected a canvas to draw on');
  context.setTransform(DENSITY, 0, 0, DENSITY, 0, 0);
  await paint({ context, width, height, density: DENSITY });
  return canvas;
}

async function layOut(figures: readonly Figure[], { span, width }: PictureOptions): Promise<Layout> {
  const palette = readPalette();
  let top = MARGIN + TITLE + RULER;
  const laid: Laid[] = [];
  for (const figure of figures) {
    const canvas = await painted(width, figure.height, (surface) => figure.paint(surface, span));
    laid.push({ figure, top, canvas });
    top += figure.height + GAP;
  }
  const ruler = await painted(width, RULER, (surface) => drawRuler(surface, palette, span, 11));
  return { laid, ruler, width: GUTTER + width + 2 * MARGIN, height: top + MARGIN, palette };
}

/** A picture of so many points, at twice the resolution. */
export async function figuresAsPng(figures: readonly Figure[], options: PictureOptions): Promise<Blob> {
  const layout = await layOut(figures, options);
  const { laid, ruler, palette } = layout;
  const canvas = await painted(layout.width, layout.height, ({ context, width, height }) => {
    context.fillStyle = palette.sheet;
    context.fillRect(0, 0, width, height);
    const left = MARGIN + GUTTER;
    const write = (text: string, x: number, y: number, [font, colour, align]: TextStyle): void => {
      context.font = font;
      context.fillStyle = colour;
      context.textAlign = align === 'end' ? 'right' : 'left';
      context.textBaseline = 'alphabetic';
      context.fillText(text, x, y);
    };
    for (const each of textsOf(layout, options.title)) write(each.text, each.x, each.y, each.style);
    context.drawImage(ruler, left, MARGIN + TITLE, options.width, RULER);
    for (const { figure, top, canvas: own } of laid) context.drawImage(own, left, top, options.width, figure.height);
  });
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('Expected the canvas to give a picture')))),
  );
}

/** Names and marks as text and lines; what is made of pixels is embedded as they are. */
export async function figuresAsSvg(figures: readonly Figure[], options: PictureOptions): Promise<string> {
  const layout = await layOut(figures, options);
  const { laid, width, height, palette } = layout;
  const left = MARGIN + GUTTER;
  const texts = textsOf(layout, options.title).map(({ text, x, y, style: [font, colour, align] }) => {
    const anchor = align === 'end' ? ' text-anchor="end"' : '';
    return `<text x="${x}" y="${y}" fill="${colour}"${anchor} style="font:${escaped(font)}">${escaped(text)}</text>`;
  });
  const images = laid.map(({ figure, top, canvas }) => {
    const place = `x="${left}" y="${top}" width="${options.width}" height="${figure.height}"`;
    return `<image ${place} preserveAspectRatio="none" href="${canvas.toDataURL('image/png')}"/>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<rect width="${width}" height="${height}" fill="${palette.sheet}"/>`,
    ...rulerMarks(options, left, palette),
    ...texts,
    ...images,
    '</svg>',
  ].join('\n');
}

type TextStyle = readonly [font: string, colour: string, align: 'start' | 'end'];
interface PlacedText {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly style: TextStyle;
}

function textsOf({ laid, palette }: Layout, title: string): PlacedText[] {
  const ui = palette['font-ui'];
  const right = MARGIN + GUTTER - 12;
  const texts: PlacedText[] = [
    { text: title, x: MARGIN, y: MARGIN + 14, style: [`600 15px ${ui}`, palette.ink, 'start'] },
  ];
  for (const { figure, top } of laid) {
    const rows = figure.rows ?? [];
    const edge = right - (rows.length > 0 ? 18 : 0);
    texts.push({ text: figure.name, x: edge, y: top + 13, style: [`600 12px ${ui}`, palette.ink, 'end'] });
    if (figure.detail !== '')
      texts.push({ text: figure.detail, x: edge, y: top + 28, style: [`400 11px ${ui}`, palette['ink-3'], 'end'] });
    rows.forEach((text, row) => {
      const y = top + ((row + 0.5) / rows.length) * figure.height + 4;
      texts.push({ text, x: right + 6, y, style: [`600 11px ${palette['font-mono']}`, palette['ink-2'], 'end'] });
    });
  }
  return texts;
}

/** At least so many pixels from one named moment to the next. */
const MARK_PX = 80;
function rulerMarks({ span, width }: PictureOptions, left: number, palette: Palette): string[] {
  const scale = pixelsPerMs(span, width);
  const step =
    [100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000].find((each) => each * scale >= MARK_PX) ?? 120_000;
  const marks: string[] = [];
  for (let ms = Math.ceil(span.startMs / step) * step; ms <= span.endMs; ms += step) {
    const x = (left + (ms - span.startMs) * scale).toFixed(1);
    const base = MARGIN + TITLE + RULER;
    marks.push(`<path d="M${x} ${base}v-7" stroke="${palette['ink-3']}"/>`);
    const style = `font:11px ${escaped(palette['font-mono'])}`;
    marks.push(
      `<text x="${Number(x) + 4}" y="${base - 10}" fill="${palette['ink-3']}" style="${style}">${ms / 1000} s</text>`,
    );
  }
  return marks;
}

const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
