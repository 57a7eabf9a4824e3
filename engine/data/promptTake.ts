// One prompt, spoken once: on disk as it comes, until it becomes a row of its data set or is thrown away.
import { promises as fs } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { WAV_HEADER_BYTES } from '../../app/audio/wav';
import { MAX_TAKE_SECONDS, type TakeCheck } from '../../app/contract/dataSets';
import { RECORDING_SAMPLE_RATE_HZ } from '../../app/contract/messages';
import { identifier, instant } from '../../app/contract/schema';
import { UnrollError } from '../../app/errors';
import { writeFileAtomic } from '../library/atomicFile';
import { BYTES_PER_SAMPLE, isMissing, readSamples, samplesIn } from '../library/recordingFiles';
import { peaksOf } from '../library/samples';
import { isDiskFull, littleEndian, openSoundFile, type OpenSoundFile, type SoundFile } from '../library/take';
import { clippedSamples } from './soundFacts';
import { findVoice } from './voice';

export const TAKE_FILE = 'take.json';
export const SOUND_FILE = 'sound.pcm.wav';
const MAX_SAMPLES = MAX_TAKE_SECONDS * RECORDING_SAMPLE_RATE_HZ;
const PEAKS = 400;
const FULL_SCALE = 32_768;
/** A voice whose loudest sample lies below it is hard to tell from the room. */
const TOO_QUIET_DB = -30;

export const promptTakeSchema = z.strictObject({
  format: z.literal('unroll-prompt-take'),
  version: z.literal(1),
  id: identifier,
  setId: identifier,
  prompt: z.string(),
  speaker: z.string(),
  device: z.string(),
  createdAt: instant,
});
export type TakeDescription = z.infer<typeof promptTakeSchema>;

export class PromptTake {
  readonly description: TakeDescription;
  readonly folder: string;
  readonly #file: SoundFile;
  #samples = 0;
  #isFinished = false;

  private constructor(folder: string, description: TakeDescription, file: SoundFile) {
    this.folder = folder;
    this.description = description;
    this.#file = file;
  }

  /** @throws UnrollError disk.full */
  static async create(
    folder: string,
    description: TakeDescription,
    openFile: OpenSoundFile = openSoundFile,
  ): Promise<PromptTake> {
    return sayDiskFull(0, async () => {
      await fs.mkdir(folder, { recursive: true, mode: 0o700 });
      await writeFileAtomic(
        join(folder, TAKE_FILE),
        `${JSON.stringify(promptTakeSchema.parse(description), null, 2)}\n`,
      );
      return new PromptTake(folder, description, await openFile(join(folder, SOUND_FILE), 'new'));
    });
  }

  get isFinished(): boolean {
    return this.#isFinished;
  }
  get samplesOnDisk(): number {
    return this.#samples;
  }

  /** What is there already is ignored; so is what comes after the longest take. @throws UnrollError message.refused for a gap, disk.full */
  async add(firstSample: number, pcm: Int16Array): Promise<void> {
    if (firstSample > this.#samples) {
      const reason = `Sample ${firstSample} does not follow ${this.#samples}.`;
      throw new UnrollError('message.refused', { method: 'data.takeChunk', reason });
    }
    const fresh = pcm
      .subarray(Math.min(pcm.length, this.#samples - firstSample))
      .subarray(0, MAX_SAMPLES - this.#samples);
    await sayDiskFull(this.#samples, () =>
      this.#file.write(littleEndian(fresh), WAV_HEADER_BYTES + this.#samples * BYTES_PER_SAMPLE),
    );
    this.#samples += fresh.length;
  }

  /** Nothing comes any more; its sound is safe on disk. */
  async finish(): Promise<void> {
    if (this.#isFinished) return;
    this.#isFinished = true;
    await sayDiskFull(this.#samples, () => this.#file.sync());
    await this.#file.close();
  }

  sound(): Promise<Int16Array> {
    return readSamples(join(this.folder, SOUND_FILE), 0, this.#samples);
  }

  async remove(): Promise<void> {
    if (!this.#isFinished) await this.#file.close();
    this.#isFinished = true;
    await fs.rm(this.folder, { recursive: true, force: true });
  }
}

/** What is left of a take whose engine died; null where its folder does not tell what was recorded. */
export async function readLeftTake(
  folder: string,
): Promise<{ description: TakeDescription; sound: Int16Array } | null> {
  const text = await fs.readFile(join(folder, TAKE_FILE), 'utf8').catch((error: unknown) => {
    if (isMissing(error)) return '';
    throw error;
  });
  const description = promptTakeSchema.safeParse(jsonOf(text)).data;
  if (description === undefined || description.id !== basename(folder)) return null;
  const path = join(folder, SOUND_FILE);
  const samples = Math.min(MAX_SAMPLES, await samplesIn(path));
  return { description, sound: samples === 0 ? new Int16Array(0) : await readSamples(path, 0, samples) };
}

/** Everything but what is heard. */
export function checkTake(takeId: string, pcm: Int16Array): Omit<TakeCheck, 'heard'> {
  const voice = findVoice(pcm);
  const peak = pcm.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  const peakDb = peak === 0 ? null : Math.min(0, 20 * Math.log10(peak / FULL_SCALE));
  const msOf = (samples: number): number => (samples * 1000) / RECORDING_SAMPLE_RATE_HZ;
  return {
    takeId,
    durationMs: msOf(pcm.length),
    fromMs: msOf(voice?.from ?? 0),
    toMs: msOf(voice?.to ?? pcm.length),
    peakDb,
    isClipped: clippedSamples(pcm) > 0,
    isTooQuiet: peakDb === null || peakDb < TOO_QUIET_DB,
    hasVoice: voice !== null,
    signalToNoiseDb: voice?.signalToNoiseDb ?? null,
    peaks: peaksOf(pcm, PEAKS),
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // the schema refuses it
  }
}

async function sayDiskFull<R>(samples: number, run: () => Promise<R>): Promise<R> {
  try {
    return await run();
  } catch (error) {
    if (!isDiskFull(error)) throw error;
    throw new UnrollError('disk.full', { seconds: Math.floor(samples / RECORDING_SAMPLE_RATE_HZ) }, { cause: error });
  }
}
