import { expect, it } from 'vitest';
import { collectLicences, shippedPaths } from '../../scripts/build/licences.mjs';

it('what is shipped is the production tree and what is bundled, and no tool of the developers', () => {
  const packages = {
    '': {},
    'node_modules/zod': { version: '4.0.0', license: 'MIT' },
    'node_modules/a/node_modules/@b/c': { version: '1.0.0', license: 'ISC' },
    'node_modules/eslint': { dev: true },
    'node_modules/svelte': { dev: true },
    'node_modules/either': { devOptional: true },
  };
  expect(shippedPaths(packages)).toEqual([
    'node_modules/zod',
    'node_modules/a/node_modules/@b/c',
    'node_modules/svelte',
  ]);
});

it('every shipped package names its licence, and those that the product stands on bring its text', async () => {
  const { packages, texts } = await collectLicences();
  expect(packages.filter(({ licence }) => licence === '')).toEqual([]);
  for (const name of ['@tensorflow/tfjs-node', 'meyda', 'svelte', 'zod', 'electron', 'node-sqlite3-wasm']) {
    const found = packages.find((each) => each.name === name);
    expect(found, name).toBeDefined();
    expect(texts[found?.text ?? -1], name).toMatch(/licen[cs]e|copyright/i);
  }
});
