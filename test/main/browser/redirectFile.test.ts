import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeRedirectFile } from '../../../main/browser/redirectFile';

const ADDRESS = 'http://127.0.0.1:4000/open?token=abc-_9';

describe('the redirect file', () => {
  it('leads to the address', () => {
    const file = writeRedirectFile(ADDRESS);
    expect(readFileSync(file.path, 'utf8')).toContain(`content="0; url=${ADDRESS}"`);
    file.remove();
  });

  it('can be read by its owner alone', () => {
    const file = writeRedirectFile(ADDRESS);
    expect(statSync(file.path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(file.path)).mode & 0o777).toBe(0o700);
    file.remove();
  });

  it('goes with its folder, and may go twice', () => {
    const file = writeRedirectFile(ADDRESS);
    file.remove();
    file.remove();
    expect(existsSync(dirname(file.path))).toBe(false);
  });
});
