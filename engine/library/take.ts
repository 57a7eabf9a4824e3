// One recording while it is being made: sound goes to disk as it comes, so that no crash costs more than what had not arrived.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { wavHeader, WAV_HEADER_BYTES } from '../../app/audio/wav';
import { RECORDING_SAMPLE_RATE_HZ } from '../../app/contract/messages';
import type { Utterance } from '../../app/contract/recognition';
import { MANIFEST_VERSION, type RecordingManifest } from '../../app/contract/recording';
import { UnrollError } from '../../app/errors';
import {
  AUDIO_FILE,
  BYTES_PER_SAMPLE,
  MANIFEST_FILE,
  PART_FILE,
  readSamples,
  samplesIn,
  sizeOf,
  TAKE_FILE,
  writeRecordingManifest,
  writeTake,
  type TakeDescription,
} from './recordingFiles';

/** The bytes of a take's sound. Apart from the file system only for tests. */
export interface SoundFile {
  write(bytes: Uint8Array, position: number): Promise<void>;
  /** Makes what was written survive a loss of power. */
  sync(): Promise<void>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}
export type OpenSoundFile = (path: string, mode: 'new' | 'existing') => Promise<SoundFile>;

/** Sound that may lie in the system's memory only. */
const LONGEST_UNSYNCED_SAMPLES = RECORDING_SAMPLE_RATE_HZ;

export class Take {
  #description: TakeDescription;
  readonly #folder: string;
  readonly #file: SoundFile;
  #samples: number;
  #syncedSamples: number;
  #isClosed = false;

  private constructor(folder: string, description: TakeDescription, file: SoundFile, samples: number) {
    this.#folder = folder;
    this.#description = description;
    this.#file = file;
    this.#samples = samples;
    this.#syncedSamples = samples;
  }

  /** Makes the folder, says what is being recorded, and opens the sound file. @throws UnrollError disk.full */
  static async create(
    folder: string,
    description: TakeDescription,
    openFile: OpenSoundFile = openSoundFile,
  ): Promise<Take> {
    return sayDiskFull(0, async () => {
      await fs.mkdir(folder, { recursive: true });
      await writeTake(folder, description);
      const file = await openFile(join(folder, PART_FILE), 'new');
      await file.write(wavHeader(0, RECORDING_SAMPLE_RATE_HZ), 0);
      await file.sync();
      return new Take(folder, description, file, 0);
    });
  }

  /** Goes on where the sound on disk ends; half a sample at its end is dropped. */
  static async reopen(
    folder: string,
    description: TakeDescription,
    openFile: OpenSoundFile = openSoundFile,
  ): Promise<Take> {
    const path = join(folder, PART_FILE);
    const isWhole = (await sizeOf(path)) >= WAV_HEADER_BYTES;
    const samples = await samplesIn(path);
    const file = await openFile(path, isWhole ? 'existing' : 'new');
    if (!isWhole) await file.write(wavHeader(0, RECORDING_SAMPLE_RATE_HZ), 0);
    await file.truncate(byteLength(samples));
    return new Take(folder, description, file, samples);
  }

