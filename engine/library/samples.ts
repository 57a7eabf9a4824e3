// The sample recordings that come with the product.
import { promises as fs } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { toInt16, toMono } from '../../app/audio/samples';
import { readWav } from '../../app/audio/wav';
import { resample } from '../../app/audio/resample';
import { RECORDING_SAMPLE_RATE_HZ, type ReplyOf } from '../../app/contract/messages';
import { identifier } from '../../app/contract/schema';
import { UnrollError } from '../../app/errors';
import { isMissing } from './recordingFiles';

const PEAKS = 400;
const FULL_SCALE = 32_768;

const sampleListSchema = z.array(
  z.object({ id: identifier, title: z.strictObject({ en: z.string(), zh: z.string() }), file: z.string() }),
);
type Sample = z.infer<typeof sampleListSchema>[number];

export class Samples {
  readonly #folder: string;
  #listed: Promise<ReplyOf<'samples.list'>> | null = null;

  /** @param folder holds samples.json and the WAV files that it names; a folder that is not there holds none */
  constructor(folder: string) {
    this.#folder = folder;
  }

  list(): Promise<ReplyOf<'samples.list'>> {
    this.#listed ??= this.#describeAll();
    return this.#listed;
  }

  /** 16 kHz mono. @throws UnrollError recording.missing */
  async audio(sampleId: string): Promise<Int16Array> {
    const sample = (await this.#samples()).find(({ id }) => id === sampleId);
    if (sample === undefined) throw new UnrollError('recording.missing', { recording: sampleId });
    return this.#sound(sample);
  }

  async #describeAll(): Promise<ReplyOf<'samples.list'>> {
    const samples = await Promise.all(
      (await this.#samples()).map(async (sample) => {
        const pcm = await this.#sound(sample);
        const durationMs = (pcm.length * 1000) / RECORDING_SAMPLE_RATE_HZ;
        return { id: sample.id, title: sample.title, durationMs, peaks: peaksOf(pcm, PEAKS) };
      }),
    );
    return { samples };
  }

  async #samples(): Promise<Sample[]> {
    let text: string;
    try {
      text = await fs.readFile(join(this.#folder, 'samples.json'), 'utf8');
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
    return sampleListSchema.parse(JSON.parse(text));
  }

  async #sound({ file }: Sample): Promise<Int16Array> {
    const name = basename(file);
    const { channels, sampleRateHz } = readWav(await fs.readFile(join(this.#folder, name)), name);
    return toInt16(resample(toMono(channels), sampleRateHz, RECORDING_SAMPLE_RATE_HZ));
  }
}

/** Loudest sample of each of `count` equal parts, 0 to 1. */
export function peaksOf(pcm: Int16Array, count: number): Float32Array {
  const peaks = new Float32Array(Math.min(count, pcm.length));
  pcm.forEach((value, index) => {
    const part = Math.floor((index * peaks.length) / pcm.length);
    peaks[part] = Math.max(peaks[part] as number, Math.abs(value) / FULL_SCALE);
  });
  return peaks;
}
