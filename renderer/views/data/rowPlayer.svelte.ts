// One row is heard at a time; what was heard last is at hand without asking again.
import type { Bridge } from '../../bridge/bridge';
import { playPcm, type PlayingSound } from '../../capture/pcmPlayer';

export class RowPlayer {
  /** The row that plays, or null. */
  rowId = $state<number | null>(null);
  readonly #bridge: Bridge;
  readonly #setId: string;
  #playing: PlayingSound | null = null;
  #kept: { readonly rowId: number; readonly pcm: Int16Array } | null = null;

  constructor(bridge: Bridge, setId: string) {
    this.#bridge = bridge;
    this.#setId = setId;
  }

  /** Plays a row, or silences it where it plays. Rejects where its sound cannot be read. */
  async toggle(rowId: number): Promise<void> {
    const wasPlaying = this.rowId === rowId;
    this.stop();
    if (wasPlaying) return;
    this.rowId = rowId;
    try {
      const pcm = await this.#soundOf(rowId);
      if (!this.#isWanted(rowId)) return;
      this.#playing = playPcm(pcm, () => this.#ended(rowId));
    } catch (error) {
      this.#ended(rowId);
      throw error;
    }
  }

  stop(): void {
    const playing = this.#playing;
    this.#playing = null;
    this.rowId = null;
    playing?.stop();
  }

  /** A function, so that the compiler expects another row to have been asked for meanwhile. */
  #isWanted(rowId: number): boolean {
    return this.rowId === rowId;
  }

  #ended(rowId: number): void {
    if (!this.#isWanted(rowId)) return;
    this.#playing = null;
    this.rowId = null;
  }

  async #soundOf(rowId: number): Promise<Int16Array> {
    if (this.#kept?.rowId === rowId) return this.#kept.pcm;
    const { pcm } = await this.#bridge.request('data.audio', { setId: this.#setId, rowId });
    this.#kept = { rowId, pcm };
    return pcm;
  }
}
