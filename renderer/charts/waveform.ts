// Sound is ink: the waveform between its lowest and highest sample, column by column.
import type { Surface } from './canvas';
import { PEAK_SAMPLES, type Peaks } from './peaks';
import type { Span } from './timeAxis';

const SAMPLES_PER_MS = 16;

/** Loudness is heard by ratios: under this power quiet speech is seen too, and full scale still fills the figure. */
const EXPONENT = 0.7;
const heightOf = (amplitude: number): number => Math.pow(Math.max(0, amplitude), EXPONENT);

/** @param untilMs nothing is drawn after it, although it may be known: the now-line has not reached it */
export function drawWaveform(surface: Surface, colour: string, peaks: Peaks, span: Span, untilMs: number): void {
  const { context, width, height, density } = surface;
  const middle = height / 2;
  const binsPerMs = SAMPLES_PER_MS / PEAK_SAMPLES;
  const column = 1 / density;
  const msPerPixel = (span.endMs - span.startMs) / width;
  context.fillStyle = colour;
  context.beginPath();
  for (let x = 0; x < width; x += column) {
    const startMs = span.startMs + x * msPerPixel;
    if (startMs > untilMs) break;
    const from = Math.floor(startMs * binsPerMs);
    const to = Math.max(from + 1, Math.floor((startMs + column * msPerPixel) * binsPerMs));
    const range = peaks.range(from, to);
    if (!range) continue;
    const up = Math.max(0.5, heightOf(range.high) * middle);
    const down = Math.max(0.5, heightOf(-range.low) * middle);
    context.rect(x, middle - up, column, up + down);
  }
  context.fill();
}

/** A short waveform that fills its figure, for lists. */
export function drawPeaks(surface: Surface, colour: string, peaks: Float32Array): void {
  const { context, width, height, density } = surface;
  const column = 1 / density;
  const loudest = peaks.reduce((highest, value) => Math.max(highest, Math.abs(value)), 0.01);
  context.fillStyle = colour;
  context.beginPath();
  for (let x = 0; x < width; x += column) {
    const peak = Math.abs(peaks[Math.floor((x / width) * peaks.length)] ?? 0) / loudest;
    const half = Math.max(0.5, (peak * height) / 2);
    context.rect(x, height / 2 - half, column, 2 * half);
  }
  context.fill();
}
