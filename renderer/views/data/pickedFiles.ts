// What a person picked or dropped, with the place of every file below the folder that was chosen.
export interface PickedFile {
  /** Names of the folders below the chosen one, and of the file. */
  readonly place: readonly string[];
  readonly file: File;
}
export interface Picked {
  /** Of the folder, or of the first file. */
  readonly name: string;
  readonly files: readonly PickedFile[];
  /** One file that looks like a whole set; the engine looks into it. */
  readonly isWholeSet: boolean;
  /** Files whose place no data set can hold: too deep, too long, or with a sign that parts folders elsewhere. */
  readonly unusable: readonly string[];
}

const MAX_DEPTH = 16;
const MAX_NAME = 255;

/** Files that systems leave in folders by themselves. */
const isSystemFile = (name: string): boolean =>
  name.startsWith('.') || name === 'Thumbs.db' || name.toLowerCase() === 'desktop.ini';

const isUsable = (place: readonly string[]): boolean =>
  place.length <= MAX_DEPTH && place.every((name) => name.length <= MAX_NAME && !/[\\/\0]/.test(name));

function pickedFrom(all: readonly PickedFile[]): Picked {
  const visible = all.filter(({ place }) => !place.some(isSystemFile));
  const roots = new Set(visible.map(({ place }) => (place.length > 1 ? place[0] : null)));
  const [root] = roots;
  // One folder was chosen: it is the data set, and its name is no part of a place.
  const isFolder = roots.size === 1 && typeof root === 'string';
  const files = isFolder ? visible.map(({ place, file }) => ({ place: place.slice(1), file })) : visible;
  const isWholeSet = files.length === 1 && /\.zip$/i.test(files[0]?.file.name ?? '');
  return {
    name: (isFolder ? root : files[0]?.file.name.replace(/(?:\.unroll-set)?\.[^.]*$/i, '')) ?? '',
    isWholeSet,
    files: files.filter(({ place }) => isUsable(place)),
    unusable: files.filter(({ place }) => !isUsable(place)).map(({ place }) => place.join('/')),
  };
}

/** Of a file dialogue, for a folder or for files. */
export function pickedInDialogue(files: Iterable<File>): Picked {
  return pickedFrom(
    [...files].map((file) => ({
      place: file.webkitRelativePath === '' ? [file.name] : file.webkitRelativePath.split('/'),
      file,
    })),
  );
}

/** Of a drop: folders are walked. To be called while the drop is handled: its items are gone afterwards. */
export async function pickedByDrop(transfer: DataTransfer): Promise<Picked> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  // Where there are no entries, as with files that no file system holds, the files are there all the same.
  if (entries.length === 0) return pickedInDialogue(transfer.files);
  const found: PickedFile[] = [];
  for (const entry of entries) await walk(entry, [], found);
  return pickedFrom(found);
}

async function walk(entry: FileSystemEntry, above: readonly string[], found: PickedFile[]): Promise<void> {
  const place = [...above, entry.name];
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    found.push({ place, file });
  } else if (entry.isDirectory) {
    for (const inner of await entriesOf(entry as FileSystemDirectoryEntry)) await walk(inner, place, found);
  }
}

/** A reader gives a hundred entries at a time, then none. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return all;
    all.push(...some);
  }
}
