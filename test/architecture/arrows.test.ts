import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createRequire } from 'node:module';
import { cruise, type IConfiguration } from 'dependency-cruiser';
import { afterAll, describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
mkdirSync(join(root, '.cache'), { recursive: true });
const house = mkdtempSync(join(root, '.cache/house-'));
afterAll(() => rmSync(house, { recursive: true, force: true }));

const { forbidden, options } = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as IConfiguration;

/** The names of the rules that this house of files breaks. */
async function brokenRules(name: string, files: Readonly<Record<string, string>>): Promise<string[]> {
  const folder = join(house, name);
  for (const [path, text] of Object.entries({ 'package.json': '{}', ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const rooms = [...new Set(Object.keys(files).map((path) => path.split('/')[0] ?? ''))];
  const { output } = await cruise(rooms, {
    ...options,
    baseDir: folder,
    validate: true,
    ruleSet: { forbidden: forbidden ?? [] },
  });
  if (typeof output === 'string') throw new Error('Expected a result, not a report');
  return output.summary.violations.map(({ rule }) => rule.name).sort();
}

describe('the arrows between rooms', () => {
  test('let the laboratory use no view but texts, and Inspect none but Record and texts', async () => {
    const files = {
      'renderer/views/lab/a.ts': "import { x } from '../inspect/x'; export const a = x;",
      'renderer/views/inspect/b.ts':
        "import { y } from '../record/y'; import { z } from '../train/z'; export const b = y + z;",
      'renderer/views/inspect/x.ts': 'export const x = 1;',
      'renderer/views/record/y.ts': 'export const y = 1;',
      'renderer/views/train/z.ts': 'export const z = 1;',
    };
    expect(await brokenRules('views', files)).toEqual(['inspect-knows-record-and-texts', 'lab-knows-texts-alone']);
  });

  test('allow every room to use app', async () => {
    const files = {
      'app/a.ts': 'export const a = 1;',
      'engine/b.ts': "import { a } from '../app/a'; export const b = a;",
      'main/c.ts': "import { a } from '../app/a'; export const c = a;",
      'renderer/d.ts': "import type { b } from './e'; import { a } from '../app/a'; export const d: typeof b = a;",
      'renderer/e.ts': 'export const b = 1;',
    };
    expect(await brokenRules('good', files)).toEqual([]);
  });

  test('refuse every other way, types included', async () => {
    const files = {
      'app/a.ts': "import { b } from '../engine/b'; export const a = b;",
      'engine/b.ts': "import type { C } from '../renderer/c'; export const b = 1 as C;",
      'main/d.ts': "import { b } from '../engine/b'; export const d = b;",
      'renderer/c.ts': "import { d } from '../main/d'; export type C = typeof d;",
    };
    expect(await brokenRules('bad', files)).toEqual(
      expect.arrayContaining([
        'app-imports-no-room',
        'engine-imports-app-alone',
        'main-imports-app-alone',
        'renderer-imports-app-alone',
      ]),
    );
  });

  test('refuse cycles', async () => {
    const files = {
      'app/a.ts': "import { b } from './b'; export const a = (): number => b();",
      'app/b.ts': "import { a } from './a'; export const b = (): number => a();",
    };
    expect(new Set(await brokenRules('cycle', files))).toEqual(new Set(['no-cycles']));
  });

  test('keep Node and Electron out of app, engine and window', async () => {
    const files = {
      'app/a.ts': "import { readFileSync } from 'node:fs'; export const a = readFileSync;",
      'engine/b.ts': "import { app } from 'electron'; export const b = app;",
      'renderer/c.ts': "import { readFileSync } from 'node:fs'; export const c = readFileSync;",
    };
    expect(await brokenRules('portable', files)).toEqual(
      expect.arrayContaining(['app-is-portable', 'electron-only-in-main', 'renderer-has-no-node']),
    );
  });
});
