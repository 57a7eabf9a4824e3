// Questions to a network that was seen through.
import { describe, expect, test } from 'vitest';
import { inspectionQuestionMethods } from '../../../app/contract/inspectionQuestions';
import { extractFeatures } from '../../../app/features/frontEnd';
import { featureDimension, type FrontEndSettings } from '../../../app/features/settings';
import { alignRows } from '../../../engine/inspection/alignment';
import { logMelOf } from '../../../app/features/logMel';
import { askReach, askSaliency, differenceOf } from '../../../engine/inspection/questions';
import { selectUnits } from '../../../engine/inspection/selection';
import { toLogMel } from '../../../engine/inspection/throughFrontEnd';
import type { RowSource } from '../../../engine/inspection/tiles';
import { babble } from '../listen/fakeNetwork';
import { tinyManifest } from '../tinyModel';
import { openRoom, openTiny } from './room';

const gate = { layer: 0, direction: 'forward', activation: 'inputGate' } as const;
const rowsOf = (values: readonly number[]): RowSource => ({
  rows: values.length,
  width: 1,
  read: async (first, count) => Float32Array.from(values.slice(first, first + count)),
});

describe('units that are open inside a span and closed outside', () => {
  test('are found by the share of steps at which they are', async () => {
    const { inspections, open } = await openRoom(openTiny(), babble(2));
    const { handle } = await open();
    const held = { kind: 'clamp', ...gate, value: 0.1, fromStep: 0, toStep: 1000 } as const;
    const changed = await inspections.whatIf({
      handle,
      interventions: [
        { ...held, units: null },
        { ...held, units: [3, 5], value: 0.9, fromStep: 40, toStep: 60 },
      ],
    });
    const ask = (outside: 'everywhere' | 'around', series = [gate]) =>
      selectUnits(inspections.get(changed.handle), {
        fromStep: 40,
        toStep: 60,
        threshold: 0.5,
        series,
        outside,
        leastDifference: 0.9,
      });
    for (const outside of ['everywhere', 'around'] as const) {
      const units = await ask(outside);
      expect(units.map(({ unit, openInside, openOutside }) => [unit, openInside, openOutside])).toEqual([
        [3, 1, 0],
        [5, 1, 0],
      ]);
      expect(units[0]!.meanInside).toBeCloseTo(0.9, 6);
    }
    const everywhere = await ask('everywhere', []);
    expect(everywhere.filter(({ activation }) => activation === 'inputGate').map(({ unit }) => unit)).toEqual([3, 5]);
  });
});

describe('two sounds laid beside each other', () => {
  test('are matched though one is slower', async () => {
    const { path, distance, rowsPerPair } = await alignRows(rowsOf([1, 5, 2, 8]), rowsOf([1, 1, 5, 2, 2, 8, 8]));
    const pairs = Array.from({ length: path.length / 2 }, (_, k) => [path[2 * k], path[2 * k + 1]]);
    expect(pairs).toEqual([
      [0, 0],
      [0, 1],
      [1, 2],
      [2, 3],
      [2, 4],
      [3, 5],
      [3, 6],
    ]);
    expect([distance, rowsPerPair]).toEqual([0, 1]);
  });
  test('are told how far they are apart', async () => {
    const { distance } = await alignRows(rowsOf([2, 2, 2]), rowsOf([4, 4, 4]));
    expect(distance).toBeCloseTo(2 / 3, 12);
  });
});

describe('what an experiment changed', () => {
  test('begins with the step at which it begins', async () => {
    const { inspections, open } = await openRoom(openTiny(), babble(2));
    const { handle, steps } = await open();
    const changed = await inspections.whatIf({ handle, interventions: [{ kind: 'forget', layer: null, step: 90 }] });
    const difference = await differenceOf(inspections.get(handle), inspections.get(changed.handle));
    expect(difference.length).toBe(steps);
    expect(Math.max(...difference.subarray(0, 90))).toBe(0);
    expect(Math.max(...difference.subarray(90))).toBeGreaterThan(0.01);
    await expect(askReach(inspections.get(changed.handle), { ...gate, step: 5, lags: 2 })).rejects.toThrow(/gradients/);
  });
});

describe('which frames mattered', () => {
  test('is told by features and by bands, of the same frames', async () => {
    const { inspections, open } = await openRoom(openTiny(), babble(2));
    const inspection = inspections.get((await open()).handle);
    const answer = await askSaliency(inspection, { step: 60, classIndex: 1, of: 'logPosterior' });
    expect(inspectionQuestionMethods['inspection.saliency'].reply.parse(answer)).toEqual(answer);
    const { firstFrame, frames, features, logMel } = answer;
    expect([features.length, logMel.length]).toEqual([frames * 6, frames * 26]);
    // Slopes look two frames ahead.
    expect([firstFrame, frames]).toEqual([0, 63]);
    await expect(askSaliency(inspection, { step: 60, classIndex: 6, of: 'logit' })).rejects.toThrow('6 classes');
  });

  test.each([
    ['mfcc', { kind: 'mfcc', coefficients: 13 }],
    ['log-mel', { kind: 'log-mel', coefficients: 26 }],
  ] as const)('reaches the bands as the front end does: %s', (_, kind) => {
    const plain: FrontEndSettings = {
      ...tinyManifest('forward').frontEnd,
      ...kind,
      deltas: 2,
      normalisation: { kind: 'none' },
    };
    const D = featureDimension(plain);
    const normalisation = {
      kind: 'training-statistics',
      mean: new Array<number>(D).fill(1),
      standardDeviation: Array.from({ length: D }, (_, d) => 1 + (d % 7)),
    } as const;
    const settings: FrontEndSettings = { ...plain, normalisation };
    // All of it is linear: the difference of two sounds' bands goes to the difference of their features.
    const sounds = [babble(0.5), babble(0.7).subarray(3200)];
    const [a, b] = sounds.map((pcm) => extractFeatures(pcm, settings));
    const [below, belowOther] = sounds.map((pcm) => extractFeatures(pcm, logMelOf(settings)).frames);
    const weights = a!.frames.map((_, k) => Math.sin(3.7 * k));
    const gradient = { first: 0, count: a!.count, width: D, values: weights };
    const bands = toLogMel(gradient, settings, a!.count)!;
    const dot = (w: Float32Array, x: Float32Array, y: Float32Array): number =>
      w.reduce((sum, value, k) => sum + value * (x[k]! - y[k]!), 0);
    const expected = dot(weights, a!.frames, b!.frames);
    expect(dot(bands.values, below!, belowOther!) / expected).toBeCloseTo(1, 3);
  });
});
