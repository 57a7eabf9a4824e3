// Which files each bundle is made from, without loading what makes it: knowing that nothing changed must be quick.

/** @typedef {'renderer' | 'main' | 'preload' | 'engine' | 'browser'} BundleName */

const SHARED = ['app', 'assets/messages', 'scripts/build', 'package-lock.json', 'svelte.config.js', 'tsconfig.json'];

/** When none of these has changed, neither has the bundle. */
export const SOURCES = /** @type {Readonly<Record<BundleName, readonly string[]>>} */ ({
  renderer: [...SHARED, 'renderer', 'assets/icons'],
  main: [...SHARED, 'main'],
  preload: [...SHARED, 'main'],
  engine: [...SHARED, 'engine'],
  browser: [...SHARED, 'main'],
});
