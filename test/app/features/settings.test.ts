import { expect, it } from 'vitest';
import {
  featureDimension,
  frontEndSchema,
  lookAheadFrames,
  type FrontEndSettings,
} from '../../../app/features/settings';
import { someSettings } from './settingsFixture';

const messageFor = (settings: unknown): string | undefined =>
  frontEndSchema.safeParse(settings).error?.issues[0]?.message;

it('accepts a common front end', () => {
  expect(frontEndSchema.safeParse(someSettings({ deltas: 2 })).success).toBe(true);
});

it('counts deltas in the dimension and in the look-ahead', () => {
  const settings = someSettings({ deltas: 2, deltaSpan: 3 });
  expect([featureDimension(settings), lookAheadFrames(settings)]).toEqual([39, 6]);
});

it('refuses more coefficients than mel bands', () => {
  expect(messageFor(someSettings({ coefficients: 27 }))).toBe('reason.frontEnd.coefficients');
});

it('refuses a hop that leaves sound out', () => {
  expect(messageFor(someSettings({ hopMs: 30 }))).toBe('reason.frontEnd.hop');
});

it('refuses statistics of another dimension', () => {
  const normalisation = { kind: 'training-statistics' as const, mean: [0], standardDeviation: [1] };
  expect(messageFor(someSettings({ normalisation }))).toBe('reason.frontEnd.statistics');
});

it('refuses a floor where there are no bands, or where their slopes would not follow', () => {
  const withFloor = (changes: Partial<FrontEndSettings>): string | undefined => {
    const settings = someSettings({ kind: 'log-mel', melBands: 26, coefficients: 26, ...changes });
    const values = Array.from({ length: featureDimension(settings) }, () => 1);
    const statistics = { mean: values, standardDeviation: values };
    return messageFor({
      ...settings,
      normalisation: { kind: 'window-mean', ...statistics, priorFrames: 0, floorNats: 9 },
    });
  };
  expect(withFloor({})).toBeUndefined();
  expect(withFloor({ deltas: 1 })).toBe('reason.frontEnd.floor');
  expect(withFloor({ kind: 'mfcc', coefficients: 13 })).toBe('reason.frontEnd.floor');
});
