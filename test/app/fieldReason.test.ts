import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import chinese from '../../assets/messages/zh/errors.json';
import { errorText, UnrollError } from '../../app/errors';
import { fieldReason } from '../../app/fieldReason';
import { someSettings } from './features/settingsFixture';
import { frontEndSchema } from '../../app/features/settings';

const schema = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z]+$/)
    .max(4),
  units: z.number().int().min(1).max(8),
  share: z.number().positive(),
  kind: z.enum(['lstm', 'gru']),
  rate: z.union([z.literal(8000), z.literal(16000)]),
  words: z.array(z.string()).min(1).max(2),
});
const right = { id: 'a', units: 1, share: 1, kind: 'lstm', rate: 8000, words: ['one'] };

/** "path: sentence", as the terminal says it. */
function said(value: unknown, against: z.ZodType = schema): string {
  const { error } = against.safeParse(value);
  if (error === undefined) throw new Error('Expected a value that does not fit');
  const { path, params } = fieldReason(error, value);
  return `${path}: ${new UnrollError('usage', params).message}`;
}

describe('why a value does not fit', () => {
  it.each([
    [{ ...right, units: undefined }, 'units: It is missing.'],
    [{ ...right, script: 'x' }, 'script: It is not a known field.'],
    [{ ...right, units: 'many' }, 'units: Its type must be number.'],
    [{ ...right, units: 9 }, 'units: It must be at most 8.'],
    [{ ...right, units: 0 }, 'units: It must be at least 1.'],
    [{ ...right, share: 0 }, 'share: It must be above 0.'],
    [{ ...right, kind: 'cnn' }, 'kind: It must be one of: lstm, gru.'],
    [{ ...right, rate: 11025 }, 'rate: It must be one of: 8000, 16000.'],
    [{ ...right, id: 'A' }, 'id: It must have the form /^[a-z]+$/.'],
    [{ ...right, id: 'abcde' }, 'id: Its length must be at most 4.'],
    [{ ...right, words: [] }, 'words: Its length must be at least 1.'],
    [{ ...right, words: ['one', 2] }, 'words.1: Its type must be string.'],
    [7, ': Its type must be object.'],
  ])('%j', (value, sentence) => {
    expect(said(value)).toBe(sentence);
  });

  it('is the reason that a check of our own names', () => {
    expect(said(someSettings({ hopMs: 30 }), frontEndSchema)).toBe('hopMs: It must not exceed windowMs.');
  });

  it('has a sentence in Chinese too', () => {
    const value = { ...right, units: 9 };
    const { path, params } = fieldReason(schema.safeParse(value).error!, value);
    const place = `model.json: ${path}`;
    expect(errorText(chinese, 'model.invalid', { ...params, model: 'mine', place })).toBe(
      '模型 mine 无法使用。model.json: units：不得大于 8。',
    );
  });
});
