// Pieces of long matrices, asked for where they are seen and forgotten where they were seen longest ago. What it holds is bounded by
// bytes, not by the length of a recording.
import type { MatrixTile } from './heatPixels';

/** Columns of a tile, at every level. */
export const TILE_COLUMNS = 256;

/** A matrix that is read by pieces. At level L a column is the mean of 2^L neighbouring frames. */
export interface TiledMatrix {
  /** No two matrices of a store have the same. */
  readonly key: string;
  readonly frames: number;
  readonly units: number;
  /** Time from one frame to the next. */
  readonly frameMs: number;
  /** The coarsest level there is. */
  readonly highestLevel: number;
  /** Columns [from, to) of a level, [columns, units]. */
  readonly read: (level: number, from: number, to: number) => Promise<Float32Array>;
}

export interface TilePlace {
  readonly level: number;
  readonly index: number;
}

/** Columns that a level of a matrix has. */
export const columnsAt = ({ frames }: Pick<TiledMatrix, 'frames'>, level: number): number =>
  Math.ceil(frames / 2 ** level);

/** The level whose columns are nearest to the pixels, never coarser than they are. */
export function levelFor(framesPerPixel: number, { highestLevel }: Pick<TiledMatrix, 'highestLevel'>): number {
  return Math.max(0, Math.min(highestLevel, Math.floor(Math.log2(Math.max(1, framesPerPixel)))));
}

/** Tiles of a level that touch frames [from, to). */
export function tilesWithin(matrix: TiledMatrix, level: number, from: number, to: number): TilePlace[] {
  const framesOfTile = TILE_COLUMNS * 2 ** level;
  const end = Math.ceil(Math.min(to, matrix.frames) / framesOfTile);
  const places: TilePlace[] = [];
  for (let index = Math.max(0, Math.floor(from / framesOfTile)); index < end; index++) places.push({ level, index });
  return places;
}

interface Kept {
  readonly tile: MatrixTile;
  readonly bytes: number;
  /** Made of it by whoever draws, thrown away with it. */
  picture: { readonly style: unknown; readonly canvas: HTMLCanvasElement } | null;
}

export class TileStore {
  readonly #most: number;
  /** Told of every tile that came, by its matrix. */
  readonly #onTile: (key: string) => void;
  readonly #onError: (error: unknown) => void;
  /** Oldest use first. */
  readonly #kept = new Map<string, Kept>();
  readonly #asked = new Map<string, Promise<void>>();
  #bytes = 0;
  #isClosed = false;

  /** @param most bytes of values that are held at most, plus those in view */
  constructor(most: number, onTile: (key: string) => void, onError: (error: unknown) => void) {
    this.#most = most;
    this.#onTile = onTile;
    this.#onError = onError;
  }

  /** Bytes of values that are held now. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The tile if it is here; asked for if it is not. */
  get(matrix: TiledMatrix, place: TilePlace): MatrixTile | null {
    const name = nameOf(matrix, place);
    const kept = this.#touched(name);
    if (!kept) void this.#ask(matrix, place, name);
    return kept?.tile ?? null;
  }

  /** Asks for a tile and waits until it came, or could not be had. */
  async load(matrix: TiledMatrix, place: TilePlace): Promise<void> {
    const name = nameOf(matrix, place);
    if (!this.#touched(name)) await this.#ask(matrix, place, name);
  }

  /** The tile if it is here; never asked for. */
  peek(matrix: TiledMatrix, place: TilePlace): MatrixTile | null {
    return this.#touched(nameOf(matrix, place))?.tile ?? null;
  }

  /** A picture of a tile that is here, painted once for every style. @param style told apart by identity */
  picture(
    matrix: TiledMatrix,
    place: TilePlace,
    style: object,
    paint: (tile: MatrixTile) => HTMLCanvasElement | null,
  ): HTMLCanvasElement | null {
    const kept = this.#touched(nameOf(matrix, place));
    if (!kept) return null;
    if (kept.picture?.style === style) return kept.picture.canvas;
    const canvas = paint(kept.tile);
    kept.picture = canvas && { style, canvas };
    return canvas;
  }

  /** Forgets everything; what still comes is thrown away. */
  close(): void {
    this.#isClosed = true;
    this.#kept.clear();
    this.#bytes = 0;
  }

  #touched(name: string): Kept | undefined {
    const kept = this.#kept.get(name);
    if (!kept) return undefined;
    this.#kept.delete(name);
    this.#kept.set(name, kept);
    return kept;
  }

  #ask(matrix: TiledMatrix, place: TilePlace, name: string): Promise<void> {
    const known = this.#asked.get(name);
    if (known) return known;
    const asked = this.#fetch(matrix, place, name).finally(() => this.#asked.delete(name));
    this.#asked.set(name, asked);
    return asked;
  }

  async #fetch(matrix: TiledMatrix, { level, index }: TilePlace, name: string): Promise<void> {
    if (this.#isClosed) return;
    try {
      const from = index * TILE_COLUMNS;
      const to = Math.min(columnsAt(matrix, level), from + TILE_COLUMNS);
      const values = await matrix.read(level, from, to);
      if (this.#isClosed) return;
      this.#keep(name, { values, units: matrix.units });
      this.#onTile(matrix.key);
    } catch (error) {
      if (!this.#isClosed) this.#onError(error);
    }
  }

  #keep(name: string, tile: MatrixTile): void {
    const bytes = tile.values.byteLength;
    this.#kept.set(name, { tile, bytes, picture: null });
    this.#bytes += bytes;
    for (const [oldest, { bytes: freed }] of this.#kept) {
      if (this.#bytes <= this.#most || oldest === name) break;
      this.#kept.delete(oldest);
      this.#bytes -= freed;
    }
  }
}

const nameOf = ({ key }: TiledMatrix, { level, index }: TilePlace): string => `${key} ${level} ${index}`;
