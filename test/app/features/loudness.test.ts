import { describe, expect, it } from 'vitest';
import { extractFeatures } from '../../../app/features/frontEnd';
import { loudnessNats } from '../../../app/features/loudness';
import { makeRandom } from '../../../engine/runtime/random';
import { someSettings } from './settingsFixture';

const random = makeRandom(3);
const sound = (amplitude: number): Int16Array =>
  Int16Array.from({ length: 1600 }, () => amplitude * (2 * random() - 1));
const cepstra = someSettings();
const bands = someSettings({ kind: 'log-mel', coefficients: 26 });
const ofFirstFrame = (settings: typeof bands, pcm: Int16Array): number =>
  loudnessNats(extractFeatures(pcm, settings).frames, 0, settings);

describe('the loudness of a frame', () => {
  it('is the same from its bands and from its cepstrum', () => {
    const pcm = sound(3000);
    expect(ofFirstFrame(bands, pcm)).toBeCloseTo(ofFirstFrame(cepstra, pcm), 4);
  });

  it('grows by 2 ln 10 where the amplitude grows ten times', () => {
    const quiet = sound(1000);
    const loud = quiet.map((sample) => 10 * sample);
    expect(ofFirstFrame(bands, loud) - ofFirstFrame(bands, quiet)).toBeCloseTo(2 * Math.log(10), 2);
  });

  it('does not depend on how the frames were scaled', () => {
    const { frames } = extractFeatures(sound(3000), bands);
    const plain = loudnessNats(frames, 0, bands);
    const standardDeviation = Array.from({ length: 26 }, (_, k) => 1 + k / 10);
    const scaled = frames.map((value, at) => value / (standardDeviation[at % 26] as number));
    const normalisation = { kind: 'training-statistics', mean: Array<number>(26).fill(0), standardDeviation } as const;
    expect(loudnessNats(scaled, 0, bands, normalisation)).toBeCloseTo(plain, 4);
  });
});

describe('logarithmic mel bands', () => {
  it('have the cepstrum that the front end gives for the same sound', () => {
    const pcm = sound(3000);
    const { frames } = extractFeatures(pcm, bands);
    const cepstrum = extractFeatures(pcm, someSettings({ coefficients: 26 })).frames;
    for (let k = 0; k < 26; k++) {
      let sum = 0;
      for (let b = 0; b < 26; b++) {
        sum += (frames[b] as number) * Math.sqrt((k === 0 ? 1 : 2) / 26) * Math.cos((Math.PI * k * (b + 0.5)) / 26);
      }
      expect(sum).toBeCloseTo(cepstrum[k] as number, 2);
    }
  });
});
