import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { filesOf } from './sources';

const folder = resolve(import.meta.dirname, '../../assets/messages');
const topics = readdirSync(join(folder, 'en')).map((name) => name.replace(/\.json$/, ''));

const messagesOf = (language: string, topic: string): Record<string, string> =>
  JSON.parse(readFileSync(join(folder, language, `${topic}.json`), 'utf8')) as Record<string, string>;
const valuesIn = (sentence: string): string[] => [...new Set(sentence.match(/\{\w+\}/g) ?? [])].sort();
/** Forms for one and for many differ by language: `key.one` and `key.other` are one message. */
const baseOf = (key: string): string => key.replace(/\.(?:one|other)$/, '');

const code = filesOf(['app', 'engine', 'main', 'renderer'], /\.(ts|svelte)$/)
  .map(({ text }) => text)
  .join('\n');
/** Everything quoted, and the fixed beginnings of templates: `files.state.${state}` gives "files.state.". */
const literals = new Set([...code.matchAll(/(['"`])([\w.-]+)\1/g)].map((match) => match[2] ?? ''));
const beginnings = [...code.matchAll(/`([\w-]+\.[\w.-]*)\$\{/g)].map((match) => match[1] ?? '');

const isUsed = (name: string): boolean =>
  literals.has(name) || literals.has(baseOf(name)) || beginnings.some((beginning) => name.startsWith(beginning));

describe('message files', () => {
  test('are the same topics in English and Chinese', () => {
    expect(readdirSync(join(folder, 'zh')).sort()).toEqual(readdirSync(join(folder, 'en')).sort());
  });

  test.each(topics)('%s has the same messages in English and Chinese', (topic) => {
    const keys = (language: string): string[] =>
      [...new Set(Object.keys(messagesOf(language, topic)).map(baseOf))].sort();
    expect(keys('zh')).toEqual(keys('en'));
  });

  test.each(topics)('%s uses the same values in English and Chinese', (topic) => {
    const [english, chinese] = [messagesOf('en', topic), messagesOf('zh', topic)];
    const differing = Object.keys(english).filter(
      (key) => key in chinese && String(valuesIn(english[key] ?? '')) !== String(valuesIn(chinese[key] ?? '')),
    );
    expect(differing).toEqual([]);
  });

  test.each(topics)('%s holds no empty sentence', (topic) => {
    const sentences = ['en', 'zh'].flatMap((language) => Object.entries(messagesOf(language, topic)));
    expect(sentences.filter(([, sentence]) => sentence.trim() === '')).toEqual([]);
  });

  test.each(topics.filter((topic) => topic !== 'errors' && topic !== 'menu'))(
    '%s holds no message that the window never shows',
    (topic) => {
      const unused = Object.keys(messagesOf('en', topic)).filter((key) => !isUsed(`${topic}.${key}`));
      expect(unused).toEqual([]);
    },
  );

  test('menu holds no message that no menu shows', () => {
    expect(Object.keys(messagesOf('en', 'menu')).filter((key) => !literals.has(key))).toEqual([]);
  });

  test('errors holds no code that nothing throws', () => {
    expect(Object.keys(messagesOf('en', 'errors')).filter((key) => !isUsed(key))).toEqual([]);
  });

  test('every message that the window asks for exists', () => {
    const asked = filesOf(['renderer'], /\.(ts|svelte)$/).flatMap(({ path, text }) =>
      [...text.matchAll(/\b(?:t|counted)\(\s*'([\w-]+)\.([\w.-]+)'/g)].map((match) => ({
        path,
        topic: match[1] ?? '',
        key: match[2] ?? '',
      })),
    );
    const missing = asked.filter(({ topic, key }) => {
      const messages = topics.includes(topic) ? messagesOf('en', topic) : {};
      return !(key in messages || `${key}.other` in messages);
    });
    expect(missing).toEqual([]);
  });
});
