import { describe, expect, test } from 'vitest';
import { colourTable, entryOf } from '../../../renderer/charts/colourTable';
import { readStops, stopsOf } from '../../../renderer/charts/featureMap';
import { drawHeatMap } from '../../../renderer/charts/heatMap';
import { heatPixels, heatRows } from '../../../renderer/charts/heatPixels';
import { levelFor, TILE_COLUMNS, TileStore, tilesWithin, type TiledMatrix } from '../../../renderer/charts/tileStore';
import { surfaceOf } from '../../../renderer/charts/canvas';
import '../../../renderer/styles/tokens.css';

const GREYS = stopsOf('#000000, #ffffff');
const GATE = { low: 0, high: 1 };
const never = (error: unknown): never => {
  throw error;
};
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** Every column holds its own number, of the level it is read at. */
function counting(frames: number, units = 1): TiledMatrix & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    key: 'counting',
    frames,
    units,
    frameMs: 10,
    highestLevel: 6,
    asked,
    read: async (level, from, to) => {
      asked.push(`${level}:${from}-${to}`);
      return Float32Array.from({ length: (to - from) * units }, (_, at) => from + Math.floor(at / units));
    },
  };
}

describe('colours of values', () => {
  const red = (pixel: number): number => pixel & 255;

  test('run from the first stop to the last, and beyond the range stand the ends', () => {
    const colours = colourTable(GREYS);
    const at = (value: number): number => red(colours[entryOf(value, GATE)]!);
    expect([at(-1), at(0), at(0.5), at(1), at(7)]).toEqual([0, 0, 128, 255, 255]);
  });

  test('of a signed map have zero in the middle, the colour of the paper', () => {
    for (const theme of ['light', 'dark']) {
      document.documentElement.dataset['theme'] = theme;
      const stops = readStops('--map-memory');
      const middle = colourTable(stops)[entryOf(0, { low: -2, high: 2 })]!;
      const ground = stops[(stops.length - 1) / 2]!;
      for (const channel of [0, 1, 2] as const)
        expect(Math.abs(((middle >> (8 * channel)) & 255) - ground[channel])).toBeLessThan(3);
    }
  });
});

describe('a picture of a matrix', () => {
  /** [2 frames, 4 units] */
  const tile = { values: Float32Array.of(0, 0.2, 0.4, 1, 1, 0.8, 0.6, 0), units: 4 };

  test('has a row for each unit and a column for each frame', () => {
    expect([...heatRows(tile, null, 4)].map((v) => Number(v.toFixed(1)))).toEqual([0, 1, 0.2, 0.8, 0.4, 0.6, 1, 0]);
  });
  test('puts units where the order says, and averages neighbours where rows are few', () => {
    const order = Int32Array.of(3, 0, 1, 2);
    expect([...heatRows(tile, order, 2)].map((v) => Number(v.toFixed(2)))).toEqual([0.5, 0.5, 0.3, 0.7]);
  });
  test('leaves out what the order leaves out', () => {
    expect([...heatRows(tile, Int32Array.of(3), 1)]).toEqual([1, 0]);
  });
  test('of no frames is none', () => {
    const style = { colours: colourTable(GREYS), range: GATE, order: null, rows: 4 };
    expect(heatPixels({ values: new Float32Array(0), units: 4 }, style)).toBeNull();
  });
});

