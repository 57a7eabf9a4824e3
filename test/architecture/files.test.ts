import { describe, expect, test } from 'vitest';
import { CODE, filesOf } from './sources';

const MAX_LINES = 400;

/** Nothing but re-exports: a door that hides where things are, and a way for cycles to begin. */
function isBarrel(text: string): boolean {
  const code = text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\/\/.*$/gm, '')
    .trim();
  const rest = code
    .replace(/export\s+(?:type\s+)?(?:\*(?:\s+as\s+\w+)?|\{[^}]*\})\s+from\s+['"][^'"]+['"];?/g, '')
    .trim();
  return code !== '' && rest === '';
}

describe('source files', () => {
  test('have at most 400 lines', () => {
    const long = filesOf(['app', 'engine', 'main', 'renderer', 'scripts', 'test'], CODE)
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ lines }) => lines > MAX_LINES);
    expect(long).toEqual([]);
  });

  test('are never barrels', () => {
    const barrels = filesOf(['app', 'engine', 'main', 'renderer'], /\.ts$/).filter(({ text }) => isBarrel(text));
    expect(barrels.map(({ path }) => path)).toEqual([]);
  });

  test('name no folder outside the project', () => {
    const outside = /(?:^|[\s"'`(=])\/(?:home|root|Users|opt)\//;
    const named = filesOf(['app', 'engine', 'main', 'renderer', 'scripts', 'test'], CODE)
      .filter(({ path }) => path !== 'test/architecture/files.test.ts')
      .filter(({ text }) => outside.test(text));
    expect(named.map(({ path }) => path)).toEqual([]);
  });
});

describe('what Node gives', () => {
  test('is older than its own check sum of zip archives: the project has one', () => {
    const named = filesOf(['app', 'engine', 'main'], /\.ts$/).filter(({ text }) =>
      /import [^;]*\bcrc32\b[^;]* from 'node:zlib'/.test(text),
    );
    expect(named.map(({ path }) => path)).toEqual([]);
  });

  test('is no more in main than the oldest Electron that the tests drive has', () => {
    const newer = /from 'node:(?:\w+\/promises|test|sqlite|sea|diagnostics_channel)'/;
    const named = filesOf(['main'], /\.ts$/).filter(({ text }) => newer.test(text));
    expect(named.map(({ path }) => path)).toEqual([]);
  });
});

describe('what counts as a barrel', () => {
  test.each([
    ["export * from './a';", true],
    ["// all cells\nexport { a, b } from './a';\nexport type { C } from './c';", true],
    ["export * from './a';\nexport const b = 1;", false],
    ["import { a } from './a';\nexport const b = a;", false],
  ])('%j: %j', (text, expected) => {
    expect(isBarrel(text)).toBe(expected);
  });
});
