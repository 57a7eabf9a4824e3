// Everything that Electron 9 (Chromium 83, V8 8.3, Node 12) needs and lowering the syntax does not give. Used by
// `--mode electron9` alone, the build that the end-to-end tests run where no current Electron can be had.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** In front of every chunk, since chunks are loaded in an order of their own. Strict, as modules are. */
export const polyfillBanner = () =>
  `'use strict';\n${readFileSync(join(import.meta.dirname, 'electron9Polyfills.js'), 'utf8')}`;

/** Svelte scopes by `:where(.svelte-x)`, which Chromium before 88 drops together with its whole rule. @param {string} css */
export const withoutWhere = (css) => css.replace(/:where\((\.svelte-[\w-]+)\)/g, '$1');

/** @returns {import('vite').Plugin[]} */
export function electron9Plugins() {
  return [
    {
      name: 'electron9:node-prefix', // Node 12 has no `node:` scheme
      enforce: 'pre',
      resolveId: (id) => (id.startsWith('node:') ? { id: id.slice('node:'.length), external: true } : null),
    },
    {
      name: 'electron9:where',
      generateBundle(_options, bundle) {
        for (const file of Object.values(bundle)) {
          if (file.type === 'asset' && file.fileName.endsWith('.css')) file.source = withoutWhere(String(file.source));
        }
      },
    },
  ];
}
