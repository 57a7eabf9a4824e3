// The front end alone: frames per second on one core.
import digits from '../../assets/recipes/digits.json';
import { extractFeatures } from '../../app/features/frontEnd';
import { frontEndSchema, type FrontEndSettings } from '../../app/features/settings';
import { RECORDING_SAMPLE_RATE_HZ } from '../../app/contract/messages';
import { minutesOfSpeech } from './sound';

export interface FrontEndSpeed {
  readonly title: string;
  readonly framesPerSecond: number;
  /** Seconds of sound per second of work. */
  readonly timesRealTime: number;
}

const WIDE_BAND: FrontEndSettings = frontEndSchema.parse({
  ...digits.config.frontEnd,
  sampleRateHz: 16_000,
  windowMs: 25,
  hopMs: 10,
});

export async function measureFrontEnd(rounds: number): Promise<FrontEndSpeed[]> {
  const pcm = await minutesOfSpeech(0.5);
  const settings = [WIDE_BAND, frontEndSchema.parse(digits.config.frontEnd)];
  const best = settings.map(() => Infinity);
  let frames: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    frames = settings.map((setting, index) => {
      const start = performance.now();
      const { count } = extractFeatures(pcm, setting);
      const seconds = (performance.now() - start) / 1000;
      if (round > 0) best[index] = Math.min(best[index] ?? Infinity, seconds); // the first round warms up
      return count;
    });
  }
  return settings.map((setting, index) => ({
    title: titleOf(setting),
    framesPerSecond: (frames[index] ?? NaN) / (best[index] ?? NaN),
    timesRealTime: pcm.length / RECORDING_SAMPLE_RATE_HZ / (best[index] ?? NaN),
  }));
}

const titleOf = ({ sampleRateHz, windowMs, hopMs, coefficients, melBands, deltas }: FrontEndSettings): string =>
  `${sampleRateHz / 1000} kHz, ${windowMs} ms every ${hopMs} ms, ${coefficients} of ${melBands} bands, ${deltas} orders of deltas`;
