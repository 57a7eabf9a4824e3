import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const sources = readdirSync(join(ROOT, 'main'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name, text: readFileSync(join(ROOT, 'main', name), 'utf8') }));

test.each([
  'allowRunningInsecureContent',
  'experimentalFeatures',
  'enableBlinkFeatures',
  'allowpopups',
  'openDevTools',
  'toggleDevTools',
  'ELECTRON_RUN_AS_NODE',
])('the window’s host never says %s', (word) => {
  expect(sources.filter(({ text }) => text.includes(word)).map(({ name }) => name)).toEqual([]);
});

test.each(['SECURITY.md', 'docs/faults.md', 'docs/packaging.md'])('every test that %s names is there', (document) => {
  const text = readFileSync(join(ROOT, document), 'utf8');
  const named = new Set([...text.matchAll(/`(?:test\/\w+\/)?([\w-]+\.(?:test|spec)\.ts)`/g)].map((match) => match[1]));
  const present = new Set(
    readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' }).map((name) => name.split(/[\\/]/).at(-1)),
  );
  expect(named.size).toBeGreaterThan(0);
  expect([...named].filter((name) => !present.has(name))).toEqual([]);
});
