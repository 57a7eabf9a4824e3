// Folders for importers to read, and what they find in them.
import { promises as fs } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ImportFormat } from '../../../../app/contract/dataset';
import { writeWav } from '../../../../app/audio/wav';
import { detectFormat, IMPORTERS } from '../../../../engine/data/importers/registry';
import { Source } from '../../../../engine/data/importers/source';
import { temporaryFolder } from '../../temporary';

/** Files by their path under the folder. */
export type Tree = Readonly<Record<string, string | Uint8Array>>;

export async function folderOf(tree: Tree): Promise<string> {
  const folder = await temporaryFolder();
  for (const [file, content] of Object.entries(tree)) {
    await fs.mkdir(dirname(join(folder, file)), { recursive: true });
    await fs.writeFile(join(folder, file), content);
  }
  return folder;
}

/** A tone. */
export function tone(seconds: number, hertz = 440): Uint8Array {
  const samples = Int16Array.from({ length: Math.round(seconds * 16_000) }, (_, n) =>
    Math.round(8000 * Math.sin((2 * Math.PI * hertz * n) / 16_000)),
  );
  return writeWav(samples, 16_000);
}

/** The format that is told by itself. */
export async function formatOf(tree: Tree, list = ''): Promise<ImportFormat> {
  const source = await Source.open(join(await folderOf(tree), list));
  return (await detectFormat(source)).importer.format;
}

/** Recordings as [path under the folder, text, speaker], and what was left out as [reason, file, line]. */
export async function entriesOf(format: ImportFormat, tree: Tree, list = '') {
  const folder = await folderOf(tree);
  const under = (path: string): string => path.replace(`${folder}/`, '');
  const taken: [string, string, string | null][] = [];
  const leftOut: [string, string, number | null][] = [];
  const segments: [number, number | null][] = [];
  for await (const entry of IMPORTERS[format].read(await Source.open(join(folder, list)))) {
    if (entry.kind === 'leftOut') leftOut.push([entry.reason, under(entry.example.file), entry.example.line]);
    else {
      taken.push([under(entry.path), entry.transcript, entry.speaker]);
      if (entry.segment !== null) segments.push([entry.segment.startSeconds, entry.segment.endSeconds]);
    }
  }
  return { taken, leftOut, segments };
}
