import { DEFAULT_ENDPOINTS } from '../../../../app/contract/decoding';
import { beforeEach, expect, test } from 'vitest';
import { decodingChoiceSchema } from '../../../../app/contract/decoding';
import { chosenDecoding, Preferences } from '../../../../renderer/views/settings/preferences.svelte';

const KEY = 'unroll.preferences';
beforeEach(() => localStorage.clear());

test('what was chosen is there at the next start', () => {
  Preferences.load(localStorage).set({ theme: 'dark', textSize: 120, microphoneId: 'usb' });
  expect(Preferences.load(localStorage).values).toMatchObject({ theme: 'dark', textSize: 120, microphoneId: 'usb' });
});

test.each(['', '{', '[]', '"dark"', '{"version":2,"theme":"dark"}'])('damaged text %j gives the defaults', (text) => {
  localStorage.setItem(KEY, text);
  expect(Preferences.load(localStorage).values).toMatchObject({ theme: 'system', textSize: 100, rows: 'standard' });
});

test('one damaged value falls back, the others stay', () => {
  localStorage.setItem(KEY, JSON.stringify({ version: 1, theme: 'dark', textSize: 9_000, rows: 7 }));
  expect(Preferences.load(localStorage).values).toMatchObject({ theme: 'dark', textSize: 100, rows: 'standard' });
});

test('the choice is worn by the page: size, rows, language, theme', () => {
  Preferences.load(localStorage).set({ textSize: 130, rows: 'compact', language: 'zh', theme: 'light' });
  const root = document.documentElement;
  expect([root.style.fontSize, root.dataset['density'], root.lang, root.dataset['theme']]).toEqual([
    '130%',
    'compact',
    'zh-Hans',
    'light',
  ]);
});

test('words to listen for are the lines of their field, as many and as long as the engine takes', () => {
  const preferences = Preferences.load(localStorage);
  expect(chosenDecoding(preferences.values)).toEqual({
    usesLanguage: true,
    hotWords: [],
    hotWordBoost: 3,
    phrases: [],
    endpoints: DEFAULT_ENDPOINTS,
  });
  preferences.set({ usesLanguage: false, hotWords: '  Ada Lovelace \n\nBabbage\n', phrases: 'lights on\n' });
  expect(chosenDecoding(preferences.values)).toMatchObject({
    usesLanguage: false,
    hotWords: ['Ada Lovelace', 'Babbage'],
    phrases: ['lights on'],
  });
  preferences.set({ hotWords: `${'a'.repeat(300)}\n`.repeat(500) });
  expect(decodingChoiceSchema.safeParse(chosenDecoding(preferences.values)).success).toBe(true);
});
