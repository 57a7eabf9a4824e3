// Where in a short recording somebody speaks, told by energy alone: enough for takes and clips, in which one voice is far louder
// than the room.
import { RECORDING_SAMPLE_RATE_HZ } from '../../app/contract/messages';

const FULL_SCALE = 32_768;
const msToSamples = (ms: number): number => Math.round((ms * RECORDING_SAMPLE_RATE_HZ) / 1000);

/** Energy is measured over 20 ms, every 10 ms. */
const WINDOW = msToSamples(20);
const HOP = msToSamples(10);
/** Of a window in which every sample is 0, and of whatever lies below it. */
const LEAST_DB = -100;
/** The room: a tenth of all windows is quieter. */
const FLOOR_QUANTILE = 0.1;
/** Less between the room and the loudest window is no voice over a room: all of it is the one or the other. */
const LEAST_CONTRAST_DB = 10;
/** Where all is alike, this loud counts as a voice. */
const VOICE_DB = -50;
/** The threshold lies at this part of the way from the room to the loudest window: about 14 dB over the room for a voice of 40 dB. */
const THRESHOLD = 0.35;
/** Shorter bursts above the threshold are clicks. */
const LEAST_WINDOWS = 4;
/** Kept around the voice: an f or an s at its end may lie below the threshold. */
const MARGIN_BEFORE = msToSamples(150);
const MARGIN_AFTER = msToSamples(200);

export interface Voice {
  /** Samples [from, to), margins included. */
  readonly from: number;
  readonly to: number;
  /** Power of what lies above the threshold over the power outside [from, to); null where nothing lies outside, or digital silence. */
  readonly signalToNoiseDb: number | null;
}

/** Null where nobody speaks. @param pcm 16 kHz mono */
export function findVoice(pcm: Int16Array): Voice | null {
  const levels = levelsOf(pcm);
  if (levels.length === 0) return null;
  const ascending = levels.slice().sort();
  const floor = ascending[Math.floor(FLOOR_QUANTILE * ascending.length)] as number;
  const loudest = ascending.at(-1) as number;
  if (loudest - floor < LEAST_CONTRAST_DB)
    return loudest < VOICE_DB ? null : { from: 0, to: pcm.length, signalToNoiseDb: null };
  const isLoud = (level: number): boolean => level >= floor + THRESHOLD * (loudest - floor);
  const [first, last] = boundsOf(levels, isLoud);
  if (last < first) return null;
  const from = Math.max(0, first * HOP - MARGIN_BEFORE);
  const to = Math.min(pcm.length, last * HOP + WINDOW + MARGIN_AFTER);
  const isOutside = (index: number): boolean => index * HOP + WINDOW <= from || index * HOP >= to;
  const voice = meanPower(levels, (index) => index >= first && index <= last && isLoud(levels[index] as number));
  const room = meanPower(levels, isOutside);
  const isMeasurable = voice !== null && room !== null && room > 10 ** (LEAST_DB / 10);
  return { from, to, signalToNoiseDb: isMeasurable ? 10 * Math.log10(voice / room) : null };
}

/** The first and the last window that belong to runs long enough; the last before the first where there is no such run. */
function boundsOf(levels: Float32Array, isLoud: (level: number) => boolean): [number, number] {
  let [first, last, run] = [levels.length, -1, 0];
  levels.forEach((level, index) => {
    run = isLoud(level) ? run + 1 : 0;
    if (run < LEAST_WINDOWS) return;
    first = Math.min(first, index - run + 1);
    last = index;
  });
  return [first, last];
}

/** Of each window, dB below full scale. A sound shorter than one window is one. */
function levelsOf(pcm: Int16Array): Float32Array {
  if (pcm.length === 0) return new Float32Array(0);
  const count = 1 + Math.max(0, Math.floor((pcm.length - WINDOW) / HOP));
  return Float32Array.from({ length: count }, (_, index) => {
    const window = pcm.subarray(index * HOP, index * HOP + WINDOW);
    let sum = 0;
    for (let n = 0; n < window.length; n++) sum += (window[n] as number) ** 2;
    return Math.max(LEAST_DB, 10 * Math.log10(sum / window.length / FULL_SCALE ** 2));
  });
}

function meanPower(levels: Float32Array, isCounted: (index: number) => boolean): number | null {
  let [sum, count] = [0, 0];
  levels.forEach((level, index) => {
    if (!isCounted(index)) return;
    sum += 10 ** (level / 10);
    count += 1;
  });
  return count === 0 ? null : sum / count;
}
