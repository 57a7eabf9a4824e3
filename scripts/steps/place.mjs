// Where things are in a checkout.
import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');
/** What set-up keeps between runs; safe to delete. */
export const cacheFolder = join(root, '.cache');
export const inRoot = (/** @type {string[]} */ ...parts) => join(root, ...parts);
