// Where the window was when it was last closed.
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

export const MIN_WIDTH = 960;
export const MIN_HEIGHT = 640;
const DEFAULT: WindowState = { size: { width: 1200, height: 800 }, position: null, isMaximised: false };
/** So much of the window must be on a screen to be found again, in pixels. */
const VISIBLE_WIDTH = 200;
const VISIBLE_HEIGHT = 100;

const length = z.number().int().min(-100_000).max(100_000);
const stateSchema = z.strictObject({
  size: z.strictObject({ width: length.min(MIN_WIDTH), height: length.min(MIN_HEIGHT) }),
  /** Null leaves it to the system. */
  position: z.strictObject({ x: length, y: length }).nullable(),
  isMaximised: z.boolean(),
});
export type WindowState = z.infer<typeof stateSchema>;

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * @param screens the usable areas of all screens
 * @returns the state as it can be used now; the default where the file is missing or damaged
 */
export function readWindowState(path: string, screens: readonly Area[]): WindowState {
  const state = parseState(path);
  const isKept = state.position !== null && isVisible({ ...state.position, ...state.size }, screens);
  return isKept ? state : { ...state, position: null };
}

function parseState(path: string): WindowState {
  try {
    return stateSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    // Missing at the first start. A damaged one is not worth a word: the window opens where the system puts it.
    return DEFAULT;
  }
}

/** Of two ranges, how much they share. */
const overlap = (a: number, aLength: number, b: number, bLength: number): number =>
  Math.min(a + aLength, b + bLength) - Math.max(a, b);

const isVisible = (bounds: Area, screens: readonly Area[]): boolean =>
  screens.some(
    (screen) =>
      overlap(bounds.x, bounds.width, screen.x, screen.width) >= VISIBLE_WIDTH &&
      overlap(bounds.y, bounds.height, screen.y, screen.height) >= VISIBLE_HEIGHT &&
      bounds.y >= screen.y,
  );

export function writeWindowState(path: string, state: WindowState): void {
  try {
    writeFileSync(path, JSON.stringify(state));
  } catch (error) {
    // A full disk must not keep the window from closing.
    console.error('The place of the window could not be kept:', error);
  }
}
