// What a data set shows of each sound without reading it again: length, level, where the voice is, and a picture of it.
//
// Kept in one file of the set under the SHA-256 of the content. Size and time of a file tell whether it is the one that was
// measured; where they differ it is read, and decoded only if its content is new. The file can be deleted: it is made anew.
import { createHash } from 'node:crypto';
import { promises as fs } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { MAX_FILE_BYTES, RECORDING_SAMPLE_RATE_HZ } from '../../app/contract/messages';
import { count } from '../../app/contract/schema';
import { UnrollError } from '../../app/errors';
import { writeFileAtomic } from '../library/atomicFile';
import { isMissing } from '../library/recordingFiles';
import { peaksOf } from '../library/samples';
import { decodeAudio } from './audioFile';
import { readNamedFile } from './namedFile';
import { findVoice } from './voice';

export const SOUNDS_FILE = 'sounds.json';
export const PEAKS = 96;
const PEAK_STEPS = 255;
/** As many samples in a row at an end of the range are no chance. */
const CLIPPED_RUN = 3;

export interface SoundFacts {
  readonly seconds: number;
  /** Of the loudest sample, 0 to 32768. */
  readonly peak: number;
  /** Samples at an end of the range that come in rows. */
  readonly clipped: number;
  /** Seconds outside the voice; all of it where nobody speaks. */
  readonly silence: number;
  /** Loudest value of each of 96 equal stretches, 0 to 1, in steps of 1/255; fewer of a sound shorter than that. */
  readonly peaks: Float32Array;
}

/** @param pcm 16 kHz mono */
export function measureSound(pcm: Int16Array): SoundFacts {
  const voice = findVoice(pcm);
  const seconds = pcm.length / RECORDING_SAMPLE_RATE_HZ;
  const spoken = voice === null ? 0 : (voice.to - voice.from) / RECORDING_SAMPLE_RATE_HZ;
  return {
    seconds,
    peak: pcm.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0),
    clipped: clippedSamples(pcm),
    silence: seconds - spoken,
    peaks: peaksOf(pcm, PEAKS).map((peak) => Math.round(Math.min(1, peak) * PEAK_STEPS) / PEAK_STEPS),
  };
}

export function clippedSamples(pcm: Int16Array): number {
  let [clipped, run] = [0, 0];
  for (const sample of pcm) {
    run = sample >= 32_767 || sample <= -32_768 ? run + 1 : 0;
    if (run === CLIPPED_RUN) clipped += run;
    else if (run > CLIPPED_RUN) clipped += 1;
  }
  return clipped;
}

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const keptSchema = z.strictObject({
  format: z.literal('unroll-sounds'),
  version: z.literal(1),
  /** By path: size, time of change in ms, content. */
  files: z.record(z.string(), z.tuple([count, z.number(), digest])),
  /** By content: seconds, peak, clipped samples, seconds of silence, peaks in steps, base64. */
  sounds: z.record(digest, z.tuple([z.number().min(0), count, count, z.number().min(0), z.string()])),
});
type Kept = z.infer<typeof keptSchema>;

export class SoundFactsCache {
  readonly #folder: string;
  readonly #files: Map<string, Kept['files'][string]>;
  readonly #sounds: Map<string, SoundFacts>;
  #isChanged = false;

  private constructor(folder: string, kept: Pick<Kept, 'files' | 'sounds'>) {
    this.#folder = folder;
    this.#files = new Map(Object.entries(kept.files));
    this.#sounds = new Map(Object.entries(kept.sounds).map(([content, sound]) => [content, unpacked(sound)]));
  }

  /** @param folder the data set's */
  static async open(folder: string): Promise<SoundFactsCache> {
    return new SoundFactsCache(folder, (await readKept(join(folder, SOUNDS_FILE))) ?? { files: {}, sounds: {} });
  }

  /**
   * @param path absolute or relative to the data set
   * @throws UnrollError file.missing, file.unreadable, file.tooLarge, audio.unreadable, audio.empty
   */
  async of(path: string): Promise<SoundFacts> {
    const absolute = resolve(this.#folder, path);
    const stats = await fs.stat(absolute).catch((error: unknown) => {
      throw new UnrollError(isMissing(error) ? 'file.missing' : 'file.unreadable', { file: path }, { cause: error });
    });
    const [size, changedAt, content] = this.#files.get(path) ?? [];
    const known = content === undefined ? undefined : this.#sounds.get(content);
    if (known !== undefined && size === stats.size && changedAt === stats.mtimeMs) return known;
    const bytes = await readNamedFile(absolute, MAX_FILE_BYTES);
    return this.#keep(path, stats, bytes, () => decodeAudio(bytes, path));
  }

  /** Keeps what is known of a sound that was read anyway. @param path of a file that is there, as for `of` */
  async remember(path: string, bytes: Uint8Array, pcm: Int16Array): Promise<void> {
    await this.#keep(path, await fs.stat(resolve(this.#folder, path)), bytes, () => pcm);
  }

  /** Writes what has become known; whatever is no path of `inUse` is forgotten. */
  async save(inUse: readonly string[]): Promise<void> {
    if (!this.#isChanged) return;
    this.#isChanged = false;
    const files = inUse.flatMap((path) => {
      const file = this.#files.get(path);
      return file === undefined ? [] : [[path, file] as const];
    });
    const contents = new Set(files.map(([, [, , content]]) => content));
    const sounds = [...this.#sounds].filter(([content]) => contents.has(content));
    const kept: Kept = {
      format: 'unroll-sounds',
      version: 1,
      files: Object.fromEntries(files),
      sounds: Object.fromEntries(sounds.map(([content, sound]) => [content, packed(sound)])),
    };
    await writeFileAtomic(join(this.#folder, SOUNDS_FILE), JSON.stringify(kept));
  }

  async #keep(
    path: string,
    { size, mtimeMs }: { readonly size: number; readonly mtimeMs: number },
    bytes: Uint8Array,
    soundOf: () => Int16Array | Promise<Int16Array>,
  ): Promise<SoundFacts> {
    const content = createHash('sha256').update(bytes).digest('hex');
    const facts = this.#sounds.get(content) ?? measureSound(await soundOf());
    this.#sounds.set(content, facts);
    this.#files.set(path, [size, mtimeMs, content]);
    this.#isChanged = true;
    return facts;
  }
}

const packed = ({ seconds, peak, clipped, silence, peaks }: SoundFacts): Kept['sounds'][string] => [
  seconds,
  peak,
  clipped,
  silence,
  Buffer.from(peaks.map((value) => Math.round(value * PEAK_STEPS))).toString('base64'),
];

const unpacked = ([seconds, peak, clipped, silence, peaks]: Kept['sounds'][string]): SoundFacts => ({
  seconds,
  peak,
  clipped,
  silence,
  peaks: Float32Array.from(Buffer.from(peaks, 'base64').subarray(0, PEAKS), (step) => step / PEAK_STEPS),
});

/** Null where there is none that can be used. */
async function readKept(file: string): Promise<Kept | null> {
  try {
    return keptSchema.safeParse(JSON.parse(await fs.readFile(file, 'utf8'))).data ?? null;
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError) return null;
    throw error;
  }
}
