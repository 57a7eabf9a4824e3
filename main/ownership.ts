// Which window a stream, a file, an upload or a take belongs to: what one window opened, another cannot send into.

export type ClientId = number;

interface OpenStream {
  readonly owner: ClientId;
  readonly recordingId: string;
  /** Of the newest chunk. */
  readonly firstFrame: number;
}
interface OpenFile {
  readonly owner: ClientId;
  /** True until its last byte has come: without its owner it would never be complete. */
  readonly isReceiving: boolean;
}

export const WORK_KINDS = ['upload', 'export', 'inspection', 'survey', 'comparison', 'take'] as const;
export type WorkKind = (typeof WORK_KINDS)[number];

/** Uploads of folders, sets that are saved as a file, takes of prompts, sounds that are looked into, surveys of many, and models that are compared. */
interface OpenWork {
  readonly owner: ClientId;
  readonly kind: WorkKind;
}

export class Ownership {
  readonly #works = new Map<string, OpenWork>();
  readonly #streams = new Map<string, OpenStream>();
  readonly #files = new Map<string, OpenFile>();
  /** Files that no window sent, while the engine has them: any window may stop them. */
  readonly #filesOfHost = new Set<string>();

  openStream(owner: ClientId, streamId: string, recordingId: string): void {
    // A recording has one stream: the one before it ended with an engine or a window.
    for (const [id, stream] of this.#streams) if (stream.recordingId === recordingId) this.#streams.delete(id);
    this.#streams.set(streamId, { owner, recordingId, firstFrame: 0 });
  }

  streamOwner(streamId: string): ClientId | null {
    return this.#streams.get(streamId)?.owner ?? null;
  }

  recordingOwner(recordingId: string): ClientId | null {
    for (const stream of this.#streams.values()) if (stream.recordingId === recordingId) return stream.owner;
    return null;
  }

  sentChunk(streamId: string, firstFrame: number): void {
    const stream = this.#streams.get(streamId);
    if (stream) this.#streams.set(streamId, { ...stream, firstFrame });
  }

  closeStream(streamId: string): void {
    this.#streams.delete(streamId);
  }

  closeAllStreams(): void {
    this.#streams.clear();
  }

  streamsOf(owner: ClientId): { readonly streamId: string; readonly firstFrame: number }[] {
    return [...this.#streams]
      .filter(([, stream]) => stream.owner === owner)
      .map(([streamId, { firstFrame }]) => ({ streamId, firstFrame }));
  }

  openFile(owner: ClientId, fileId: string): void {
    this.#files.set(fileId, { owner, isReceiving: true });
  }

  fileOwner(fileId: string): ClientId | null {
    return this.#files.get(fileId)?.owner ?? null;
  }

  receivedFile(fileId: string): void {
    const file = this.#files.get(fileId);
    if (file) this.#files.set(fileId, { ...file, isReceiving: false });
  }

  openFileOfHost(fileId: string): void {
    this.#filesOfHost.add(fileId);
  }

  isFileOfHost(fileId: string): boolean {
    return this.#filesOfHost.has(fileId);
  }

  closeFile(fileId: string): void {
    this.#files.delete(fileId);
    this.#filesOfHost.delete(fileId);
  }

  filesReceivedFrom(owner: ClientId): string[] {
    return [...this.#files].filter(([, file]) => file.owner === owner && file.isReceiving).map(([fileId]) => fileId);
  }

  openWork(owner: ClientId, kind: WorkKind, id: string): void {
    this.#works.set(id, { owner, kind });
  }

  workOwner(kind: WorkKind, id: string): ClientId | null {
    const work = this.#works.get(id);
    return work?.kind === kind ? work.owner : null;
  }

  closeWork(id: string): void {
    this.#works.delete(id);
  }

  worksOf(owner: ClientId, kind: WorkKind): string[] {
    return [...this.#works].filter(([, work]) => work.owner === owner && work.kind === kind).map(([id]) => id);
  }
}
