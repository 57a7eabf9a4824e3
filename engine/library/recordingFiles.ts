// A recording on disk: a folder named by its id. Finished: audio.wav and manifest.json. Being recorded: audio.part.wav and
// take.json. A take.json that nobody writes to any more is a take that was cut short.
import { randomUUID } from 'node:crypto';
import { promises as fs, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { WAV_HEADER_BYTES } from '../../app/audio/wav';
import { plainText } from '../../app/contract/recognition';
import {
  MANIFEST_VERSION,
  marksSchema,
  recordingManifestSchema,
  type RecordingManifest,
  type RecordingSummary,
} from '../../app/contract/recording';
import { identifier, instant } from '../../app/contract/schema';
import { UnrollError } from '../../app/errors';
import { fieldReason, type FieldReason } from '../../app/fieldReason';
import { writeFileAtomic } from './atomicFile';
import type { SearchedText } from './recordingIndex';

export const AUDIO_FILE = 'audio.wav';
export const PART_FILE = 'audio.part.wav';
export const MANIFEST_FILE = 'manifest.json';
export const TAKE_FILE = 'take.json';
export const BYTES_PER_SAMPLE = 2;
const MAX_MANIFEST_BYTES = 256 << 20;

/** What is being recorded, written before its first sample, and again with every mark. */
export const takeSchema = z.strictObject({
  format: z.literal('unroll-take'),
  version: z.literal(1),
  id: identifier,
  title: z.string().max(200),
  createdAt: instant,
  source: z.enum(['microphone', 'sample']),
  modelId: identifier,
  /** The process that started the engine: while it is the same, its window may go on with the take. */
  owner: z.number().int(),
  marks: marksSchema.default([]),
});
export type TakeDescription = z.infer<typeof takeSchema>;

export const newId = (): string => randomUUID();

export function summaryOf(manifest: RecordingManifest): RecordingSummary {
  const newest = manifest.transcripts.at(-1);
  const words = newest?.utterances.flatMap((utterance) => utterance.words) ?? [];
  return {
    id: manifest.id,
    title: manifest.title,
    createdAt: manifest.createdAt,
    durationMs: manifest.durationMs,
    source: manifest.source,
    isRecovered: manifest.isRecovered,
    text: newest === undefined ? '' : plainText(newest.utterances),
    modelId: newest?.modelId ?? null,
    confidence: words.length === 0 ? null : words.reduce((sum, word) => sum + word.confidence, 0) / words.length,
    corrections: words.filter((word) => word.correction !== undefined).length,
    tags: manifest.tags,
    isFavourite: manifest.isFavourite,
    isDeleted: manifest.deletedAt !== null,
  };
}

/** All that a search of the library looks through, beside title and tags. */
export function searchedText({ transcripts, fileName }: RecordingManifest): SearchedText {
  const words = transcripts.flatMap(({ utterances }) => utterances.flatMap((utterance) => utterance.words));
  const text = words.flatMap((word) => [word.text, word.correction ?? '']).filter((each) => each !== '');
  return { text: [fileName ?? '', text.join(' ')].join('\n'), modelIds: transcripts.map(({ modelId }) => modelId) };
}

/** Changes whenever the manifest is written. Empty where there is none. */
export function stampOf(folder: string): string {
  const stats = statSync(join(folder, MANIFEST_FILE), { throwIfNoEntry: false });
  return stats === undefined ? '' : `${stats.ino}:${stats.mtimeMs}:${stats.size}`;
}

/** Whether a folder is the finished recording that this stamp was taken of. Ten thousand are asked at a start: without waiting. */
export const isUnchanged = (folder: string, stamp: string): boolean =>
  stamp !== '' &&
  stampOf(folder) === stamp &&
  statSync(join(folder, TAKE_FILE), { throwIfNoEntry: false }) === undefined;

/** @throws UnrollError recording.missing, or recording.damaged with the first thing that is wrong. */
export async function readRecordingManifest(folder: string): Promise<RecordingManifest> {
  const recording = basename(folder);
  const value = await readJson(join(folder, MANIFEST_FILE), recording);
  if (value === null) throw new UnrollError('recording.missing', { recording });
  const result = recordingManifestSchema.safeParse(migrated(value));
  if (result.success) {
    if (result.data.id === recording) return result.data;
    throw damaged(recording, MANIFEST_FILE, { reason: 'reason.recording.other' });
  }
  if (isNewer(value)) throw damaged(recording, MANIFEST_FILE, { reason: 'reason.recording.newer' });
  const { path, params } = fieldReason(result.error, value);
  throw damaged(recording, path === '' ? MANIFEST_FILE : `${MANIFEST_FILE}: ${path}`, params);
}

export const writeRecordingManifest = (folder: string, manifest: RecordingManifest): Promise<void> =>
  writeFileAtomic(join(folder, MANIFEST_FILE), `${JSON.stringify(recordingManifestSchema.parse(manifest), null, 2)}\n`);

/** take.json, or null where there is none. @throws UnrollError recording.damaged */
export async function readTake(folder: string): Promise<TakeDescription | null> {
  const recording = basename(folder);
  const value = await readJson(join(folder, TAKE_FILE), recording);
  if (value === null) return null;
  const result = takeSchema.safeParse(value);
  if (result.success && result.data.id === recording) return result.data;
  throw damaged(recording, TAKE_FILE, { reason: 'reason.recording.take' });
}

export const writeTake = (folder: string, take: TakeDescription): Promise<void> =>
  writeFileAtomic(join(folder, TAKE_FILE), `${JSON.stringify(takeSchema.parse(take), null, 2)}\n`);

/** Whole samples in a sound file of ours, told by its size; 0 where it is not there. */
export async function samplesIn(path: string): Promise<number> {
  const size = await sizeOf(path);
  return Math.max(0, Math.floor((size - WAV_HEADER_BYTES) / BYTES_PER_SAMPLE));
}

/** Bytes of a file; 0 where it is not there. */
export async function sizeOf(path: string): Promise<number> {
  try {
    return (await fs.stat(path)).size;
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
}

/** Samples [first, first + count) of a sound file of ours; fewer at its end. @throws UnrollError recording.missing */
export async function readSamples(path: string, first: number, count: number): Promise<Int16Array> {
  const bytes = Buffer.alloc(count * BYTES_PER_SAMPLE);
  let handle: fs.FileHandle;
  try {
    handle = await fs.open(path, 'r');
  } catch (error) {
    throw isMissing(error) ? new UnrollError('recording.missing', {}, { cause: error }) : error;
  }
  try {
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await handle.read(
        bytes,
        filled,
        bytes.length - filled,
        WAV_HEADER_BYTES + first * BYTES_PER_SAMPLE + filled,
      );
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return samplesOf(bytes.subarray(0, filled - (filled % BYTES_PER_SAMPLE)));
  } finally {
    await handle.close();
  }
}

/** Little-endian bytes to samples of their own. */
function samplesOf(bytes: Buffer): Int16Array {
  const samples = new Int16Array(bytes.length / BYTES_PER_SAMPLE);
  for (let index = 0; index < samples.length; index++) samples[index] = bytes.readInt16LE(index * BYTES_PER_SAMPLE);
  return samples;
}

export const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');

/** @param place the file, or the field in it */
export const damaged = (recording: string, place: string, params: FieldReason['params']): UnrollError =>
  new UnrollError('recording.damaged', { ...params, recording, place });

const isNewer = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  'version' in value &&
  typeof value.version === 'number' &&
  value.version > MANIFEST_VERSION;

/** A manifest as this version has it: the first had neither tags nor favourites. Anything else stays as it is. */
function migrated(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('version' in value) || value.version !== 1) return value;
  return { ...value, version: MANIFEST_VERSION, tags: [], isFavourite: false };
}

/** Null where the file is not there. @throws UnrollError recording.damaged where it is no JSON. */
async function readJson(path: string, recording: string): Promise<unknown> {
  if ((await sizeOf(path)) > MAX_MANIFEST_BYTES)
    throw damaged(recording, basename(path), { reason: 'reason.recording.tooLarge' });
  let text: string;
  try {
    text = await fs.readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
  try {
    const value: unknown = JSON.parse(text);
    if (value !== null) return value;
  } catch {
    // said below, as for a file that holds null
  }
  throw damaged(recording, basename(path), { reason: 'reason.file.json' });
}
