// Named entries out of a zip file (a Python wheel is one), and the check that the file is the one expected.
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, promises as fs } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** @param {string} path @returns {Promise<string>} lower-case hexadecimal */
export async function sha256Of(path) {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(piece);
  return hash.digest('hex');
}

/**
 * Unpacks the entries that `targetOf` gives a place. Entries are regular files; links in the archive are not followed,
 * and names that lead out of it are refused (by yauzl).
 * @param {string} archive
 * @param {string} folder
 * @param {(name: string) => string | null} targetOf relative path inside the folder, or null to leave the entry out
 * @param {(bytes: number) => void} [onBytes] told of every piece written
 * @returns {Promise<number>} entries unpacked
 */
export async function unpack(archive, folder, targetOf, onBytes = () => {}) {
  // One of the dependencies: it is there only once they are installed.
  const { default: yauzl } = await import('yauzl');
  const zip = await yauzl.openPromise(archive);
  let unpacked = 0;
  for await (const entry of zip.eachEntry()) {
    const target = entry.fileName.endsWith('/') ? null : targetOf(entry.fileName);
    if (target === null) continue;
    const path = join(folder, target);
    await fs.mkdir(dirname(path), { recursive: true });
    const stream = await zip.openReadStreamPromise(entry);
    stream.on('data', (/** @type {Buffer} */ piece) => onBytes(piece.length));
    await pipeline(stream, createWriteStream(path));
    unpacked += 1;
  }
  return unpacked;
}
