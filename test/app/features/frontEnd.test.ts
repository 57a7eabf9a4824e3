import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import Meyda from 'meyda';
import { describe, expect, it } from 'vitest';
import { readWav } from '../../../app/audio/wav';
import { toInt16 } from '../../../app/audio/samples';
import { DeltaStage } from '../../../app/features/deltas';
import { extractFeatures, StreamingFrontEnd } from '../../../app/features/frontEnd';
import { lookAheadFrames, type FrontEndSettings } from '../../../app/features/settings';
import { someSettings } from './settingsFixture';

const fixtures = new URL('../../fixtures/', import.meta.url);
const reference = JSON.parse(readFileSync(new URL('reference/mfcc.json', fixtures), 'utf8')) as {
  frames: number;
  firstFramesPeriodicHamming: number[][];
  firstFramesSymmetricHamming: number[][];
  deltaOfFirst: { values: number[][] };
};
const clip = toInt16(
  readWav(readFileSync(new URL('audio/pocketsphinx_librivox_0870.wav', fixtures)), 'clip').channels[0] as Float32Array,
);
const largestDifference = (actual: ArrayLike<number>, wanted: readonly number[]): number =>
  Math.max(...wanted.map((value, index) => Math.abs(value - (actual[index] ?? NaN))));

const noise = (length: number, seed: number): Int16Array =>
  Int16Array.from({ length }, (_, n) => 9_000 * Math.sin(n * n * 0.01 + seed) + 3_000 * Math.sin(n * 0.3));

function streamed(pcm: Int16Array, cuts: readonly number[], settings: FrontEndSettings): Float32Array {
  const frontEnd = new StreamingFrontEnd(settings);
  const frames: number[] = [];
  let at = 0;
  for (const cut of cuts) frames.push(...frontEnd.push(pcm.subarray(at, (at += cut))));
  frames.push(...frontEnd.push(pcm.subarray(at)), ...frontEnd.finish());
  return Float32Array.from(frames);
}

describe('coefficients', () => {
  it('equal those of python_speech_features', () => {
    const { frames, count, dimension } = extractFeatures(clip, someSettings());
    expect([count, dimension]).toEqual([reference.frames, 13]);
    // In the quietest frame the + 1 of Meyda's ln(E + 1) makes 1.2e-4, elsewhere it is far less.
    expect(largestDifference(frames, reference.firstFramesPeriodicHamming.flat())).toBeLessThan(1.5e-4);
  });

  it('are not disturbed by another front end in the same process', () => {
    const other = someSettings({ sampleRateHz: 8_000, melBands: 40, coefficients: 20, windowMs: 32 });
    const alone = extractFeatures(clip.subarray(0, 16_000), someSettings()).frames;
    const [first, second] = [new StreamingFrontEnd(someSettings()), new StreamingFrontEnd(other)];
    const interleaved: number[] = [];
    for (let at = 0; at < 16_000; at += 800) {
      interleaved.push(...first.push(clip.subarray(at, at + 800)));
      second.push(clip.subarray(at, at + 800));
    }
    interleaved.push(...first.finish());
    expect(Float32Array.from(interleaved)).toEqual(alone);
  });

  it('are not disturbed by what others do to Meyda itself', () => {
    const alone = extractFeatures(clip.subarray(0, 8_000), someSettings()).frames;
    const before = { bufferSize: Meyda.bufferSize, sampleRate: Meyda.sampleRate, melBands: Meyda.melBands };
    Object.assign(Meyda, { bufferSize: 1024, sampleRate: 44_100, melBands: 40 });
    Meyda.extract('mfcc', new Float32Array(1024).fill(0.1));
    const after = extractFeatures(clip.subarray(0, 8_000), someSettings()).frames;
    Object.assign(Meyda, before);
    expect(after).toEqual(alone);
  });

  it('of digital silence are finite', () => {
    const { frames } = extractFeatures(new Int16Array(1_600), someSettings({ deltas: 2 }));
    expect(frames.every(Number.isFinite)).toBe(true);
  });

  it('of a narrow-band model are those of the decimated sound', () => {
    const tone = Int16Array.from({ length: 16_000 }, (_, n) => 10_000 * Math.sin((2 * Math.PI * 6_000 * n) / 16_000));
    const quiet = extractFeatures(tone, someSettings({ sampleRateHz: 8_000 })).frames.subarray(13 * 20, 13 * 21);
    const loud = extractFeatures(tone, someSettings()).frames.subarray(13 * 20, 13 * 21);
    // 6 kHz is above the narrow band: 80 dB are gone, 18 nepers in each of the bands that held it.
    expect((loud[0] ?? NaN) - (quiet[0] ?? NaN)).toBeGreaterThan(15);
  });
});

