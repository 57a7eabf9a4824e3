// Whether Unroll opens in a window of its own, or in the browser.

/** An Electron that ends within this time with an error never showed its window. */
const STARTING_MS = 5_000;

/**
 * @param {{ electron: string | null, platform: NodeJS.Platform, environment: NodeJS.ProcessEnv, userId: number | undefined }} machine
 * @returns {string | null} why a window cannot be opened here, or null
 */
export function windowProblem({ electron, platform, environment, userId }) {
  if (electron === null) return 'No Electron can be had here';
  if (platform !== 'linux') return null;
  if (!environment['DISPLAY'] && !environment['WAYLAND_DISPLAY']) return 'There is no display';
  if (userId === 0) return "Electron's sandbox does not run as root";
  return null;
}

/**
 * Whether an Electron that has ended had shown its window before: then the person ended it, or it failed in their sight.
 * @param {{ code: number, ms: number }} end exit code and how long it ran
 */
export const hadWindow = ({ code, ms }) => code === 0 || ms > STARTING_MS;
