import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readWindowFiles } from '../../main/windowFiles';
import { windowFolder } from './fixtures/windowFolder';

const PAGE = { 'index.html': '<p>page</p>' };

describe('the window’s files', () => {
  it('are those that the build listed', () => {
    const folder = windowFolder({ ...PAGE, 'assets/index.js': 'code' });
    writeFileSync(join(folder, 'secret.txt'), 'not listed');
    expect([...readWindowFiles(folder).keys()].sort()).toEqual(['/', '/assets/index.js', '/index.html']);
  });

  it('have the content types that browsers ask for', () => {
    const folder = windowFolder({ ...PAGE, 'a.js': '', 'a.css': '', 'a.wasm': '', 'a.svg': '', 'a.unheard': '' });
    const files = readWindowFiles(folder);
    const types = ['/', '/a.js', '/a.css', '/a.wasm', '/a.svg', '/a.unheard'].map(
      (path) => files.get(path)?.contentType,
    );
    expect(types).toEqual([
      'text/html; charset=utf-8',
      'text/javascript; charset=utf-8',
      'text/css; charset=utf-8',
      'application/wasm',
      'image/svg+xml',
      'application/octet-stream',
    ]);
  });

  it('are refused when one is not as it was built', () => {
    const folder = windowFolder({ ...PAGE, 'a.js': 'code' });
    writeFileSync(join(folder, 'a.js'), 'other code');
    expect(() => readWindowFiles(folder)).toThrow('Expected a.js to be as it was built');
  });

  it('are refused without a page', () => {
    expect(() => readWindowFiles(windowFolder({ 'a.js': '' }))).toThrow('index.html');
  });

  it.each(['../secret.txt', '/etc/passwd', 'a/../../b', 'a//b', 'a\\b', ''])(
    'are refused when their list names %j',
    (path) => {
      const folder = windowFolder(PAGE);
      const files = [{ path, bytes: 0, sha256: '0'.repeat(64) }];
      writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ files }));
      expect(() => readWindowFiles(folder)).toThrow();
    },
  );
});
