// The Inspect view over the engine made of functions, and what a person does there.
import { expect } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { MockBridge } from '../../../renderer/bridge/mockBridge';
import { inspectShelf, type InspectShelfOptions } from './inspectShelf';
import { openWindow } from './openWindow';

export const cursor = page.getByTestId('inspect-cursor');
export const frame = (): number => Number(cursor.element().getAttribute('aria-valuenow'));
export const press = (keys: string): Promise<void> => userEvent.keyboard(keys);

export async function openInspect(options?: InspectShelfOptions, place = 'inspect'): Promise<MockBridge> {
  const bridge = inspectShelf(options);
  await openWindow(bridge, place);
  return bridge;
}

/** Chooses so many frames from one on. */
export async function choose(from: number, count: number): Promise<void> {
  await expect.element(cursor).toBeInTheDocument();
  await press('{Home}');
  await press('{PageDown}'.repeat(Math.floor(from / 10)) + '{ArrowRight}'.repeat(from % 10));
  if (count > 1) await press(`{Shift>}${'{ArrowRight}'.repeat(count - 1)}{/Shift}`);
}
