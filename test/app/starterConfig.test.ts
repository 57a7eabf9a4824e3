import { expect, test } from 'vitest';
import { isForwardOnly } from '../../app/contract/network';
import { sampleConfig, starterConfig, wordsOf } from '../../app/starterConfig';
import { trainingConfigSchema } from '../../app/contract/trainingConfig';

test('the starter is a configuration that training takes', () => {
  const config = trainingConfigSchema.parse(starterConfig(['left', 'right', 'hold']));
  expect(config.vocabulary).toEqual(['left', 'right', 'hold']);
  expect(isForwardOnly(config.network)).toBe(true);
});

test('a starter for very many words stays within the bounds of its card', () => {
  const words = Array.from({ length: 2_000 }, (_, index) => `word${index}`);
  expect(trainingConfigSchema.safeParse(starterConfig(words)).success).toBe(true);
});

test('words are read from any list, each once and in lower case', () => {
  expect(wordsOf(' Left, right;left\n向左、向右，')).toEqual(['left', 'right', '向左', '向右']);
});

test('the sample’s configuration is one that training takes, and learns the ten digits', () => {
  const config = trainingConfigSchema.parse(sampleConfig());
  expect(config.vocabulary).toHaveLength(10);
  expect(config.training.flatStart.epochs).toBeLessThan(config.training.epochs);
});
