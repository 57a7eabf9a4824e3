import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { readWindowState, writeWindowState, type WindowState } from '../../main/windowState';

const SCREEN = [{ x: 0, y: 0, width: 1920, height: 1080 }];
const DEFAULT: WindowState = { size: { width: 1200, height: 800 }, position: null, isMaximised: false };
const newFile = (): string => join(mkdtempSync(join(tmpdir(), 'unroll-state-')), 'window.json');

function kept(state: unknown): string {
  const path = newFile();
  writeFileSync(path, JSON.stringify(state));
  return path;
}

describe('the place of the window', () => {
  it('is where it was', () => {
    const path = newFile();
    const state = { size: { width: 1000, height: 700 }, position: { x: 50, y: 60 }, isMaximised: true };
    writeWindowState(path, state);
    expect(readWindowState(path, SCREEN)).toEqual(state);
  });

  it('is the system’s choice at the first start', () => {
    expect(readWindowState(newFile(), SCREEN)).toEqual(DEFAULT);
  });

  it.each([
    ['no JSON', 'no JSON'],
    ['a size below the smallest', { ...DEFAULT, size: { width: 10, height: 10 } }],
    ['a number that is none', { ...DEFAULT, size: { width: 'wide', height: 700 } }],
    ['something that does not belong in it', { ...DEFAULT, preload: '/tmp/evil.js' }],
  ])('is the system’s choice where the file holds %s', (_what, state) => {
    expect(readWindowState(kept(state), SCREEN)).toEqual(DEFAULT);
  });

  it.each([
    ['on a screen that is gone', { x: 5_000, y: 0 }],
    ['above the screen, its bar out of reach', { x: 0, y: -50 }],
    ['off the left edge', { x: -950, y: 0 }],
  ])('is the system’s choice %s', (_where, position) => {
    const state = { size: { width: 1000, height: 700 }, position, isMaximised: false };
    expect(readWindowState(kept(state), SCREEN)).toEqual({ ...state, position: null });
  });

  it('that cannot be kept does not keep the window from closing', () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    writeWindowState(join(newFile(), 'no', 'folder'), DEFAULT);
    expect(log).toHaveBeenCalledOnce();
    log.mockRestore();
  });
});
