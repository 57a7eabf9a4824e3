// Change of sample rate by a windowed sinc, whole or as the sound comes.
//
// A rational polyphase filter (Crochiere & Rabiner, "Multirate Digital Signal Processing", 1983): output n lies at input
// time n · M / L, where L / M is the ratio of the rates in lowest terms, and each of its L phases has its own taps. The
// prototype is a sinc under a Kaiser window of β = 8 (stop band −80 dB) that spans 48 samples of the lower rate to each
// side; its cutoff is set so that the stop band begins at the lower rate's Nyquist frequency.

/** Below it a short file would become a very long sound; above it there are no recordings. */
export const MIN_RATE_HZ = 100;
export const MAX_RATE_HZ = 768_000;

/** Half the filter's length, in samples of the lower rate. */
const HALF_SPAN = 48;
const KAISER_BETA = 8;
/** Middle of the transition band, as a fraction of the lower rate: its Nyquist frequency less half the transition. */
const CUTOFF = 0.5 - 0.0266;
/** More phases than this are not stored, but interpolated between INTERPOLATED_PHASES: an error below −100 dB. */
const MAX_PHASES = 1024;
const INTERPOLATED_PHASES = 512;

/** Modified Bessel function of the first kind, order zero, by its power series. */
function besselI0(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

/** The prototype at `time` samples of the lower rate from its centre. */
function prototype(time: number): number {
  const position = time / HALF_SPAN;
  if (Math.abs(position) >= 1) return 0;
  const angle = 2 * Math.PI * CUTOFF * time;
  const sinc = angle === 0 ? 1 : Math.sin(angle) / angle;
  return sinc * besselI0(KAISER_BETA * Math.sqrt(1 - position * position));
}

const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b));

interface Filter {
  /** Input samples that one output looks at: `half` up to its own place, `half` after it. */
  readonly half: number;
  readonly phases: number;
  /** [phases + 1, 2 · half]; the last row is the first, one input sample on. */
  readonly taps: Float64Array;
}

/** The taps of every phase; each phase sums to one, so that a constant stays what it is. */
function designFilter(fromHz: number, toHz: number, ratePhases: number): Filter {
  const phases = ratePhases <= MAX_PHASES ? ratePhases : INTERPOLATED_PHASES;
  const lowerRatePerInput = Math.min(1, toHz / fromHz);
  const half = Math.ceil(HALF_SPAN / lowerRatePerInput);
  const length = 2 * half;
  const taps = new Float64Array((phases + 1) * length);
  for (let phase = 0; phase <= phases; phase++) {
    const row = taps.subarray(phase * length, (phase + 1) * length);
    let sum = 0;
    for (let tap = 0; tap < length; tap++) {
      const inputTime = tap - (half - 1) - phase / phases;
      sum += row[tap] = prototype(inputTime * lowerRatePerInput);
    }
    for (let tap = 0; tap < length; tap++) row[tap] = (row[tap] as number) / sum;
  }
  return { half, phases, taps };
}

const filters = new Map<string, Filter>();
const MAX_KEPT_FILTERS = 8;

function filterFor(fromHz: number, toHz: number, ratePhases: number): Filter {
  const key = `${fromHz}:${toHz}`;
  let filter = filters.get(key);
  if (!filter) {
    filter = designFilter(fromHz, toHz, ratePhases);
    if (filters.size >= MAX_KEPT_FILTERS) filters.clear();
    filters.set(key, filter);
  }
  return filter;
}

/**
 * Brings a sound from one rate to another as it comes. Sample n of the result stands for time n / toHz: the filter's delay
 * is taken out, so the last samples only come with finish(). How the sound is cut into pieces changes no bit of the result.
 * The pass band (±0.1 dB) ends at 0.44 of the lower rate; aliases and images lie below −70 dB.
 */
