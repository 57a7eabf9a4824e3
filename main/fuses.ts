// Electron's fuses: switches inside its program that packaging sets. They are read back here, out of the very program that runs.
import { promises as fs } from 'node:fs';
import { resolve } from 'node:path';

/** In the order of the wire, as Electron's documentation of fuses gives it. */
const FUSES = [
  'runAsNode',
  'enableCookieEncryption',
  'enableNodeOptionsEnvironmentVariable',
  'enableNodeCliInspectArguments',
  'enableEmbeddedAsarIntegrityValidation',
  'onlyLoadAppFromAsar',
  'loadBrowserProcessSpecificV8Snapshot',
  'grantFileProtocolExtraPrivileges',
] as const;
export type FuseName = (typeof FUSES)[number];
export type Fuses = Readonly<Partial<Record<FuseName, boolean>>>;

/** What a packaged app must have, as electron-builder.yml sets it. */
export const WANTED_FUSES: Fuses = {
  runAsNode: false,
  enableCookieEncryption: true,
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  enableEmbeddedAsarIntegrityValidation: true,
  onlyLoadAppFromAsar: true,
  grantFileProtocolExtraPrivileges: false,
};

/** Stands before the wire in Electron's program; written in two halves, so that this file is no place of it. */
const SENTINEL = ['dL7pKGdnNz796Pbb', 'jQWNKmHXBZaB9tsX'].join('');
const WIRE_VERSION = 1;
const PIECE_BYTES = 4 << 20;
/** Sentinel, version, length, and any wire there may be. */
const WIRE_BYTES = SENTINEL.length + 2 + 255;

/** The file that holds the wire: on a Mac the framework beside the program. */
const fuseFile = (program: string): string =>
  program.includes('.app/')
    ? resolve(program, '../../Frameworks/Electron Framework.framework/Electron Framework')
    : program;

/**
 * @param program Electron's executable
 * @returns null where it has no fuses, as before Electron 12
 */
export async function readFuses(program: string): Promise<Fuses | null> {
  const wire = await wireIn(fuseFile(program));
  if (wire === null || wire[0] !== WIRE_VERSION) return null;
  const length = wire[1] ?? 0;
  const states = FUSES.slice(0, length).map((name, index) => [name, wire[2 + index] === '1'.charCodeAt(0)] as const);
  return Object.fromEntries(states);
}

/** What follows the sentinel. The program is large: it is read piece by piece, pieces overlapping by a wire. */
async function wireIn(path: string): Promise<Buffer | null> {
  const file = await fs.open(path, 'r');
  try {
    const piece = Buffer.alloc(PIECE_BYTES);
    for (let offset = 0; ; offset += PIECE_BYTES - WIRE_BYTES) {
      const { bytesRead } = await file.read(piece, 0, PIECE_BYTES, offset);
      const at = piece.subarray(0, bytesRead).indexOf(SENTINEL, 0, 'latin1');
      if (at >= 0) return Buffer.from(piece.subarray(at + SENTINEL.length, at + WIRE_BYTES));
      if (bytesRead < PIECE_BYTES) return null;
    }
  } finally {
    await file.close();
  }
}

/** The fuses that are not as they must be. */
export const wrongFuses = (fuses: Fuses): readonly FuseName[] =>
  FUSES.filter((name) => WANTED_FUSES[name] !== undefined && fuses[name] !== WANTED_FUSES[name]);
