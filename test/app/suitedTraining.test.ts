import { expect, test } from 'vitest';
import { trainingConfigSchema } from '../../app/contract/trainingConfig';
import { starterConfig } from '../../app/starterConfig';
import { epochsFor, suitable, suitedTraining } from '../../app/suitedTraining';

const usual = trainingConfigSchema.parse({ ...starterConfig([]), vocabulary: null });

test('a handful of recordings is learned in many small steps, from a flat start', () => {
  const suited = suitedTraining({ recordings: 15, seconds: 25 }, usual);
  expect(suited).toMatchObject({ epochs: 214, maxRows: 4, flatStart: { epochs: 36, corpora: [] } });
  expect(suited.dropout).toBeLessThan(usual.network.dropout);
});

test('a small set is gone through more often than a large one, which is learned as usual', () => {
  expect(suitedTraining({ recordings: 100, seconds: 100 }, usual)).toEqual({ ...suitable(usual), epochs: 240 });
  expect(suitedTraining({ recordings: 5000, seconds: 36_000 }, usual)).toEqual(suitable(usual));
});

test('even of a single recording no more epochs are wanted than a person has patience for', () => {
  expect(suitedTraining({ recordings: 1, seconds: 1 }, usual).epochs).toBe(600);
  expect(epochsFor({ seconds: 1 }, usual, 60)).toBe(60);
});
