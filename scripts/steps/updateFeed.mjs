// Where a packaged app would look for newer versions: whoever gives it to people names the place when packaging.
import { StepError } from './report.mjs';

/**
 * @param {string | undefined} address of a folder with what electron-builder wrote, latest.yml among it
 * @returns {{ provider: 'generic', url: string } | null} for electron-builder's `publish`; null where none is named: the app asks nobody
 */
export function updateFeed(address) {
  if (!address) return null;
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url?.protocol !== 'https:')
    throw new StepError(
      `UNROLL_UPDATES must be an https address, but is ${address}: newer versions come no other way.`,
    );
  return { provider: 'generic', url: url.href };
}
