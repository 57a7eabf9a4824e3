// Times, dates and amounts as the present language writes them. Reactive where the language is.
import { locale } from './messages.svelte';
import { numberFormat } from './numberFormats';

const THIN = '\u2009';
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** A position in sound: 0:16.2, from an hour on 1:02:16. */
export function clock(milliseconds: number): string {
  const tenths = Math.floor(milliseconds / 100);
  const seconds = Math.floor(tenths / 10) % 60;
  const minutes = Math.floor(milliseconds / MINUTE_MS) % 60;
  const padded = String(seconds).padStart(2, '0');
  if (milliseconds < HOUR_MS) return `${minutes}:${padded}.${tenths % 10}`;
  return `${Math.floor(milliseconds / HOUR_MS)}:${String(minutes).padStart(2, '0')}:${padded}`;
}

/** A length in words: 12 s, 3 h 12 min. Units are the same in every language. */
export function duration(milliseconds: number): string {
  if (milliseconds < MINUTE_MS) return `${number(milliseconds / 1000, 1)}${THIN}s`;
  const minutes = Math.round(milliseconds / MINUTE_MS);
  if (minutes < 60) return `${minutes}${THIN}min`;
  return `${Math.floor(minutes / 60)}${THIN}h ${minutes % 60}${THIN}min`;
}

export function number(value: number, maximumFractionDigits = 0): string {
  return numberFormat(locale.tag, { maximumFractionDigits }).format(value);
}

/** With so many digits after the point, zeros among them: 0.120. */
export function fixed(value: number, digits: number): string {
  return numberFormat(locale.tag, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
}

/** A number and how far off it may be, with tenths only where they say something: 33 ±17, 4.2 ±0.6. */
export function plusMinus(value: number, half: number): string {
  const digits = half < 1 ? 1 : 0;
  return `${number(value, digits)}${THIN}±${number(half, digits)}`;
}

/** A short length that stands under others: 2.40 s. */
export const seconds = (value: number): string => `${fixed(value, 2)}${THIN}s`;

/** With so many digits that say something: 0.135, 41.7, 1,240. */
export function significant(value: number, maximumSignificantDigits = 3): string {
  if (Math.abs(value) >= 10 ** maximumSignificantDigits) return number(value);
  return numberFormat(locale.tag, { maximumSignificantDigits }).format(value);
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';
/** A small number by its power of ten: 7.3 × 10⁻⁴. From a hundredth on it is written out. */
export function scientific(value: number): string {
  if (value === 0 || Math.abs(value) >= 0.01) return significant(value);
  const exponent = Math.floor(Math.log10(Math.abs(value)));
  const raised = [...String(-exponent)].map((digit) => SUPERSCRIPTS[Number(digit)]).join('');
  return `${number(value / 10 ** exponent, 2)}${THIN}×${THIN}10⁻${raised}`;
}

/** A score between 0 and 1 with two digits: 0.70, < 0.01. */
export function score(value: number): string {
  const [minimumFractionDigits, least] = [2, 0.01];
  const format = numberFormat(locale.tag, { minimumFractionDigits, maximumFractionDigits: 2 });
  return value < least ? `<${THIN}${format.format(least)}` : format.format(value);
}

/** A fraction as per cent with one digit: 4.1 %. */
export const percent = (fraction: number): string => `${number(fraction * 100, 1)}${THIN}%`;

export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${number(value, value < 10 && unit > 0 ? 1 : 0)}${THIN}${units[unit] ?? ''}`;
}

/** 14 November 2026, 10:42 */
export function dateAndTime(instant: string): string {
  const isThisYear = new Date(instant).getFullYear() === new Date().getFullYear();
  return new Intl.DateTimeFormat(locale.region, {
    day: 'numeric',
    month: 'long',
    ...(isThisYear ? {} : { year: 'numeric' }),
    ...timeForm(),
  }).format(new Date(instant));
}

export function timeOfDay(instant: string): string {
  return new Intl.DateTimeFormat(locale.region, timeForm()).format(new Date(instant));
}

/** Where a day has 24 hours its first ten have two digits, so that a time is never taken for a length: 05:12, 5:12 am. */
function timeForm(): Intl.DateTimeFormatOptions {
  const { hour12 = false } = new Intl.DateTimeFormat(locale.region, { hour: 'numeric' }).resolvedOptions();
  return { hour: hour12 ? 'numeric' : '2-digit', minute: '2-digit' };
}

/** Whole calendar days between an instant and now, in the person's time zone; 0 is today. */
export function daysAgo(instant: string, now = new Date()): number {
  const midnight = (date: Date): number => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  return Math.round((midnight(now) - midnight(new Date(instant))) / DAY_MS);
}

/** The name of a day, near ones by their distance: Today, Yesterday, Friday, 14 November. */
export function dayName(instant: string, now = new Date()): string {
  const days = daysAgo(instant, now);
  if (days < 2) return capitalised(new Intl.RelativeTimeFormat(locale.tag, { numeric: 'auto' }).format(-days, 'day'));
  const date = new Date(instant);
  if (days < 7) return new Intl.DateTimeFormat(locale.region, { weekday: 'long' }).format(date);
  const isThisYear = date.getFullYear() === now.getFullYear();
  return new Intl.DateTimeFormat(locale.region, {
    day: 'numeric',
    month: 'long',
    ...(isThisYear ? {} : { year: 'numeric' }),
  }).format(date);
}

const capitalised = (text: string): string => text.charAt(0).toLocaleUpperCase(locale.tag) + text.slice(1);
