// One sound after the other comes into a data set: read, cut, measured against its text, and copied where that was asked for.
import { basename } from 'node:path';
import { writeWav } from '../../app/audio/wav';
import { RECORDING_SAMPLE_RATE_HZ } from '../../app/contract/messages';
import { UnrollError } from '../../app/errors';
import { readWholeSound, soundReason, tooShortParams } from './checkedRows';
import { isWritable, type DataFolderDraft } from './dataFolder';
import type { Candidate, Segment } from './importers/importer';
import { stemOf } from './importers/source';
import type { KnownSounds } from './knownSounds';
import type { LeftOutList } from './leftOutList';
import type { StoredRow } from './manifest';
import { storedText } from './transcriptText';

export interface TakenSound {
  readonly row: Omit<StoredRow, 'part'>;
  /** Absolute: where the sound came from. */
  readonly from: string;
  readonly seconds: number;
}
/** A sound as the list names it. */
export interface WrittenSound {
  /** Absolute, or relative to the set's folder. */
  readonly stored: string;
  readonly bytes: Uint8Array;
  /** 16 kHz mono. */
  readonly pcm: Int16Array;
}
export interface SoundTakerOptions {
  readonly isCopying: boolean;
  /** What is among these is left out; null where nothing is. */
  readonly known: KnownSounds | null;
  readonly onTaken?: (sound: WrittenSound) => Promise<void> | undefined;
}
interface ReadSound {
  readonly bytes: Uint8Array;
  /** 16 kHz mono. */
  readonly pcm: Int16Array;
}

export class SoundTaker {
  readonly #draft: DataFolderDraft;
  readonly #leftOut: LeftOutList;
  readonly #options: SoundTakerOptions;
  /** Where each stretch of sound was first named. */
  readonly #seen = new Map<string, string>();
  #clips = 0;

  constructor(draft: DataFolderDraft, leftOut: LeftOutList, options: SoundTakerOptions) {
    this.#draft = draft;
    this.#leftOut = leftOut;
    this.#options = options;
  }

  /** What comes of each candidate of one sound; null where it is left out. */
  async take(path: string, candidates: readonly Candidate[], signal?: AbortSignal): Promise<(TakenSound | null)[]> {
    const sound = await this.#read(path, candidates, signal);
    const taken: (TakenSound | null)[] = [];
    for (const candidate of candidates)
      taken.push(sound === null ? null : await this.#takeOne(candidate, sound, signal));
    return taken;
  }

  async #read(path: string, candidates: readonly Candidate[], signal?: AbortSignal): Promise<ReadSound | null> {
    try {
      return await readWholeSound(path, signal);
    } catch (error) {
      if (!(error instanceof UnrollError)) throw error;
      const [reason, params] = soundReason(error, path);
      for (const { place } of candidates) this.#leftOut.add(reason, { ...place, params });
      return null;
    }
  }

  async #takeOne(candidate: Candidate, { bytes, pcm }: ReadSound, signal?: AbortSignal): Promise<TakenSound | null> {
    const { path, place, segment } = candidate;
    if (this.#isTaken(candidate)) return null;
    const part = segment === null ? pcm : cut(pcm, segment);
    const seconds = part.length / RECORDING_SAMPLE_RATE_HZ;
    const transcript = storedText(candidate.transcript);
    const tooShort = tooShortParams(transcript, seconds);
    if (tooShort !== null) {
      this.#leftOut.add('too-short', { ...place, params: tooShort });
      return null;
    }
    const isOwn = this.#options.isCopying || segment !== null;
    if (!isOwn && !isWritable(path)) {
      this.#leftOut.add('unwritable-path', { ...place, params: {} });
      return null;
    }
    const name = segment === null ? basename(path) : `${stemOf(path)}.wav`;
    const content = segment === null ? bytes : writeWav(part, RECORDING_SAMPLE_RATE_HZ);
    const known = await this.#options.known?.find(content, signal);
    if (known) {
      this.#leftOut.add('already-there', { ...place, params: { ...known } });
      return null;
    }
    const stored = isOwn ? await this.#draft.addClip((this.#clips += 1), name, content) : path;
    await this.#options.onTaken?.({ stored, bytes: content, pcm: part });
    const { speaker, corpus } = candidate;
    return {
      row: { path: stored, transcript, speaker: oneLine(speaker), corpus: oneLine(corpus) },
      from: path,
      seconds,
    };
  }

  #isTaken({ path, segment, place }: Candidate): boolean {
    const key = JSON.stringify([path, segment]);
    const first = this.#seen.get(key);
    if (first !== undefined) this.#leftOut.add('duplicate', { ...place, params: { first } });
    else this.#seen.set(key, place.line === null ? place.file : `${place.file}:${place.line}`);
    return first !== undefined;
  }
}

/** Past the end there is nothing more. */
function cut(pcm: Int16Array, { startSeconds, endSeconds }: Segment): Int16Array {
  const at = (seconds: number): number => Math.round(seconds * RECORDING_SAMPLE_RATE_HZ);
  return pcm.subarray(at(startSeconds), endSeconds === null ? pcm.length : at(endSeconds));
}

const oneLine = (name: string | null): string | null => (name === null ? null : storedText(name)) || null;
