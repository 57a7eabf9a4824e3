// The licences of everything that is shipped, for the window to show: the lockfile's production tree, and what is bundled.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { inRoot } from '../steps/place.mjs';

/** Packages that the lockfile counts among the tools, and whose code is part of the product all the same. */
const BUNDLED = ['node_modules/svelte', 'node_modules/@lucide/svelte', 'node_modules/clsx', 'node_modules/esm-env'];
/** The program that shows the window; what is inside it is told by the files beside it. */
const SHELL = 'node_modules/electron';
/** Its text lies in the project itself, for packages that bring none. */
const OWN_LICENCE = 'Apache-2.0';
const LICENCE_FILE = /^(licen[cs]e|copying|notice)(\.(md|txt))?$/i;

/**
 * @typedef {object} ShippedPackage
 * @property {string} name
 * @property {string} version
 * @property {string} licence SPDX expression
 * @property {number | null} text place of its licence's text among `texts`; null where the package brings none
 */

/** @typedef {{ readonly version?: string, readonly license?: string, readonly dev?: boolean, readonly devOptional?: boolean }} LockedPackage */

/** @param {string} path in the lockfile, node_modules/a/node_modules/@b/c */
const nameOf = (path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

/**
 * @param {Readonly<Record<string, LockedPackage>>} packages the lockfile's
 * @returns {string[]} the paths of what is shipped
 */
export function shippedPaths(packages) {
  const isShipped = (/** @type {string} */ path) =>
    BUNDLED.includes(path) || path === SHELL || !(packages[path]?.dev || packages[path]?.devOptional);
  return Object.keys(packages).filter((path) => path.startsWith('node_modules/') && isShipped(path));
}

/** @param {string} folder @returns {Promise<string | null>} null where the package is not there, or brings no licence file */
async function textIn(folder) {
  const names = await fs.readdir(folder).catch(() => []);
  const found = names.filter((name) => LICENCE_FILE.test(name)).sort();
  if (found.length === 0) return null;
  const texts = await Promise.all(found.map((name) => fs.readFile(join(folder, name), 'utf8')));
  return texts.map((text) => text.trim()).join('\n\n');
}

/**
 * @returns {Promise<{ packages: ShippedPackage[], texts: string[] }>} by name
 * @throws Error where a shipped package names no licence
 */
export async function collectLicences() {
  const { packages } = JSON.parse(await fs.readFile(inRoot('package-lock.json'), 'utf8'));
  const ownText = (await fs.readFile(inRoot('LICENSE'), 'utf8')).trim();
  /** @type {string[]} */
  const texts = [];
  /** @type {Map<string, ShippedPackage>} */
  const shipped = new Map();
  for (const path of shippedPaths(packages)) {
    const { version, license } = packages[path];
    if (!license) throw new Error(`Expected the lockfile to name the licence of ${path}`);
    const text = (await textIn(inRoot(path))) ?? (license === OWN_LICENCE ? ownText : null);
    if (text !== null && !texts.includes(text)) texts.push(text);
    const name = nameOf(path);
    shipped.set(`${name} ${version}`, {
      name,
      version,
      licence: license,
      text: text === null ? null : texts.indexOf(text),
    });
  }
  return { packages: [...shipped.values()].sort((a, b) => (a.name < b.name ? -1 : 1)), texts };
}

/** @param {string} folder of the window's build */
export async function writeLicences(folder) {
  await fs.writeFile(join(folder, 'licences.json'), JSON.stringify(await collectLicences()));
}
