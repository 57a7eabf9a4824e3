import { describe, expect, test } from 'vitest';
import { hadWindow, windowProblem } from '../../scripts/steps/windowChoice.mjs';

const desk = { electron: '/electron', platform: 'linux', environment: { DISPLAY: ':0' }, userId: 1000 } as const;

describe('a window of its own is opened', () => {
  test.each([
    ['on a desk', {}],
    ['under Wayland', { environment: { WAYLAND_DISPLAY: 'wayland-0' } }],
    ['on macOS, which tells no display', { platform: 'darwin', environment: {} }],
    ['on Windows, which has neither display nor root', { platform: 'win32', environment: {}, userId: undefined }],
  ] as const)('%s', (_where, change) => {
    expect(windowProblem({ ...desk, ...change })).toBeNull();
  });
});

describe('the browser is opened instead, and why', () => {
  test.each([
    ['without an Electron', { electron: null }, 'No Electron can be had here'],
    ['without an Electron on macOS', { electron: null, platform: 'darwin' }, 'No Electron can be had here'],
    ['without a display', { environment: {} }, 'There is no display'],
    ['with an empty display', { environment: { DISPLAY: '' } }, 'There is no display'],
    ['as root', { userId: 0 }, "Electron's sandbox does not run as root"],
  ] as const)('%s', (_where, change, problem) => {
    expect(windowProblem({ ...desk, ...change })).toBe(problem);
  });
});

test.each([
  ['was closed', { code: 0, ms: 800 }, true],
  ['failed after a while', { code: 1, ms: 60_000 }, true],
  ['failed at once', { code: 127, ms: 300 }, false],
])('an Electron that %s: had it shown its window?', (_how, end, expected) => {
  expect(hadWindow(end)).toBe(expected);
});
