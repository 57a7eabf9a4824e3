// Takes that an engine's death cut short: put together from what is on disk, and heard again for their text.
import { UnrollError } from '../../app/errors';
import type { TakeDescription } from '../library/recordingFiles';
import type { Recordings } from '../library/recordings';
import { transcribe } from './hearing';
import type { OpenModel } from './openModel';

export interface RecoveryOptions {
  readonly recordings: Recordings;
  /** @throws UnrollError model.missing, model.invalid */
  readonly openModel: (modelId: string) => Promise<OpenModel>;
  /** The process that started the engine. */
  readonly owner: number;
  /** For a window of the same owner to go on with its take before it is put together. */
  readonly graceMs: number;
  /** The list has changed; with the recordings that nobody has been told of as recovered. */
  readonly onChanged: (recoveredIds: string[]) => void;
  readonly log: (line: string) => void;
}

export class Recovery {
  readonly #options: RecoveryOptions;
  #untold: string[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(options: RecoveryOptions) {
    this.#options = options;
  }

  /**
   * Puts together what no window can go on with; the rest follows after the grace.
   * @returns the work that goes on afterwards: it ends when every recovered recording has its text
   */
  async begin(): Promise<{ readonly rest: Promise<void> }> {
    const { recordings, owner, graceMs } = this.#options;
    const left = recordings.interrupted.filter((take) => take.owner !== owner);
    const held = recordings.interrupted.filter((take) => take.owner === owner);
    const recovered = await this.#putTogether(left);
    const later = async (): Promise<void> => {
      if (held.length === 0) return;
      await new Promise((resolve) => (this.#timer = setTimeout(resolve, graceMs)));
      const returned = await this.#putTogether(held);
      this.tell();
      await this.#hearAll(returned);
    };
    return { rest: Promise.all([this.#hearAll(recovered), later()]).then(() => undefined) };
  }

  /** Says which recordings were recovered, once. */
  tell(): void {
    const ids = this.#untold.splice(0);
    if (ids.length > 0) this.#options.onChanged(ids);
  }

  /** Leaves what still waits to the next start. */
  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  async #putTogether(takes: readonly TakeDescription[]): Promise<TakeDescription[]> {
    const recovered: TakeDescription[] = [];
    for (const take of takes) {
      if ((await this.#options.recordings.recover(take.id)) === null) continue;
      recovered.push(take);
      this.#untold.push(take.id);
    }
    return recovered;
  }

  async #hearAll(takes: readonly TakeDescription[]): Promise<void> {
    for (const take of takes) {
      try {
        await this.#hear(take);
      } catch (error) {
        // The recording is whole without its text: its model may be gone, or its window has come back for it.
        if (!(error instanceof UnrollError)) throw error;
        this.#options.log(`${take.id} was recovered without its text: ${error.message}`);
      }
    }
  }

  async #hear({ id, modelId }: TakeDescription): Promise<void> {
    const { recordings, openModel, onChanged } = this.#options;
    const { totalSamples } = await recordings.audio(id, 0, 0);
    const sound = {
      samples: totalSamples,
      read: async (first: number, count: number) => (await recordings.audio(id, first, count)).pcm,
    };
    const model = await openModel(modelId);
    const utterances = await transcribe(model, sound, { decoder: model.decoderFor() });
    await recordings.setTranscript(id, { modelId, utterances });
    onChanged([]);
  }
}
