// A recording's sound in the window: peaks for the figure, pieces for the player. The samples themselves are not kept.
import { RECORDING_SAMPLE_RATE_HZ } from '../../../app/contract/messages';
import type { Bridge } from '../../bridge/bridge';
import { Peaks } from '../../charts/peaks';

const PIECE_SAMPLES = RECORDING_SAMPLE_RATE_HZ * 30;
export class RecordingSound {
  readonly recordingId: string;
  totalSamples = $state(0);
  /** How much of the peaks is there, 0 to 1; changes whenever there are more. */
  fraction = $state(0);
  readonly peaks = new Peaks();
  readonly #bridge: Bridge;
  #isClosed = false;

  constructor(bridge: Bridge, recordingId: string) {
    this.#bridge = bridge;
    this.recordingId = recordingId;
  }

  readonly durationMs = $derived((this.totalSamples / RECORDING_SAMPLE_RATE_HZ) * 1000);

  /** Samples from `firstSample` on; empty past the end. */
  async piece(firstSample: number, samples = PIECE_SAMPLES): Promise<Int16Array> {
    const body = { recordingId: this.recordingId, firstSample, samples };
    const { pcm, totalSamples } = await this.#bridge.request('recordings.audio', body);
    this.totalSamples = totalSamples;
    return pcm;
  }

  /** Reads all of the sound once and keeps its peaks; stops when closed. */
  async load(): Promise<void> {
    let first = 0;
    this.peaks.clear();
    do {
      const pcm = await this.piece(first);
      if (this.#isClosed) return;
      this.peaks.append(pcm);
      first += pcm.length;
      this.fraction = this.totalSamples === 0 ? 1 : first / this.totalSamples;
      if (pcm.length === 0) return;
    } while (first < this.totalSamples);
  }

  close(): void {
    this.#isClosed = true;
  }
}
