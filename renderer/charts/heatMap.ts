// A heat map on the time axis, drawn of the tiles that are in view. Where a tile has not come yet, what is here of
// other levels stands for it.
import type { Surface } from './canvas';
import { heatPixels, type HeatStyle, type MatrixTile } from './heatPixels';
import {
  columnsAt,
  levelFor,
  TILE_COLUMNS,
  tilesWithin,
  type TiledMatrix,
  type TilePlace,
  type TileStore,
} from './tileStore';
import type { Span } from './timeAxis';

export interface HeatMapOptions {
  readonly style: HeatStyle;
  /** Neighbouring values flow into each other: for sound alone. */
  readonly isSmooth: boolean;
}

/** Draws what the store holds of the span, and asks it for what is missing. */
export function drawHeatMap(
  surface: Surface,
  store: TileStore,
  matrix: TiledMatrix,
  span: Span,
  options: HeatMapOptions,
): void {
  const { width, density } = surface;
  const from = span.startMs / matrix.frameMs;
  const to = span.endMs / matrix.frameMs;
  const level = levelFor((to - from) / (width * density), matrix);
  for (const place of tilesWithin(matrix, level, from, to)) {
    const isHere = store.get(matrix, place) !== null;
    for (const drawn of isHere ? [{ shown: place, within: place }] : standIns(store, matrix, place))
      drawTile(surface, store, matrix, drawn, { from, to }, options);
  }
}

/** The same, once all of the span is here. */
export async function drawWholeHeatMap(...drawn: Parameters<typeof drawHeatMap>): Promise<void> {
  const [{ width, density }, store, matrix, span] = drawn;
  const [from, to] = [span.startMs / matrix.frameMs, span.endMs / matrix.frameMs];
  const level = levelFor((to - from) / (width * density), matrix);
  await Promise.all(tilesWithin(matrix, level, from, to).map((place) => store.load(matrix, place)));
  drawHeatMap(...drawn);
}

/** So many levels finer, what is here stands for a coarser tile: after that there were too many. */
const FINER_LEVELS = 2;

/** What is here of a tile's frames at other levels: the nearest coarser tile, or finer ones. */
function standIns(store: TileStore, matrix: TiledMatrix, place: TilePlace): Drawn[] {
  for (let level = place.level + 1; level <= matrix.highestLevel; level++) {
    const coarser = { level, index: place.index >> (level - place.level) };
    if (store.peek(matrix, coarser)) return [{ shown: coarser, within: place }];
  }
  for (let level = place.level - 1; level >= Math.max(0, place.level - FINER_LEVELS); level--) {
    const parts = 2 ** (place.level - level);
    const finer = Array.from({ length: parts }, (_, k) => ({ level, index: place.index * parts + k }));
    const here = finer.filter((each) => store.peek(matrix, each));
    if (here.length > 0) return here.map((each) => ({ shown: each, within: each }));
  }
  return [];
}

interface Drawn {
  /** The tile whose picture is used, and the one whose frames are drawn. */
  readonly shown: TilePlace;
  readonly within: TilePlace;
}

function drawTile(
  { context, width, height, density }: Surface,
  store: TileStore,
  matrix: TiledMatrix,
  { shown, within }: Drawn,
  seen: { readonly from: number; readonly to: number },
  { style, isSmooth }: HeatMapOptions,
): void {
  const picture = store.picture(matrix, shown, style, (tile) => pictureOf(tile, style));
  if (!picture) return;
  const frames = TILE_COLUMNS * 2 ** within.level;
  const firstFrame = Math.max(seen.from, within.index * frames);
  const endFrame = Math.min(seen.to, matrix.frames, (within.index + 1) * frames);
  const pixels = Math.round(width * density);
  const pixelOf = (frame: number): number => Math.round(((frame - seen.from) / (seen.to - seen.from)) * pixels);
  const [left, right] = [pixelOf(firstFrame), pixelOf(endFrame)];
  if (right <= left) return;
  const framesOfColumn = 2 ** shown.level;
  const firstColumn = firstFrame / framesOfColumn - shown.index * TILE_COLUMNS;
  const columns = Math.min((endFrame - firstFrame) / framesOfColumn, columnsAt(matrix, shown.level) - firstColumn);
  context.save();
  // In whole device pixels, so that no seam stands between tiles.
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.imageSmoothingEnabled = isSmooth;
  const tall = Math.round(height * density);
  context.drawImage(picture, firstColumn, 0, columns, picture.height, left, 0, right - left, tall);
  context.restore();
}

/** Each tile once, in a canvas of its own. */
export function pictureOf(tile: MatrixTile, style: HeatStyle): HTMLCanvasElement | null {
  const image = heatPixels(tile, style);
  if (!image) return null;
  const canvas = document.createElement('canvas');
  canvas.width = image.width;
  canvas.height = image.height;
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  return canvas;
}
