// What a bundle was made from, as one hash: a build is made again only when it would come out different.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** @param {string} path @returns {string[]} every file under it, sorted; the path itself where it is a file */
function filesUnder(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return [];
  if (stat.isFile()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/**
 * @param {string} root names are hashed relative to it, so that a checkout may move
 * @param {readonly string[]} sources files and folders; those that do not exist count as empty
 * @returns {string}
 */
export function fingerprintOf(root, sources) {
  const hash = createHash('sha256');
  for (const path of sources.flatMap((source) => filesUnder(resolve(root, source)))) {
    const content = readFileSync(path);
    hash.update(`${relative(root, path).replaceAll('\\', '/')}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** The fingerprints of the bundles in a dist folder: `.built`, JSON, by name of the bundle. */
export class BuildRecord {
  #path;
  /** @param {string} distFolder */
  constructor(distFolder) {
    this.#path = join(distFolder, '.built');
  }

  /** @returns {Record<string, string>} */
  #read() {
    if (!existsSync(this.#path)) return {};
    return JSON.parse(readFileSync(this.#path, 'utf8'));
  }

  /** @param {string} bundle @param {string} fingerprint */
  has(bundle, fingerprint) {
    return this.#read()[bundle] === fingerprint;
  }

  /** @param {string} bundle @param {string | null} fingerprint null forgets: the bundle is about to be written anew */
  set(bundle, fingerprint) {
    const { [bundle]: _before, ...others } = this.#read();
    mkdirSync(dirname(this.#path), { recursive: true });
    const temporary = `${this.#path}.${process.pid}.tmp`;
    writeFileSync(temporary, JSON.stringify(fingerprint === null ? others : { ...others, [bundle]: fingerprint }));
    renameSync(temporary, this.#path);
  }
}
