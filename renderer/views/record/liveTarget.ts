// Where text goes while someone speaks: a file that the host opened, or in a browser one that the browser lets the page write.
import type { LiveFormat } from '../../../app/contract/liveFile';
import { UnrollError } from '../../../app/errors';
import type { Bridge } from '../../bridge/bridge';

export interface LiveTarget {
  readonly name: string;
  /** Done when the text is on disk. @throws what the host or the browser says */
  append(text: string): Promise<void>;
  close(): Promise<void>;
}

interface SaveOptions {
  readonly suggestedName: string;
}
declare global {
  interface Window {
    /** File System Access (https://wicg.github.io/file-system-access/): Chromium has it, other browsers do not. */
    readonly showSaveFilePicker?: (options: SaveOptions) => Promise<FileSystemFileHandle>;
  }
}

/**
 * Lets the person choose a file, which becomes empty.
 * @returns null where they choose none
 * @throws UnrollError liveFile.noBrowser where the browser lets pages write no files
 */
export async function chooseLiveTarget(bridge: Bridge, name: string, format: LiveFormat): Promise<LiveTarget | null> {
  const asked = `${name}.${format}`;
  if (bridge.host === 'browser') return chooseInBrowser(asked);
  const { file } = await bridge.request('liveFile.open', { name: asked, format });
  if (file === null) return null;
  const { liveFileId } = file;
  return {
    name: file.name,
    append: async (text) => void (await bridge.request('liveFile.append', { liveFileId, text })),
    close: async () => void (await bridge.request('liveFile.close', { liveFileId })),
  };
}

async function chooseInBrowser(suggestedName: string): Promise<LiveTarget | null> {
  if (!window.showSaveFilePicker) throw new UnrollError('liveFile.noBrowser');
  let file: FileSystemFileHandle;
  try {
    file = await window.showSaveFilePicker({ suggestedName });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null;
    throw error;
  }
  let position = 0;
  const write = async (text: string, keepExistingData: boolean): Promise<void> => {
    // What is written to a stream is in the file when the stream is closed, and not before.
    const stream = await attempt(file.name, () => file.createWritable({ keepExistingData }));
    const data = new TextEncoder().encode(text);
    await attempt(file.name, () => stream.write({ type: 'write', position, data }));
    await attempt(file.name, () => stream.close());
    position += data.length;
  };
  await write('', false);
  return { name: file.name, append: (text) => write(text, true), close: async () => undefined };
}

async function attempt<R>(file: string, action: () => Promise<R>): Promise<R> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    throw new UnrollError('liveFile.failed', { file, reason: error.message }, { cause: error });
  }
}
