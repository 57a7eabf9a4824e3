// What set-up found out, so that the next start need not find it out again.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheFolder } from './place.mjs';

const path = join(cacheFolder, 'setup.json');

/**
 * @typedef {object} Memory
 * @property {{ kind: 'native', print: string } | { kind: 'portable', reason: string }} [tensorflow]
 * @property {{ version: string, reason: string }} [electronUnavailable]
 */

/** @returns {Memory} */
export function recall() {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return {}; // none yet, or written half: everything is looked at anew
  }
}

/** @param {Partial<{ [K in keyof Memory]: Memory[K] | undefined }>} news undefined forgets */
export function remember(news) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.tmp`, `${JSON.stringify({ ...recall(), ...news }, null, 2)}\n`);
  renameSync(`${path}.tmp`, path);
}