  get description(): TakeDescription {
    return this.#description;
  }
  get samplesOnDisk(): number {
    return this.#samples;
  }
  get bytesOnDisk(): number {
    return byteLength(this.#samples);
  }

  /**
   * Adds 16 kHz mono sound.
   * @throws UnrollError disk.full: what was taken before this call is whole.
   */
  async append(pcm: Int16Array): Promise<void> {
    await sayDiskFull(this.#samples, async () => {
      try {
        await this.#file.write(littleEndian(pcm), byteLength(this.#samples));
      } catch (error) {
        await this.#file.truncate(byteLength(this.#samples));
        throw error;
      }
      this.#samples += pcm.length;
      if (this.#samples - this.#syncedSamples < LONGEST_UNSYNCED_SAMPLES) return;
      await this.#file.sync();
      this.#syncedSamples = this.#samples;
    });
  }

  /** Puts these marks in the place of those there are, on disk before it returns. @throws UnrollError disk.full */
  async mark(marks: readonly number[]): Promise<void> {
    await sayDiskFull(this.#samples, async () => {
      const description = { ...this.#description, marks: [...marks].sort((a, b) => a - b) };
      await writeTake(this.#folder, description);
      this.#description = description;
    });
  }

  /** Samples [first, first + count), fewer at the end. */
  read(first: number, count: number): Promise<Int16Array> {
    return readSamples(join(this.#folder, PART_FILE), first, Math.max(0, Math.min(count, this.#samples - first)));
  }

  /** Lets go of the file; the take can be reopened, or is put together at the next start. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#file.close();
  }

  /** The take becomes a recording: header, name, manifest, and only then is it no take any more. */
  async finish(ending: {
    readonly utterances: readonly Utterance[] | null;
    readonly isRecovered: boolean;
  }): Promise<RecordingManifest> {
    return sayDiskFull(this.#samples, async () => {
      await this.#file.write(wavHeader(this.#samples, RECORDING_SAMPLE_RATE_HZ), 0);
      await this.#file.sync();
      await this.close();
      await fs.rename(join(this.#folder, PART_FILE), join(this.#folder, AUDIO_FILE));
      const manifest = manifestOf(this.#description, this.#samples, ending);
      await writeRecordingManifest(this.#folder, manifest);
      await fs.rm(join(this.#folder, TAKE_FILE));
      return manifest;
    });
  }
}

/** Turns a recording back into a take, so that its window can go on with it. */
export async function turnIntoTake(folder: string, take: TakeDescription): Promise<void> {
  await writeTake(folder, take);
  await fs.rename(join(folder, AUDIO_FILE), join(folder, PART_FILE));
  await fs.rm(join(folder, MANIFEST_FILE));
}

function manifestOf(
  { id, title, createdAt, source, modelId, marks }: TakeDescription,
  samples: number,
  { utterances, isRecovered }: { readonly utterances: readonly Utterance[] | null; readonly isRecovered: boolean },
): RecordingManifest {
  return {
    format: 'unroll-recording',
    version: MANIFEST_VERSION,
    id,
    title,
    createdAt,
    durationMs: (samples * 1000) / RECORDING_SAMPLE_RATE_HZ,
    sampleRateHz: RECORDING_SAMPLE_RATE_HZ,
    source,
    fileName: null,
    isRecovered,
    deletedAt: null,
    transcripts: utterances === null ? [] : [{ modelId, utterances: [...utterances] }],
    marks,
    tags: [],
    isFavourite: false,
  };
}

const byteLength = (samples: number): number => WAV_HEADER_BYTES + samples * BYTES_PER_SAMPLE;

export function littleEndian(pcm: Int16Array): Uint8Array {
  const bytes = Buffer.alloc(pcm.length * BYTES_PER_SAMPLE);
  for (let index = 0; index < pcm.length; index++) bytes.writeInt16LE(pcm[index] as number, index * BYTES_PER_SAMPLE);
  return bytes;
}

/** Runs it; a full disk is said in a sentence with how much sound is kept. */
async function sayDiskFull<R>(samples: number, run: () => Promise<R>): Promise<R> {
  try {
    return await run();
  } catch (error) {
    if (!isDiskFull(error)) throw error;
    throw new UnrollError('disk.full', { seconds: Math.floor(samples / RECORDING_SAMPLE_RATE_HZ) }, { cause: error });
  }
}
export const isDiskFull = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');

/** A file on disk. */
export const openSoundFile: OpenSoundFile = async (path, mode) => {
  const handle = await fs.open(path, mode === 'new' ? 'w' : 'r+', 0o600);
  return {
    write: async (bytes, position) => {
      for (let done = 0; done < bytes.length;) {
        done += (await handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
      }
    },
    sync: () => handle.datasync(),
    truncate: (length) => handle.truncate(length),
    close: () => handle.close(),
  };
};
