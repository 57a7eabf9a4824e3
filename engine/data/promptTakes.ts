// Takes of prompts on their way into data sets. What an engine that died left of them is neither lost nor learned from unseen:
// it becomes a row that is left out until the person has heard it.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { writeWav } from '../../app/audio/wav';
import type { DataRow, TakeCheck } from '../../app/contract/dataSets';
import { RECORDING_SAMPLE_RATE_HZ, type ReplyOf, type RequestOf } from '../../app/contract/messages';
import { UnrollError } from '../../app/errors';
import { writeFileAtomic } from '../library/atomicFile';
import { newId } from '../library/recordingFiles';
import { Turns } from '../library/turns';
import { wordsFileName } from './dataFolder';
import type { DataSets } from './dataSets';
import { checkTake, PromptTake, readLeftTake, type TakeDescription } from './promptTake';
import { findVoice } from './voice';

const MAX_TAKES = 16;

export interface PromptTakesOptions {
  /** Folder of takes that are under way. */
  readonly folder: string;
  readonly sets: DataSets;
  /** What the present model hears; null where it knows none of the prompt's words. */
  readonly hear: (pcm: Int16Array, prompt: string) => Promise<string | null>;
  readonly now?: () => Date;
}

export class PromptTakes {
  readonly #options: PromptTakesOptions;
  readonly #takes = new Map<string, PromptTake>();
  readonly #turns = new Turns();

  private constructor(options: PromptTakesOptions) {
    this.#options = options;
  }

  /** Puts away what an engine that died left. */
  static async open(options: PromptTakesOptions): Promise<PromptTakes> {
    await fs.mkdir(options.folder, { recursive: true, mode: 0o700 });
    for (const name of await fs.readdir(options.folder)) await recover(join(options.folder, name), options.sets);
    return new PromptTakes(options);
  }

  /** @throws UnrollError dataset.missing, message.refused, disk.full */
  async start({ setId, prompt, speaker, device }: RequestOf<'data.takeStart'>): Promise<ReplyOf<'data.takeStart'>> {
    if (this.#takes.size >= MAX_TAKES) {
      const reason = `${MAX_TAKES} takes are waiting to be kept or discarded.`;
      throw new UnrollError('message.refused', { method: 'data.takeStart', reason });
    }
    await this.#options.sets.rows(setId, 0, 0);
    const id = newId();
    const createdAt = (this.#options.now?.() ?? new Date()).toISOString();
    const description = {
      format: 'unroll-prompt-take',
      version: 1,
      id,
      setId,
      prompt,
      speaker,
      device,
      createdAt,
    } as const;
    this.#takes.set(id, await PromptTake.create(join(this.#options.folder, id), description));
    return { takeId: id };
  }

  /** @throws UnrollError stream.unknown, message.refused, disk.full */
  chunk({ takeId, firstSample, pcm }: RequestOf<'data.takeChunk'>): Promise<ReplyOf<'data.takeChunk'>> {
    return this.#turns.take(takeId, async () => {
      const take = this.#take(takeId);
      if (take.isFinished) throw new UnrollError('stream.unknown');
      await take.add(firstSample, pcm);
      return { samplesOnDisk: take.samplesOnDisk };
    });
  }

  /** @throws UnrollError stream.unknown, disk.full */
  finish(takeId: string): Promise<TakeCheck> {
    return this.#turns.take(takeId, async () => {
      const take = this.#take(takeId);
      await take.finish();
      const pcm = await take.sound();
      return { ...checkTake(takeId, pcm), heard: await this.#options.hear(pcm, take.description.prompt) };
    });
  }

  /** Cuts it to [fromMs, toMs) and makes a row of it. @throws UnrollError stream.unknown, message.refused, dataset.missing */
  keep({ takeId, fromMs, toMs }: RequestOf<'data.takeKeep'>): Promise<DataRow> {
    return this.#turns.take(takeId, async () => {
      const take = this.#take(takeId);
      await take.finish();
      const [from, to] = [fromMs, toMs].map((ms) => Math.round((ms * RECORDING_SAMPLE_RATE_HZ) / 1000));
      const kept = (await take.sound()).subarray(from, to);
      if (kept.length === 0)
        throw new UnrollError('message.refused', { method: 'data.takeKeep', reason: 'Nothing is left of the take.' });
      const row = await putTake(this.#options.sets, take.description, kept, false);
      await this.#drop(takeId, take);
      return row;
    });
  }

  /** A take that is over already stays so. */
  discard(takeId: string): Promise<void> {
    return this.#turns.take(takeId, async () => {
      const take = this.#takes.get(takeId);
      if (take !== undefined) await this.#drop(takeId, take);
    });
  }

  /** Whoever recorded it is gone: it is put away as after the death of an engine. One that is over already stays so. */
  leave(takeId: string): Promise<void> {
    return this.#turns.take(takeId, async () => {
      const take = this.#takes.get(takeId);
      if (take === undefined) return;
      await take.finish();
      this.#takes.delete(takeId);
      await recover(join(this.#options.folder, takeId), this.#options.sets);
    });
  }

  /** Lets go of the files; the next start puts the takes away. */
  async close(): Promise<void> {
    await Promise.all([...this.#takes].map(([id, take]) => this.#turns.take(id, () => take.finish())));
  }

  async #drop(takeId: string, take: PromptTake): Promise<void> {
    this.#takes.delete(takeId);
    await take.remove();
  }
  #take(takeId: string): PromptTake {
    const take = this.#takes.get(takeId);
    if (take === undefined) throw new UnrollError('stream.unknown');
    return take;
  }
}

const clipOf = ({ id, prompt }: TakeDescription): string => `${wordsFileName(prompt)}-${id}.wav`;

function putTake(sets: DataSets, take: TakeDescription, pcm: Int16Array, isLeftOut: boolean): Promise<DataRow> {
  const { setId, prompt, speaker, device } = take;
  const row = { transcript: prompt, speaker, corpus: null, device, isLeftOut };
  return sets.put(setId, clipOf(take), row, (path) => writeFileAtomic(path, writeWav(pcm, RECORDING_SAMPLE_RATE_HZ)));
}

/** A take without a voice is removed; one whose set is in the trash waits until that comes back or is gone for good. */
async function recover(folder: string, sets: DataSets): Promise<void> {
  const left = await readLeftTake(folder);
  const voice = left === null ? null : findVoice(left.sound);
  if (left !== null && voice !== null && (await sets.has(left.description.setId))) {
    try {
      const isKept = await sets.hasClip(left.description.setId, clipOf(left.description));
      if (!isKept) await putTake(sets, left.description, left.sound.subarray(voice.from, voice.to), true);
    } catch (error) {
      if (error instanceof UnrollError) return;
      throw error;
    }
  }
  await fs.rm(folder, { recursive: true, force: true });
}
