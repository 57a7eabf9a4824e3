// A short sample of `npm run soak -- parsers`.
import { promises as fs } from 'node:fs';
import { join, resolve } from 'node:path';
import { tmpdir } from 'node:os';
import { afterAll, describe, expect, it } from 'vitest';
import { fuzzParser } from './parsers/fuzzParsers';
import { makeTargets } from './parsers/targets';

const SEED = 1;
const FILES = Number(process.env['UNROLL_FUZZ_FILES'] ?? 12);
const root = await fs.mkdtemp(join(tmpdir(), 'unroll-test-'));
afterAll(() => fs.rm(root, { recursive: true, force: true }));
const targets = await makeTargets(root, resolve(import.meta.dirname, '../fixtures/audio'));

describe('a damaged file', () => {
  it.each(Object.entries(targets))('that should be a %s is read or refused with a sentence', async (name, target) => {
    const folder = join(root, 'files', name);
    await fs.mkdir(folder, { recursive: true });
    const { read, refused } = await fuzzParser({ name, target, seed: SEED, first: 0, count: FILES, folder });
    expect(read + refused).toBe(FILES);
    // A fuzzer whose files are all refused, or all read, tests nothing.
    expect(refused).toBeGreaterThan(0);
  });

  it.each(Object.entries(targets))('begins as a whole %s, which is read', async (name, target) => {
    for (const [index, bytes] of target.whole.entries()) {
      const folder = join(root, 'whole', `${name} ${index}`);
      await fs.mkdir(folder, { recursive: true });
      await expect(target.read(bytes, folder)).resolves.toBeDefined();
    }
  });
});
