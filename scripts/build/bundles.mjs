// The bundles of the product: what each is made from, and how.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { createHash } from 'node:crypto';
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { inRoot, root } from '../steps/place.mjs';
import { writeLicences } from './licences.mjs';
import { electron9Plugins, polyfillBanner } from './electron9.mjs';

/** @typedef {'production' | 'electron9'} Mode */
/** @typedef {import('./sources.mjs').BundleName} BundleName */

/** Left to Node's own resolution: Electron itself, the native library, and libraries that load WebAssembly beside them. */
const EXTERNAL = [
  /^electron(\/|$)/,
  /^@tensorflow\//,
  /^audio-decode(\/|$)/,
  /^@audio\//,
  /^@wasm-audio-decoders\//,
  /^mpg123-decoder$/,
  /^node-sqlite3-wasm$/,
];
const NODE_TARGET = 'node20.19';
const OLD_TARGET = 'chrome83';

/** What the engine starts beside itself: threads for features, a process that compiles ahead. */
export const ENGINE_PARTS = /** @type {const} */ ({
  features: 'engine/featureWorker.ts',
  ahead: 'engine/aheadProcess.ts',
});
/** Entry by name of the file it becomes. */
const NODE_ENTRIES =
  /** @type {Readonly<Record<Exclude<BundleName, 'renderer'>, Readonly<Record<string, string>>>>} */ ({
    main: { main: 'main/main.ts' },
    preload: { preload: 'main/preload.ts' },
    engine: {
      process: 'engine/process.ts',
      cli: 'engine/cli.ts',
      ...ENGINE_PARTS,
    },
    browser: { host: 'main/browserHost.ts' },
  });

/** @param {Mode} mode */
const common = (mode) => ({ mode, configFile: /** @type {const} */ (false), logLevel: /** @type {const} */ ('warn') });

/**
 * One Node program as one CommonJS file, source map beside it.
 * @param {{ name: string, entry: string, outDir: string, mode?: Mode }} options entry relative to the root
 */
export async function bundleForNode({ name, entry, outDir, mode = 'production' }) {
  const isOld = mode === 'electron9';
  await build({
    ...common(mode),
    root,
    plugins: isOld ? electron9Plugins() : [],
    publicDir: false,
    build: {
      ssr: inRoot(entry),
      outDir,
      emptyOutDir: false,
      target: isOld ? OLD_TARGET : NODE_TARGET,
      minify: false,
      sourcemap: true,
      rolldownOptions: {
        external: EXTERNAL,
        output: {
          format: 'cjs',
          entryFileNames: `${name}.cjs`,
          codeSplitting: false,
          ...(isOld ? { banner: polyfillBanner() } : {}),
        },
      },
    },
    ssr: { noExternal: true },
  });
}

/**
 * The list of the window's files, with hashes: what the hosts may serve.
 * @param {string} folder
 */
async function writeFileList(folder) {
  const entries = await fs.readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((name) => !name.endsWith('.map'))
    .sort();
  const files = await Promise.all(
    names.map(async (path) => {
      const content = await fs.readFile(join(folder, path));
      return { path, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
    }),
  );
  await fs.writeFile(join(folder, 'manifest.json'), `${JSON.stringify({ files }, null, 2)}\n`);
}

/** @param {string} outDir @param {Mode} mode */
async function bundleWindow(outDir, mode) {
  const isOld = mode === 'electron9';
  const output = isOld ? { banner: polyfillBanner(), codeSplitting: false } : {};
  await build({
    ...common(mode),
    root: inRoot('renderer'),
    base: './',
    plugins: [svelte({ configFile: inRoot('svelte.config.js') }), ...(isOld ? electron9Plugins() : [])],
    worker: {
      format: 'iife',
      plugins: () => (isOld ? electron9Plugins() : []),
      ...(isOld ? { rolldownOptions: { output: { banner: polyfillBanner() } } } : {}),
    },
    build: {
      outDir,
      emptyOutDir: true,
      ...(isOld ? { target: OLD_TARGET, cssTarget: OLD_TARGET } : {}),
      modulePreload: { polyfill: false },
      // The content security policy allows no data: scripts or fonts.
      assetsInlineLimit: 0,
      sourcemap: true,
      rolldownOptions: { output },
    },
  });
  await writeLicences(outDir);
  await writeFileList(outDir);
}

/**
 * @param {BundleName} bundle
 * @param {string} distFolder
 * @param {Mode} mode
 */
export async function makeBundle(bundle, distFolder, mode) {
  const outDir = join(distFolder, bundle);
  await fs.rm(outDir, { recursive: true, force: true });
  if (bundle === 'renderer') return bundleWindow(outDir, mode);
  for (const [name, entry] of Object.entries(NODE_ENTRIES[bundle])) await bundleForNode({ name, entry, outDir, mode });
}
