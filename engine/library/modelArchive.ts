// A model as one file, which carries it to another computer: a zip archive of its folder's own files, and nothing else.
import { promises as fs } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import { UnrollError, type ErrorParams, type ReasonCode } from '../../app/errors';
import { isThere } from '../data/dataFolder';
import { ZipEntries, type ZipRules } from '../data/zipEntries';
import { LANGUAGE_FILE } from '../language/ownLanguage';
import { MANIFEST_FILE, MAX_MANIFEST_BYTES, MAX_WEIGHTS_BYTES, WEIGHTS_FILE } from './modelFiles';

/** What a model's folder may hold, and how large it may be unpacked. */
const MOST_BYTES: ReadonlyMap<string, number> = new Map([
  [MANIFEST_FILE, MAX_MANIFEST_BYTES],
  [WEIGHTS_FILE, MAX_WEIGHTS_BYTES],
  [LANGUAGE_FILE, MAX_WEIGHTS_BYTES],
]);

/** @param dir of a model. @returns the archive's bytes */
export async function packModel(dir: string): Promise<Uint8Array> {
  const zip = new ZipFile();
  for (const name of MOST_BYTES.keys()) {
    if (!(await isThere(join(dir, name)))) continue;
    // Weights hardly get smaller.
    zip.addBuffer(await fs.readFile(join(dir, name)), name, { compress: name !== WEIGHTS_FILE });
  }
  zip.end();
  // Every reader of it takes what can be iterated, as Node's streams can.
  return buffer(zip.outputStream as AsyncIterable<Uint8Array> & NodeJS.ReadableStream);
}

/**
 * Unpacks a model's files into a folder below `place`, which is made. They may lie in a folder of the archive; what else is in it
 * stays there.
 * @returns the folder, called as the archive is
 * @throws UnrollError model.archive with the reason
 */
export async function unpackModel(file: string, place: string): Promise<string> {
  const zip = await ZipEntries.open(file, rulesOf(file));
  try {
    const manifests = zip.names.filter((name) => fileOf(name) === MANIFEST_FILE);
    const [manifest] = manifests;
    if (manifest === undefined) throw refused(file, 'reason.archive.noModel');
    if (manifests.length > 1) throw refused(file, 'reason.archive.models', { count: manifests.length });
    const folder = join(place, basename(file, extname(file)));
    await fs.mkdir(folder, { recursive: true });
    const inside = manifest.slice(0, -MANIFEST_FILE.length);
    for (const name of MOST_BYTES.keys())
      if (zip.names.includes(inside + name)) await zip.unpack(inside + name, join(folder, name));
    return folder;
  } finally {
    zip.close();
  }
}

const rulesOf = (file: string): ZipRules => ({
  mostBytes: (name) => MOST_BYTES.get(fileOf(name)) ?? 'passed',
  refused: (reason, params) => refused(file, reason, params),
});

/** A file of the archive itself, or of a folder in it; what systems add to archives lies in hidden folders or deeper. */
function fileOf(name: string): string {
  const [folder = '', file, ...deeper] = name.split('/');
  if (file === undefined) return folder;
  return folder.startsWith('.') || folder === '__MACOSX' || deeper.length > 0 ? '' : file;
}

const refused = (file: string, reason: ReasonCode, params: ErrorParams = {}): UnrollError =>
  new UnrollError('model.archive', { file: basename(file), reason, ...params });