describe('the number of frames', () => {
  it.each([
    [0, 0],
    [1, 1],
    [400, 1],
    [401, 2],
    [560, 2],
    [561, 3],
  ])('of %i samples is %i', (samples, count) => {
    expect(extractFeatures(new Int16Array(samples).fill(5), someSettings()).count).toBe(count);
  });

  it('grows by the tail of silence', () => {
    expect(extractFeatures(new Int16Array(400), someSettings({ tailMs: 100 })).count).toBe(11);
  });

  it('is 0 for no sound, tail or not', () => {
    expect(extractFeatures(new Int16Array(0), someSettings({ tailMs: 100 })).count).toBe(0);
  });
});

describe('deltas', () => {
  it('equal those of python_speech_features', () => {
    const stage = new DeltaStage(2);
    const slopes = reference.firstFramesSymmetricHamming.flatMap((frame) => stage.push(Float32Array.from(frame)) ?? []);
    const all = [...slopes, ...stage.finish()].flatMap((slope) => [...slope]);
    expect(all).toHaveLength(reference.deltaOfFirst.values.flat().length);
    expect(largestDifference(all, reference.deltaOfFirst.values.flat())).toBeLessThan(1e-5);
  });

  it('of deltas follow them in every frame', () => {
    const settings = someSettings({ deltas: 2, deltaSpan: 3 });
    const { frames, count } = extractFeatures(noise(4_000, 1), settings);
    const part = (order: number): Float32Array[] =>
      Array.from({ length: count }, (_, t) => frames.slice(t * 39 + order * 13, t * 39 + (order + 1) * 13));
    for (const order of [1, 2]) {
      const stage = new DeltaStage(3);
      const slopes = part(order - 1).flatMap((frame) => stage.push(frame) ?? []);
      expect(part(order)).toEqual([...slopes, ...stage.finish()]);
    }
  });

  it('of a single frame are 0', () => {
    const { frames } = extractFeatures(noise(400, 1), someSettings({ deltas: 2 }));
    expect([...frames.subarray(13)]).toEqual(new Array(26).fill(0));
  });
});

describe('streaming', () => {
  it('gives the same bits however the sound is cut', () => {
    const statistics = { mean: new Array<number>(39).fill(1.5), standardDeviation: new Array<number>(39).fill(2) };
    const changes = fc.constantFrom<Partial<FrontEndSettings>>(
      {},
      { sampleRateHz: 8_000, deltas: 1 },
      { deltas: 2, tailMs: 300 },
      { deltas: 2, deltaSpan: 3, normalisation: { kind: 'training-statistics', ...statistics } },
      {
        deltas: 2,
        sampleRateHz: 8_000,
        normalisation: { kind: 'running-mean', ...statistics, timeConstantFrames: 50 },
      },
      { windowMs: 10, hopMs: 10 },
    );
    const cutsOf = fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 10 });
    fc.assert(
      fc.property(cutsOf, fc.nat(400), changes, fc.nat(), (cuts, rest, change, seed) => {
        const settings = someSettings(change);
        const pcm = noise(
          cuts.reduce((sum, cut) => sum + cut, rest),
          seed,
        );
        expect(streamed(pcm, cuts, settings)).toEqual(extractFeatures(pcm, settings).frames);
      }),
      { numRuns: 60 },
    );
  });

  it.each([0, 1, 2] as const)('with %i orders of deltas holds back no more than the look-ahead', (deltas) => {
    const settings = someSettings({ deltas });
    const frontEnd = new StreamingFrontEnd(settings);
    const given = frontEnd.push(noise(400 + 160 * 19, 1)).length / frontEnd.dimension;
    expect(given).toBe(20 - lookAheadFrames(settings));
  });

  it('takes nothing after its end', () => {
    const frontEnd = new StreamingFrontEnd(someSettings());
    frontEnd.finish();
    expect(() => frontEnd.push(new Int16Array(1))).toThrow('after the end');
  });
});
