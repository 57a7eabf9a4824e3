import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BuildRecord, fingerprintOf } from '../../scripts/build/fingerprint.mjs';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unroll-build-'));
  mkdirSync(join(folder, 'engine/deep'), { recursive: true });
  writeFileSync(join(folder, 'engine/a.ts'), 'a');
  writeFileSync(join(folder, 'engine/deep/b.ts'), 'b');
  writeFileSync(join(folder, 'lock.json'), '{}');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const fingerprint = (): string => fingerprintOf(folder, ['engine', 'lock.json', 'not-there']);

describe('the fingerprint of sources', () => {
  test('stays when nothing changes', () => {
    expect(fingerprint()).toBe(fingerprint());
  });

  test.each([
    ['a file changes', () => writeFileSync(join(folder, 'engine/deep/b.ts'), 'c')],
    ['a file is added', () => writeFileSync(join(folder, 'engine/c.ts'), '')],
    ['a file goes', () => rmSync(join(folder, 'engine/a.ts'))],
    ['a single source changes', () => writeFileSync(join(folder, 'lock.json'), '{ }')],
  ])('changes when %s', (_what, change) => {
    const before = fingerprint();
    change();
    expect(fingerprint()).not.toBe(before);
  });

  test('ignores what is no source', () => {
    const before = fingerprint();
    writeFileSync(join(folder, 'readme.md'), 'x');
    expect(fingerprint()).toBe(before);
  });
});

describe('the record of a build', () => {
  test('knows a bundle by its fingerprint, bundle by bundle', () => {
    const record = new BuildRecord(join(folder, 'dist'));
    record.set('engine', 'one');
    record.set('renderer', 'two');
    expect([record.has('engine', 'one'), record.has('engine', 'two'), record.has('renderer', 'two')]).toEqual([
      true,
      false,
      true,
    ]);
  });

  test('forgets a bundle that is about to be written', () => {
    const record = new BuildRecord(join(folder, 'dist'));
    record.set('engine', 'one');
    record.set('engine', null);
    expect(record.has('engine', 'one')).toBe(false);
  });
});
