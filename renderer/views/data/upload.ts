// Files that a person picked go to the engine piece by piece.
import { MAX_FILE_PIECE_BYTES } from '../../../app/contract/messages';
import { UnrollError } from '../../../app/errors';
import { errorMessageOf, type Bridge } from '../../bridge/bridge';
import type { PickedFile } from './pickedFiles';

/** Small files are many: so many are on their way at a time. */
const AT_ONCE = 4;

export interface SendOptions {
  /** It was given up: no more is sent. */
  readonly isStale: () => boolean;
  readonly onSent?: (bytes: number) => void;
}

/** Sends all files of an upload that was begun. @throws UnrollError file.unreadable, and what the engine answers */
export async function sendFiles(
  bridge: Bridge,
  uploadId: string,
  files: readonly PickedFile[],
  options: SendOptions,
): Promise<void> {
  const waiting = [...files].reverse();
  const sendSome = async (): Promise<void> => {
    for (let file = waiting.pop(); file && !options.isStale(); file = waiting.pop())
      await sendFile(bridge, uploadId, file, options);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sendSome));
}

/** Ends an upload; nothing of it is kept. */
export async function forgetUpload(bridge: Bridge, uploadId: string): Promise<void> {
  try {
    await bridge.request('data.cancelUpload', { uploadId });
  } catch (error) {
    // The engine had forgotten it already, or is gone with it: what was asked for is so.
    if (errorMessageOf(error) === null) throw error;
  }
}

export const sizeOfAll = (files: readonly PickedFile[]): number => files.reduce((sum, { file }) => sum + file.size, 0);

async function sendFile(
  bridge: Bridge,
  uploadId: string,
  { place, file }: PickedFile,
  { isStale, onSent }: SendOptions,
): Promise<void> {
  let offset = 0;
  // An empty file is a file too: it goes as one empty piece.
  do {
    const bytes = await readPiece(file, offset);
    if (isStale()) return;
    await bridge.request('data.piece', { uploadId, place: [...place], offset, bytes });
    if (isStale()) return;
    offset += bytes.length;
    onSent?.(bytes.length);
  } while (offset < file.size);
}

async function readPiece(file: File, offset: number): Promise<Uint8Array> {
  try {
    return new Uint8Array(await file.slice(offset, offset + MAX_FILE_PIECE_BYTES).arrayBuffer());
  } catch (error) {
    // It was moved, changed or taken away since it was picked.
    if (error instanceof DOMException) throw new UnrollError('file.unreadable', { file: file.name }, { cause: error });
    throw error;
  }
}
