import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { areDependenciesInstalled } from '../../scripts/steps/dependencies.mjs';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unroll-dependencies-'));
  lock('package-lock.json', { '': {}, 'node_modules/a': { version: '1.0.0' } });
  lock('node_modules/.package-lock.json', { 'node_modules/a': { version: '1.0.0' } });
  unpack('a');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function lock(path: string, packages: Record<string, unknown>): void {
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  writeFileSync(join(folder, path), JSON.stringify({ packages }));
}
function unpack(name: string): void {
  mkdirSync(join(folder, 'node_modules', name), { recursive: true });
  writeFileSync(join(folder, 'node_modules', name, 'package.json'), '{}');
}

describe('the dependencies', () => {
  test('are installed when every locked package is there in its version', () => {
    expect(areDependenciesInstalled(folder)).toBe(true);
  });

  test('are not installed in a fresh clone', () => {
    rmSync(join(folder, 'node_modules'), { recursive: true });
    expect(areDependenciesInstalled(folder)).toBe(false);
  });

  test('are not installed when npm was interrupted before its last act', () => {
    rmSync(join(folder, 'node_modules/.package-lock.json'));
    expect(areDependenciesInstalled(folder)).toBe(false);
  });

  test('are not installed when the lock file names another version', () => {
    lock('package-lock.json', { 'node_modules/a': { version: '1.0.1' } });
    expect(areDependenciesInstalled(folder)).toBe(false);
  });

  test('are not installed when a package was deleted', () => {
    rmSync(join(folder, 'node_modules/a'), { recursive: true });
    expect(areDependenciesInstalled(folder)).toBe(false);
  });

  test('may lack what is optional, for that belongs to other platforms', () => {
    lock('package-lock.json', {
      'node_modules/a': { version: '1.0.0' },
      'node_modules/a-windows': { version: '1.0.0', optional: true },
    });
    expect(areDependenciesInstalled(folder)).toBe(true);
  });
});
