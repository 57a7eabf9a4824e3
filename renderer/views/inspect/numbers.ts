// How the Inspect view writes what it measures.
import { fixed } from '../../i18n/format';

/** A place in sound as fine as a frame: 0:16.25. */
export function instant(milliseconds: number): string {
  const hundredths = Math.round(milliseconds / 10);
  const minutes = Math.floor(hundredths / 6_000);
  const seconds = String(Math.floor(hundredths / 100) % 60).padStart(2, '0');
  return `${minutes}:${seconds}.${String(hundredths % 100).padStart(2, '0')}`;
}

/** A value of a unit, with the proper minus: −0.42. */
export const value = (of: number): string => fixed(of, 2).replace('-', '−');
