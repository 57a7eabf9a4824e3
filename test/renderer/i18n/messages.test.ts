import { beforeEach, expect, test } from 'vitest';
import { UnrollError } from '../../../app/errors';
import { BridgeError } from '../../../renderer/bridge/bridge';
import { bytes, clock, dayName, duration, percent, plusMinus, timeOfDay } from '../../../renderer/i18n/format';
import { counted, errorSentence, locale, t } from '../../../renderer/i18n/messages.svelte';

beforeEach(() => locale.set('en'));

test('values stand in their places, numbers as the language writes them', () => {
  expect(t('files.progress', { done: 2, count: 1500 })).toBe('Transcribing 2 of 1,500 files');
  locale.set('zh');
  expect(t('files.progress', { done: 2, count: 5 })).toBe('正在转写第 2 个，共 5 个文件');
});

test('one and many have their own forms', () => {
  expect(counted('files.finished', 1)).toBe('1 file finished');
  expect(counted('files.finished', 5)).toBe('5 files finished');
});

test('an error is said in the present language by its code', () => {
  const error = new BridgeError(new UnrollError('audio.empty', { file: 'a.wav' }).toMessage());
  expect(errorSentence(error)).toBe('a.wav holds no sound.');
  locale.set('zh');
  expect(errorSentence(error)).toBe('a.wav 里没有声音。');
});

test('an unknown code keeps the message that came with it', () => {
  expect(errorSentence({ code: 'from.the.future', message: 'Something new.', params: {} })).toBe('Something new.');
});

test('a bug is told apart from what a person can mend', () => {
  expect(errorSentence(new TypeError('x is undefined'))).toContain('x is undefined');
});

test.each([
  [16_240, '0:16.2'],
  [59_990, '0:59.9'],
  [62_000, '1:02.0'],
  [3_736_000, '1:02:16'],
])('a position of %d ms reads %s', (milliseconds, text) => {
  expect(clock(milliseconds)).toBe(text);
});

test('a number that is not sure to one is told without tenths', () => {
  expect(plusMinus(33.3, 16.6)).toBe('33\u2009±17');
  expect(plusMinus(4.24, 0.61)).toBe('4.2\u2009±0.6');
});

test('lengths, shares and sizes carry their unit', () => {
  expect(duration(12_400)).toBe('12.4\u2009s');
  expect(duration(11_520_000)).toBe('3\u2009h 12\u2009min');
  expect(percent(0.0412)).toBe('4.1\u2009%');
  expect(bytes(361_000_000)).toBe('361\u2009MB');
});

test('near days have names in both languages', () => {
  const now = new Date(2026, 4, 14, 9);
  const at = (day: number): string => new Date(2026, 4, day, 23).toISOString();
  expect([dayName(at(14), now), dayName(at(13), now)]).toEqual(['Today', 'Yesterday']);
  locale.set('zh');
  expect([dayName(at(14), now), dayName(at(13), now)]).toEqual(['今天', '昨天']);
});

test('a time of day is never written like a length', () => {
  const early = new Date(2026, 4, 14, 5, 12).toISOString();
  locale.set('zh');
  expect(timeOfDay(early)).toBe('05:12');
  locale.set('en');
  expect(timeOfDay(early)).toMatch(/^(05:12|5:12\s[AaPp]\.?[Mm])/);
});