export class Resampler {
  /** L and M. */
  readonly #up: number;
  readonly #down: number;
  readonly #filter: Filter | null;
  /** Input from `#bufferStart` on, as far as outputs still need it. Time before the sound counts as silence. */
  #buffer: Float32Array;
  #bufferStart: number;
  /** The next output's place: input sample and, in 1 / L of one, what is left over. */
  #wholePart = 0;
  #remainder = 0;
  #received = 0;

  /** @throws Error where a rate lies outside 0.1 to 768 kHz or is no whole number of Hz. */
  constructor(fromHz: number, toHz: number) {
    for (const rate of [fromHz, toHz]) {
      if (!Number.isInteger(rate) || rate < MIN_RATE_HZ || rate > MAX_RATE_HZ) {
        throw new Error(`Expected a whole rate from ${MIN_RATE_HZ} to ${MAX_RATE_HZ} Hz, but got ${rate}`);
      }
    }
    const divisor = greatestCommonDivisor(fromHz, toHz);
    this.#up = toHz / divisor;
    this.#down = fromHz / divisor;
    this.#filter = fromHz === toHz ? null : filterFor(fromHz, toHz, this.#up);
    const leadIn = this.#filter ? this.#filter.half - 1 : 0;
    this.#buffer = new Float32Array(leadIn);
    this.#bufferStart = -leadIn;
  }

  /** Takes the next samples, hands back those that are certain now. */
  push(samples: Float32Array): Float32Array {
    this.#received += samples.length;
    if (!this.#filter) return samples.slice();
    this.#append(samples);
    const certain = this.#received - 1 - this.#filter.half;
    return this.#produce(this.#filter, this.#outputsUpTo(certain));
  }

  /** The end of the sound: hands back the last samples. In all there are ⌈n · L / M⌉. */
  finish(): Float32Array {
    if (!this.#filter) return new Float32Array(0);
    this.#append(new Float32Array(this.#filter.half));
    return this.#produce(this.#filter, this.#outputsUpTo(this.#received - 1));
  }

  /** How many outputs, from the next one on, lie at or before input sample `last` (its fractions included). */
  #outputsUpTo(last: number): number {
    const room = (last + 1 - this.#wholePart) * this.#up - this.#remainder;
    return Math.max(0, Math.ceil(room / this.#down));
  }

  #append(samples: Float32Array): void {
    const needed = this.#wholePart - ((this.#filter?.half ?? 1) - 1);
    const kept = this.#buffer.subarray(Math.min(this.#buffer.length, Math.max(0, needed - this.#bufferStart)));
    this.#bufferStart += this.#buffer.length - kept.length;
    const joined = new Float32Array(kept.length + samples.length);
    joined.set(kept);
    joined.set(samples, kept.length);
    this.#buffer = joined;
  }

  #produce({ half, phases, taps }: Filter, count: number): Float32Array {
    const output = new Float32Array(count);
    const length = 2 * half;
    const buffer = this.#buffer;
    for (let n = 0; n < count; n++) {
      const start = this.#wholePart - (half - 1) - this.#bufferStart;
      const phase = (this.#remainder * phases) / this.#up;
      const row = Math.floor(phase);
      const between = phase - row;
      let value = 0;
      for (let tap = 0, at = row * length; tap < length; tap++, at++) {
        value += (buffer[start + tap] as number) * (taps[at] as number);
      }
      if (between > 0) {
        let next = 0;
        for (let tap = 0, at = (row + 1) * length; tap < length; tap++, at++) {
          next += (buffer[start + tap] as number) * (taps[at] as number);
        }
        value += between * (next - value);
      }
      output[n] = value;
      this.#remainder += this.#down;
      this.#wholePart += Math.floor(this.#remainder / this.#up);
      this.#remainder %= this.#up;
    }
    return output;
  }
}

/** A whole sound at another rate: ⌈n · toHz / fromHz⌉ samples. */
export function resample(samples: Float32Array, fromHz: number, toHz: number): Float32Array {
  const resampler = new Resampler(fromHz, toHz);
  const body = resampler.push(samples);
  const end = resampler.finish();
  const whole = new Float32Array(body.length + end.length);
  whole.set(body);
  whole.set(end, body.length);
  return whole;
}
