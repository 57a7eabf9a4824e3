// The link that lets a browser in, as a file that only this person can read: a program's arguments, and so a link given
// to the browser's, are shown to everyone in the list of processes.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface RedirectFile {
  readonly path: string;
  remove(): void;
}

/** @param address holds no character that HTML would read as its own */
export function writeRedirectFile(address: string, parent = tmpdir()): RedirectFile {
  // mkdtemp makes the folder for its owner alone.
  const folder = mkdtempSync(join(parent, 'unroll-'));
  const path = join(folder, 'open.html');
  const page = `<!doctype html>
<meta charset="utf-8" />
<meta name="referrer" content="no-referrer" />
<meta http-equiv="refresh" content="0; url=${address}" />
<title>Unroll</title>
`;
  writeFileSync(path, page, { mode: 0o600, flag: 'wx' });
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