describe('tiles', () => {
  test('are as coarse as the pixels, never coarser', () => {
    expect([0.3, 1, 1.9, 2, 7.9, 8, 1e6].map((each) => levelFor(each, { highestLevel: 6 }))).toEqual([
      0, 0, 0, 1, 2, 3, 6,
    ]);
  });

  test('are asked for once, and only those that are seen', async () => {
    const matrix = counting(10_000);
    const store = new TileStore(1 << 20, () => undefined, never);
    for (let again = 0; again < 3; again++)
      for (const place of tilesWithin(matrix, 1, 500, 1_100)) store.get(matrix, place);
    await settled();
    expect(matrix.asked).toEqual(['1:0-256', '1:256-512', '1:512-768']);
  });

  test('end where the matrix ends', async () => {
    const matrix = counting(300);
    const store = new TileStore(1 << 20, () => undefined, never);
    tilesWithin(matrix, 0, 0, 1e9).forEach((place) => store.get(matrix, place));
    await settled();
    expect(matrix.asked).toEqual(['0:0-256', '0:256-300']);
  });

  test('that were used longest ago are forgotten where there are more bytes than may be held', async () => {
    const matrix = counting(TILE_COLUMNS * 5);
    const store = new TileStore(3 * TILE_COLUMNS * 4, () => undefined, never);
    const look = async (index: number): Promise<void> => {
      store.get(matrix, { level: 0, index });
      await settled();
    };
    for (const index of [0, 1, 2, 0, 3]) await look(index);
    expect(store.bytes).toBe(3 * TILE_COLUMNS * 4);
    expect([0, 1, 2, 3].map((index) => store.peek(matrix, { level: 0, index }) !== null)).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });

  test('that cannot be read say why, and are asked for again', async () => {
    const errors: unknown[] = [];
    const matrix = { ...counting(100), read: () => Promise.reject(new Error('gone')) };
    const store = new TileStore(
      1 << 20,
      () => undefined,
      (error) => errors.push(error),
    );
    for (let again = 0; again < 2; again++) {
      store.get(matrix, { level: 0, index: 0 });
      await settled();
    }
    expect(errors.map(String)).toEqual(['Error: gone', 'Error: gone']);
  });

  test('that come after the store was closed are thrown away', async () => {
    const matrix = counting(100);
    const store = new TileStore(1 << 20, never, never);
    store.get(matrix, { level: 0, index: 0 });
    store.close();
    await settled();
    expect(store.bytes).toBe(0);
  });
});

describe('a heat map', () => {
  const range = { low: 0, high: 1_000 };
  const style = { colours: colourTable(GREYS), range, order: null, rows: 1 };
  const canvas = document.createElement('canvas');
  canvas.style.cssText = 'width:100px;height:4px;display:block';
  document.body.append(canvas);
  const greys = (): number[] => {
    const { data, width } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, 1);
    return Array.from({ length: width }, (_, x) => (data[4 * x + 3] === 0 ? -1 : data[4 * x]!));
  };
  const draw = (matrix: TiledMatrix, store: TileStore, fromMs: number, toMs: number): number[] => {
    drawHeatMap(surfaceOf(canvas)!, store, matrix, { startMs: fromMs, endMs: toMs }, { style, isSmooth: false });
    return greys();
  };

  test('shows every frame at its time, without a seam between tiles', async () => {
    const matrix = counting(1_000);
    const store = new TileStore(1 << 20, () => undefined, never);
    draw(matrix, store, 2_060, 3_060);
    await settled();
    const shown = draw(matrix, store, 2_060, 3_060);
    const wanted = shown.map((_, x) => Math.round(((206 + x) / 1_000) * 255));
    shown.forEach((grey, x) => expect(Math.abs(grey - wanted[x]!)).toBeLessThanOrEqual(1));
  });

  test('leaves empty what is after the end', async () => {
    const matrix = counting(50);
    const store = new TileStore(1 << 20, () => undefined, never);
    draw(matrix, store, 0, 1_000);
    await settled();
    const shown = draw(matrix, store, 0, 1_000);
    expect(shown.slice(50).every((grey) => grey === -1)).toBe(true);
    expect(shown.slice(0, 50).every((grey) => grey >= 0)).toBe(true);
  });

  test('shows what it has of another level until the right one comes', async () => {
    const matrix = counting(8_000);
    const store = new TileStore(1 << 20, () => undefined, never);
    draw(matrix, store, 0, 80_000);
    await settled();
    expect(draw(matrix, store, 0, 1_000).every((grey) => grey >= 0)).toBe(true);
  });
});
